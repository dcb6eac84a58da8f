/** The contract of actions that speak to no vendor: files, rows, mail. The cases of vendors where they make sense, in the words of what the action reaches. */
import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';
import { TransientError, UserError, isHubError } from '@hub/kit/errors';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import type { Outbound } from '@hub/kit/http';
import { Ajv2020 } from 'ajv/dist/2020.js';

import type { FileStore, LiveCredential } from '../../../ports.ts';
import { checkDraftParams, parseParams } from '../../params.ts';
import { actionFor } from '../../registry.ts';
import { memoryFiles } from '../context.ts';
import type { MemoryFiles } from '../context.ts';
import type { ContractCase } from './suite.ts';

/** What goes wrong at the place that the action reaches. */
export type OwnFault = 'missing' | 'limit' | 'unauthorized' | 'forbidden' | 'failure' | 'truncated' | 'hang';

export interface OwnWorld {
  files: MemoryFiles;
  http: Outbound;
  credential: LiveCredential | null;
  /** Met by the next call. */
  fault: OwnFault | null;
  /** Faults that the file store has itself; the others are its place's. */
  ofStore: readonly OwnFault[];
  close(): Promise<void>;
}

export interface OwnAction {
  params: (world: OwnWorld) => Json;
  check: (output: Json, world: OwnWorld) => void;
  /** What a fault of its place is to the step; `hang`: it ends with the step. Those left out cannot happen to it. */
  faults: Partial<Record<Exclude<OwnFault, 'hang'>, { code: string; kind: 'user' | 'transient'; didNothing?: boolean }>> & { hang?: true };
  /** A call over more pieces than are held at once, and how many rows it must give. */
  pieces?: { params: (world: OwnWorld) => Json; rows: number; rowsOf: (output: Json, world: OwnWorld) => number };
}

export interface OwnKit {
  connector: string;
  world: () => Promise<OwnWorld>;
  actions: Readonly<Record<string, OwnAction>>;
}

/** A world of files only; a fault is that of the store. */
export async function fileWorld(): Promise<OwnWorld> {
  const files = memoryFiles();
  const http = createOutbound({ allow: parseAllowList('') });
  return { files, http, credential: null, fault: null, ofStore: ['missing', 'failure', 'truncated'], close: () => http.close() };
}

/** The store of a world, with the fault that it is to meet. */
function storeOf(world: OwnWorld): FileStore {
  const broken = new TransientError('database.unavailable', 'The database does not answer.');
  const has = (fault: OwnFault): boolean => world.fault === fault && world.ofStore.includes(fault);
  return {
    async open(team, id) {
      if (has('missing')) throw new UserError('file.not-found', 'There is no such file.', { status: 404 });
      if (has('failure')) throw broken;
      const opened = await world.files.open(team, id);
      if (!has('truncated')) return opened;
      return {
        ...opened,
        async *stream() {
          for await (const piece of opened.stream()) {
            yield piece.subarray(0, Math.ceil(piece.length / 2));
            throw broken;
          }
        },
      };
    },
    async create(team, meta, content) {
      if (has('failure')) throw broken;
      return world.files.create(team, meta, content);
    },
  };
}

const never = new AbortController().signal;

async function call(kit: OwnKit, action: string, world: OwnWorld, params: Json, signal: AbortSignal = never): Promise<Json> {
  const { spec, run } = actionFor(kit.connector, action);
  const quiet = (): void => undefined;
  const around = { files: storeOf(world), http: world.http, credential: world.credential, signal, log: quiet, warn: quiet };
  return (await run({ ...around, params: parseParams(spec, params), idempotencyKey: 'team/run/step/0/0', team: 'team', run: 'run' })).output;
}

const failed = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );

type Made = (kit: OwnKit, action: string, one: OwnAction, world: OwnWorld) => Promise<void>;

/** Names of faults as the contract of vendors has them. */
const faultNames: Record<Exclude<OwnFault, 'hang'>, string> = {
  missing: 'what is not there is said',
  limit: '429 with Retry-After asks to wait',
  unauthorized: '401 without renewal says to connect again',
  forbidden: '403 says that a scope is missing',
  failure: '5xx is for another try',
  truncated: 'a truncated answer is for another try',
};

