/** Undoing: order, attempts, lost workers, and what a call's outcome makes of its row. */
import type { Json } from '@hub/dag/planner';
import { TransientError, UserError } from '@hub/kit/errors';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

import type { ActivityDeps } from '../deps.ts';
import { at, closeWorlds, makeWorld } from '../testing/activity-world.ts';
import type { EndUndo, Undoable, UndoStep, UndoStore } from '../undo-ports.ts';

afterAll(closeWorlds);

interface Row extends Pick<UndoStep, 'n' | 'path' | 'nodeId' | 'failed' | 'lost' | 'attempt' | 'outputText'> {
  status: 'waiting' | 'running' | 'completed' | 'failed' | 'unknown';
  code: string | null;
}

/** What the database keeps, in a list. */
class MemoryUndo implements UndoStore {
  rows: Row[] = [];
  opened: Undoable[][] = [];

  constructor(outputs: Json[]) {
    this.rows = outputs.map((output, i) => ({
      n: i + 1,
      nodeId: 'post',
      path: `each[${i}].post`,
      failed: 0,
      lost: 0,
      attempt: 0,
      outputText: JSON.stringify(output),
      status: 'waiting',
      code: null,
    }));
  }

  async open(_team: string, _run: string, nodes: Undoable[]): Promise<number> {
    this.opened.push(nodes);
    return await Promise.resolve(this.rows.filter(({ status }) => status === 'waiting' || status === 'running').length);
  }

  async next(): Promise<UndoStep | null> {
    const row = this.rows.find(({ status }) => status === 'waiting' || status === 'running');
    if (row === undefined) return await Promise.resolve(null);
    if (row.status === 'running') row.lost += 1;
    row.status = 'running';
    row.attempt += 1;
    return { ...row, inputText: '{"to":"x"}' };
  }

  async end(_team: string, _run: string, { n, attempt, status, error }: EndUndo): Promise<void> {
    const row = this.rows.find((one) => one.n === n);
    if (row === undefined || row.attempt !== attempt) return;
    row.status = status === 'left' ? 'waiting' : status;
    row.failed += Number(status === 'failed' || status === 'waiting');
    row.code = error?.code ?? null;
    await Promise.resolve();
  }

  states(): string[] {
    return this.rows.map(({ status, attempt, code }) => `${status} ${attempt}${code === null ? '' : ` ${code}`}`);
  }
}

const definition = { nodes: [{ id: 'post', type: 'action', config: { connector: 'chat', action: 'post', params: { to: 'x' } } }] };
const spec = (id: string, more: object) => ({
  id,
  version: 1,
  literalParams: [],
  idempotent: true,
  credentialKinds: [],
  params: z.strictObject({ to: z.string().optional(), id: z.number().optional() }),
  ...more,
});
type Outcome = 'ok' | Error;
let calls: { id: unknown; key: string }[] = [];
let outcomes: Outcome[] = [];

function world(undo: MemoryUndo, { idempotent = true, roundMs }: { idempotent?: boolean; roundMs?: number } = {}): ReturnType<typeof makeWorld> {
  const post = spec('post', {
    compensation: {
      action: 'delete',
      help: '',
      from: (_: Json, output: Json) => (output === null ? null : output === 'old' ? 'nothing' : { id: (output as { id: number }).id }),
    },
  });
  const remove = spec('delete', { idempotent });
  const run = async (context: { params: { id?: number }; idempotencyKey: string }): Promise<{ output: Json }> => {
    calls.push({ id: context.params.id, key: context.idempotencyKey });
    const outcome = outcomes.shift() ?? 'ok';
    if (outcome !== 'ok') throw outcome;
    return await Promise.resolve({ output: {} });
  };
  const connectors = ((_: string, action: string) => ({ spec: action === 'post' ? post : remove, run })) as unknown as ActivityDeps['connectors'];
  return makeWorld(definition, { undo, connectors, ...(roundMs === undefined ? {} : { undoRoundMs: roundMs }) });
}

beforeEach(() => {
  calls = [];
  outcomes = [];
});

const input = { ...at, rows: [] };

describe('a round of undoing', () => {
  it('undoes every step in the order of the rows, each with the key of its effect', async () => {
    const undo = new MemoryUndo([{ id: 3 }, { id: 2 }, { id: 1 }]);
    expect(await world(undo).activities.undoRun(input)).toEqual({ more: false });
    expect(calls.map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(calls[0]?.key).toMatch(/^t\/r0\/.*post.*\/undo$/);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(3);
    expect(undo.states()).toEqual(['completed 1', 'completed 1', 'completed 1']);
    expect(undo.opened).toEqual([[{ nodeId: 'post', action: 'chat.delete', items: false }]]);
  });

  it('records one that fails for good, and goes on with the rest', async () => {
    outcomes = [new UserError('connector.forbidden', 'no')];
    const undo = new MemoryUndo([{ id: 2 }, { id: 1 }]);
    await world(undo).activities.undoRun(input);
    expect(undo.states()).toEqual(['failed 1 connector.forbidden', 'completed 1']);
  });

  it('tries again what may be repeated, five times at most', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      outcomes = Array.from({ length: 7 }, () => new TransientError('connector.unavailable', 'down'));
      const undo = new MemoryUndo([{ id: 2 }]);
      let over = false;
      const round = world(undo)
        .activities.undoRun(input)
        .finally(() => (over = true));
      // Heartbeats are timers as well, and go on for as long as it does.
      for (let minute = 0; minute < 60 && !over; minute += 1) await vi.advanceTimersByTimeAsync(60_000);
      await round;
      expect(undo.states()).toEqual(['failed 5 connector.unavailable']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not repeat a call whose outcome is not known and that may not be repeated', async () => {
    outcomes = [new TransientError('http.reset', 'broke off')];
    const undo = new MemoryUndo([{ id: 2 }, { id: 1 }]);
    await world(undo, { idempotent: false }).activities.undoRun(input);
    expect(undo.states()).toEqual(['unknown 1 http.reset', 'completed 1']);
  });

  it('repeats what a lost worker had begun only where it may be repeated', async () => {
    const lost = (): MemoryUndo => {
      const undo = new MemoryUndo([{ id: 1 }]);
      Object.assign(undo.rows[0] ?? {}, { status: 'running', attempt: 1 });
      return undo;
    };
    const repeatable = lost();
    await world(repeatable).activities.undoRun(input);
    expect(repeatable.states()).toEqual(['completed 2']);
    const not = lost();
    calls = [];
    await world(not, { idempotent: false }).activities.undoRun(input);
    expect([calls, not.states()]).toEqual([[], ['unknown 2 step.unknown-outcome']]);
  });

  it('calls nothing where nothing needs undoing, and says where the output does not tell what', async () => {
    const undo = new MemoryUndo(['old', null]);
    await world(undo).activities.undoRun(input);
    expect([calls, undo.states()]).toEqual([[], ['completed 1', 'failed 1 undo.not-possible']]);
  });

  it('asks for another round when its time is over', async () => {
    const undo = new MemoryUndo([{ id: 1 }]);
    expect(await world(undo, { roundMs: 0 }).activities.undoRun(input)).toEqual({ more: true });
    expect(calls).toEqual([]);
  });

  it('begins nothing once its worker goes', async () => {
    const undo = new MemoryUndo([{ id: 1 }]);
    const { activities, cancel } = world(undo);
    cancel(true);
    await expect(activities.undoRun(input)).rejects.toThrow('CANCELLED');
    expect([calls, undo.states()]).toEqual([[], ['waiting 0']]);
  });
});
