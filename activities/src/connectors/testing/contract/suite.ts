/** The contract every vendor's action holds: actions x cases. Run by the unit tests and, all connectors at once, by `npm run proof -- connectors`. */
import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';
import type { HubError } from '@hub/kit/errors';
import { isHubError } from '@hub/kit/errors';
import type { Outbound } from '@hub/kit/http';
import { Ajv2020 } from 'ajv/dist/2020.js';

import type { FileStore, LiveCredential } from '../../../ports.ts';
import { checkDraftParams, parseParams } from '../../params.ts';
import { actionFor } from '../../registry.ts';
import type { ActionContext } from '../../types.ts';
import { memoryFiles } from '../context.ts';
import type { LiveKit } from './live.ts';
import type { StandIn } from './stand-in.ts';

/** One world, fresh for each case. */
export interface World {
  standIn: StandIn;
  http: Outbound;
  files: FileStore;
  close(): Promise<void>;
}

export interface ActionCase {
  /** Params of a good call; may put things into the world first. */
  params: (world: World) => Json | Promise<Json>;
  /** What the good call must have given and done. */
  check?: (output: Json, world: World) => void;
  /** Params of a call over at least three pages, and how many rows it must give. */
  paging?: { params: (world: World) => Json | Promise<Json>; rows: number; rowsOf: (output: Json) => Json[] };
}

export interface ContractKit {
  connector: string;
  /** A vendor with its data, fresh. */
  world: () => Promise<World>;
  credential: LiveCredential;
  actions: Readonly<Record<string, ActionCase>>;
  /** Code of a refused scope, where the vendor's 403 does not name one. */
  scopeCodes?: readonly string[];
  /** Codes of the http step, which knows no vendor: its errors are named by their status. */
  codes?: { limit: string; unauthorized: string; failure: string };
  /** How it is tried on the real vendor: `npm run proof -- live <connector>`. */
  live?: LiveKit;
}

export interface ContractCase {
  action: string;
  name: string;
  run: () => Promise<void>;
}

interface Call {
  world: World;
  kit: ContractKit;
  action: string;
  params: Json;
  signal?: AbortSignal;
  renew?: () => Promise<LiveCredential>;
  credential?: LiveCredential;
}

/** Runs an action as a step does. */
export async function callAction({ world, kit, action, params, signal, renew, credential }: Call): Promise<{ output: Json; warnings: string[] }> {
  const { spec, run } = actionFor(kit.connector, action);
  const warnings: string[] = [];
  const context: ActionContext = {
    params: parseParams(spec, params),
    credential: credential ?? kit.credential,
    http: world.http,
    files: world.files,
    signal: signal ?? new AbortController().signal,
    idempotencyKey: 'team/run/step/0/0',
    team: 'team',
    run: 'run',
    ...(renew === undefined ? {} : { renew }),
    log: () => undefined,
    warn: (code) => void warnings.push(code),
  };
  const { output } = await run(context);
  return { output, warnings };
}

async function faultOf(call: Call): Promise<HubError> {
  const ended = await callAction(call).then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  assert.ok(isHubError(ended), `wanted an error of ours, got ${String(ended)}`);
  return ended;
}

type Made = (call: Call, one: ActionCase) => Promise<void>;