const fits: Made = async (kit, action, one, world) => {
  const { spec } = actionFor(kit.connector, action);
  assert.deepEqual(checkDraftParams(spec, spec.example.params), []);
  const output = await call(kit, action, world, one.params(world));
  const check = new Ajv2020({ strict: false }).compile(spec.output.schema);
  assert.ok(check(output), JSON.stringify(check.errors));
  one.check(output, world);
};

const refusesParams: Made = async (kit, action, one, world) => {
  const { spec } = actionFor(kit.connector, action);
  const params = one.params(world) as Record<string, Json>;
  const faults = checkDraftParams(spec, { ...params, no_such_param: 1 });
  assert.ok(faults.length > 0 && JSON.stringify(faults).includes('no_such_param'), JSON.stringify(faults));
  const error = await failed(call(kit, action, world, { ...params, no_such_param: 1 }));
  assert.ok(isHubError(error) && error.code === 'step.invalid-params' && error.kind === 'user', String(error));
};

const meets =
  (fault: Exclude<OwnFault, 'hang'>): Made =>
  async (kit, action, one, world) => {
    const wanted = one.faults[fault];
    const params = one.params(world);
    world.fault = fault;
    const error = await failed(call(kit, action, world, params));
    assert.ok(isHubError(error), `wanted an error of ours, got ${String(error)}`);
    assert.deepEqual([error.code, error.kind], [wanted?.code, wanted?.kind]);
    if (wanted?.didNothing !== undefined) assert.equal('didNothing' in error && error.didNothing, wanted.didNothing);
  };

const ends =
  (signalOf: () => AbortSignal): Made =>
  async (kit, action, one, world) => {
    const params = one.params(world);
    world.fault = 'hang';
    const signal = signalOf();
    assert.equal(await failed(call(kit, action, world, params, signal)), signal.reason);
  };
const cancelled = (): AbortSignal => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('cancelled')), 100);
  return stop.signal;
};

/** A list that is cancelled on its way is not read to its end: neither while its head is read, to tell encoding and form, nor behind it. */
const endsBetween: Made = async (kit, action, one, world) => {
  const open = world.files.open.bind(world.files);
  for (const cancelAt of [3, 30]) {
    const stop = new AbortController();
    let pieces = 0;
    world.files.open = async (team, id) => {
      const opened = await open(team, id);
      return {
        ...opened,
        async *stream() {
          for await (const piece of opened.stream()) {
            pieces += 1;
            if (pieces === cancelAt) stop.abort(new Error('cancelled'));
            yield piece;
          }
        },
      };
    };
    const error = await failed(call(kit, action, world, one.pieces?.params(world) ?? null, stop.signal));
    assert.ok(stop.signal.aborted, 'the list is too short for the case');
    assert.equal(error, stop.signal.reason);
  }
};

const reads: Made = async (kit, action, one, world) => {
  const { pieces } = one;
  assert.ok(pieces);
  assert.equal(pieces.rowsOf(await call(kit, action, world, pieces.params(world)), world), pieces.rows);
};

/** Every case of every action of the kit. */
export function ownCases(kit: OwnKit, only?: string): ContractCase[] {
  return Object.entries(kit.actions)
    .filter(([action]) => only === undefined || action === only)
    .flatMap(([action, one]) => {
      const { hang, ...faults } = one.faults;
      const all: [string, Made][] = [
        ['params and output fit their schemas', fits],
        ['a param that is not known is refused, and named', refusesParams],
        ...(Object.keys(faults) as (keyof typeof faultNames)[]).map((fault): [string, Made] => [faultNames[fault], meets(fault)]),
        ...(hang === true
          ? ([
              ['a time-out ends it', ends(() => AbortSignal.timeout(150))],
              ['a cancel ends it', ends(cancelled)],
            ] as [string, Made][])
          : []),
        ...(one.pieces === undefined
          ? []
          : ([
              ['three pages and more are read to the end', reads],
              ['a cancel ends it between two pages', endsBetween],
            ] as [string, Made][])),
      ];
      return all.map(([name, made]) => ({
        action,
        name,
        async run() {
          const world = await kit.world();
          try {
            await made(kit, action, one, world);
          } finally {
            await world.close();
          }
        },
      }));
    });
}