const cases: Record<string, Made> = {
  'params and output fit their schemas': async (call, one) => {
    const { spec } = actionFor(call.kit.connector, call.action);
    assert.deepEqual(checkDraftParams(spec, spec.example.params), []);
    const { output } = await callAction(call);
    const check = new Ajv2020({ strict: false }).compile(spec.output.schema);
    assert.ok(check(output), JSON.stringify(check.errors));
    one.check?.(output, call.world);
    assert.deepEqual(call.world.standIn.refusals, []);
  },
  '429 with Retry-After asks to wait': async (call) => {
    call.world.standIn.faults.push('limit');
    const fault = await faultOf(call);
    assert.equal(fault.code, call.kit.codes?.limit ?? 'connector.rate-limited');
    assert.equal('retryAfterMs' in fault ? fault.retryAfterMs : undefined, 7_000);
    assert.equal('didNothing' in fault && fault.didNothing, true);
  },
  '401 is tried once more with a renewed credential': async (call, one) => {
    call.world.standIn.tokens = new Set(['renewed-token']);
    let renewals = 0;
    const renewed = { ...call.kit.credential, values: { ...call.kit.credential.values, token: 'renewed-token' } };
    const { output } = await callAction({ ...call, renew: async () => ((renewals += 1), renewed) });
    assert.equal(renewals, 1);
    one.check?.(output, call.world);
  },
  '401 without renewal says to connect again': async (call) => {
    call.world.standIn.tokens = new Set(['another-token']);
    const fault = await faultOf(call);
    assert.deepEqual([fault.code, fault.kind], [call.kit.codes?.unauthorized ?? 'connector.unauthorized', 'user']);
  },
  '403 says that a scope is missing': async (call) => {
    call.world.standIn.faults.push('scope');
    const fault = await faultOf(call);
    assert.ok((call.kit.scopeCodes ?? ['connector.missing-scope']).includes(fault.code), fault.code);
    assert.equal(fault.kind, 'user');
  },
  '5xx is for another try': async (call) => {
    call.world.standIn.faults.push('failure');
    const fault = await faultOf(call);
    assert.deepEqual([fault.code, fault.kind], [call.kit.codes?.failure ?? 'connector.unavailable', 'transient']);
  },
  'a truncated answer is for another try': async (call) => {
    call.world.standIn.faults.push('truncated');
    const fault = await faultOf(call);
    assert.equal(fault.kind, 'transient', fault.message);
    assert.match(fault.code, /^(connector\.bad-answer|http\.(truncated|connection-lost))$/);
  },
  'a time-out ends it': async (call) => ends(call, AbortSignal.timeout(150)),
  'a cancel ends it': async (call) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('cancelled')), 100);
    await ends(call, stop.signal);
  },
};

async function ends(call: Call, signal: AbortSignal): Promise<void> {
  call.world.standIn.faults.push('hang');
  const ended = await callAction({ ...call, signal }).then(
    () => null,
    (error: unknown) => error,
  );
  assert.equal(ended, signal.reason);
}

async function paged(call: Call, one: ActionCase): Promise<void> {
  const { paging } = one;
  assert.ok(paging);
  const { output } = await callAction({ ...call, params: await paging.params(call.world) });
  const rows = paging.rowsOf(output).map((row) => JSON.stringify(row));
  assert.equal(rows.length, paging.rows);
  assert.equal(new Set(rows).size, paging.rows, 'a row came twice');
  assert.ok(call.world.standIn.requests.length >= 3, `${call.world.standIn.requests.length} requests are no three pages`);
  assert.deepEqual(call.world.standIn.refusals, []);
}

/** Every case of every action of the kit. */
export function contractCases(kit: ContractKit, only?: string): ContractCase[] {
  return Object.entries(kit.actions)
    .filter(([action]) => only === undefined || action === only)
    .flatMap(([action, one]) => {
      const all: [string, Made][] = [
        ...Object.entries(cases),
        ...(one.paging === undefined ? [] : [['three pages and more are read to the end', paged] as [string, Made]]),
      ];
      return all.map(([name, made]) => ({ action, name, run: () => inWorld(kit, action, one, made) }));
    });
}

async function inWorld(kit: ContractKit, action: string, one: ActionCase, made: Made): Promise<void> {
  const world = await kit.world();
  try {
    await made({ world, kit, action, params: await one.params(world) }, one);
  } finally {
    await world.close();
  }
}

/** A world around a stand-in. */
export function worldOf(standIn: StandIn, http: Outbound, files: FileStore = memoryFiles()): World {
  return {
    standIn,
    http,
    files,
    async close() {
      await http.close();
      await standIn.close();
    },
  };
}
