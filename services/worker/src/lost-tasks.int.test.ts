/** Workflow tasks that are lost after their local activities had their effect: whatever is decided next, nothing hangs and nothing counts twice. */
import { createActivities, createExpressionPool, type ActivityDeps } from '@hub/activities';
import { parseCode, parseExpression } from '@hub/activities/expressions';
import { compile, type CheckPorts, type Definition } from '@hub/dag';
import type { Json, Message } from '@hub/dag/planner';
import { asTeam, createRunStore, createWaitStore } from '@hub/db';
import { makeTeam, makeWorkflow, testDatabase, type TestDatabase } from '@hub/db/testing';
import { answerWait, createInbox, createRun, createStartReader, sendSignal } from '@hub/db/write';
import { hubRun } from '@hub/runtime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SmallTemporal } from './testing/small-temporal.ts';

vi.mock('@temporalio/workflow', async (original) => ({
  ...(await original<object>()),
  ...(await import('./testing/small-temporal.ts')).stand,
}));

const blobKey = Buffer.alloc(32, 3);
const each = 4;
const ports: CheckPorts = {
  parseExpression,
  parseCode,
  connectors: () => [],
  action: () => undefined,
  schemaFault: () => null,
};

/** Signals to either of many waits, answers to each its own, and waits whose time may be up first. */
const definition = {
  schemaVersion: 1,
  triggers: [{ id: 'manual', type: 'manual' }],
  nodes: [
    loop('signals', '{{ nodes.go.output.payload.n }}'),
    { id: 'go', type: 'wait', parent: 'signals', config: { signal: 'go' } },
    loop('approvals', '{{ nodes.ok.output.form.n }}'),
    { id: 'ok', type: 'approval', parent: 'approvals', config: { title: 'Item {{ index }}' } },
    loop('late', '{{ nodes.soon.output }}'),
    { id: 'soon', type: 'wait', parent: 'late', config: { signal: 'soon', timeout: '1s' } },
    { id: 'end', type: 'merge', join: 'all', config: { mode: 'object' } },
    { id: 'result', type: 'output', config: { name: 'told', value: '{{ nodes.end.output }}' } },
  ],
  edges: ['signals', 'approvals', 'late'].map((from) => ({ from, to: 'end' })).concat([{ from: 'end', to: 'result' }]),
};

function loop(id: string, result: string): object {
  return { id, type: 'loop', config: { mode: 'for_each', items: `{{ [1..${each}] }}`, concurrency: 3, result } };
}

/** A stream of chances that is the same for the same seed. */
function chances(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

let db: TestDatabase;
let team: string;
let workflowId: string;
const pool = createExpressionPool();
beforeAll(async () => {
  db = await testDatabase();
  ({ team } = await makeTeam(db, { maxConcurrentRuns: 100_000 }));
  const plan = compile(definition as unknown as Definition, ports, { workflowName: 'Lost', definitionHash: 'lost' });
  ({ workflowId } = await makeWorkflow(db, team, {
    definition: definition as unknown as Json,
    plan: plan as unknown as Json,
    maxConcurrentRuns: 100_000,
  }));
});
afterAll(async () => {
  await pool.close();
  await db.close();
});

interface Told {
  status: string;
  error: string | null;
  output: { told?: { signals?: Json; approvals?: Json; late?: unknown[] } } | null;
}

/** One run to its end. `loss`: of a task, after each local activity. */
async function story(
  seed: number,
  { loss, continueAfter, deaf = 0 }: { loss: number; continueAfter: number; deaf?: number },
): Promise<Told & { lost: number; executions: number; setBacks: number }> {
  const chance = chances(seed);
  const made = await createRun(
    db.sql,
    { blobKey },
    { team, workflowId, triggeredBy: 'manual', triggerId: 'manual', trigger: { type: 'manual', id: 'manual' }, inputText: '{}' },
  );
  const run = 'run' in made ? made.run : '';
  const [start] = await createStartReader(db.sql)([{ team, run }]);
  if (start === undefined) throw new Error('The run does not start.');
  const inbox = createInbox(db.sql, {
    send: (_, messages: Message[]) => Promise.resolve((temporal.signal(messages), true)),
    onError: (error) => {
      throw error;
    },
  });
  const waits = createWaitStore(db.sql, { blobKey, tell: (ref) => inbox.deliver(ref) });
  const broken: typeof waits.end = async (end) => {
    if (chance() < loss) throw new Error('killed between the two');
    await waits.end(end);
  };
  const activities = createActivities({
    runs: createRunStore(db.sql, { blobKey }),
    waits: { ...waits, end: broken },
    links: { token: (place: object) => JSON.stringify(place), url: (token: string) => token },
    starter: { start: () => Promise.resolve() },
    pool,
    log: { warn: () => undefined } as never,
    context: () => ({
      delivery: 1,
      signal: new AbortController().signal,
      isShuttingDown: () => false,
      heartbeat: () => undefined,
      cancelled: new Promise<never>(() => undefined),
    }),
  } as unknown as ActivityDeps);
  const temporal = new SmallTemporal({
    workflow: hubRun,
    input: { ...start, continueAfter, runUrl: 'http://lost.test' },
    activities: activities as never,
    chance,
    loss,
    deaf,
    shortMs: 2_000,
  });
  const left = [...Array.from({ length: each }, (_, n) => ({ name: 'go', n })), { name: 'soon', n: 0 }, { name: 'soon', n: 1 }];
  const outside = async (): Promise<boolean> => {
    const pending = await asTeam(
      db.sql,
      team,
      (tx) => tx<{ path: string }[]>`select path from approvals where run_id = ${run} and status = 'pending' order by path`,
    );
    if (pending.length === 0 && left.length === 0) return false;
    const at = Math.floor(chance() * (pending.length + left.length));
    const asked = pending[at]?.path;
    if (asked === undefined) {
      const [signal] = left.splice(at - pending.length, 1);
      const messageId = `${signal?.name} ${signal?.n}`;
      await sendSignal(db.sql, { blobKey }, { team, run, name: signal?.name ?? '', messageId, payloadText: JSON.stringify({ n: signal?.n }) });
    } else {
      const n = Number(/\[(\d+)\]/.exec(asked)?.[1]);
      await answerWait(
        db.sql,
        { blobKey },
        { team, run, nodeId: 'ok', path: asked, decision: 'approved', payloadText: JSON.stringify({ n }), messageId: `answer ${n}`, by: 'a' },
      );
    }
    await inbox.deliver({ team, run });
    return true;
  };
  try {
    await temporal.run(outside);
  } catch (failure) {
    throw new Error(`seed ${seed}: ${String(failure)}\n${await open(run)}`, { cause: failure });
  }
  const [told] = await asTeam(
    db.sql,
    team,
    (tx) => tx<Told[]>`select status, error_message as error, output_text::jsonb as output from workflow_executions where id = ${run}`,
  );
  if (told === undefined) throw new Error('The run is gone.');
  return { ...told, ...temporal.figures };
}

async function open(run: string): Promise<string> {
  const rows = await asTeam(db.sql, team, async (tx) => [
    ...(await tx`select path, attempt, reason, answered_n from run_waits where run_id = ${run} and closed_at is null`),
    ...(await tx`select n, kind, path, taken_path, sent_at is not null as sent from run_messages where run_id = ${run} order by n`),
    ...(await tx`select status, error_message from workflow_executions where id = ${run}`),
  ]);
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

/** Among them those that each once found something. More of them find no more (150 were tried), but take a second each. */
const seeds = [1, 2, 3, 4, 6, 8, 15, 32];

describe('whatever is lost', () => {
  it.each(seeds)('every signal and answer is applied once (story %i)', async (seed) => {
    const { status, output } = await story(seed, { loss: 0.12, continueAfter: 5 + 20 * (seed % 4) });
    expect(status).toBe('completed');
    const all = Array.from({ length: each }, (_, n) => n);
    expect(((output?.told?.signals ?? []) as number[]).toSorted((a, b) => a - b)).toEqual(all);
    expect(output?.told?.approvals).toEqual(all);
    expect(output?.told?.late).toHaveLength(each);
  });

  let wereSetBack = 0;
  afterAll(() => expect(wereSetBack).toBeGreaterThan(3));
  it.each([1, 2, 3, 5, 7])('and where messages in the history were not heard, the run is set back and comes to the same (story %i)', async (seed) => {
    const { status, output, setBacks } = await story(seed, { loss: 0.05, continueAfter: 60, deaf: 0.3 });
    wereSetBack += setBacks;
    expect(status).toBe('completed');
    const all = Array.from({ length: each }, (_, n) => n);
    expect(((output?.told?.signals ?? []) as number[]).toSorted((a, b) => a - b)).toEqual(all);
    expect(output?.told?.approvals).toEqual(all);
    expect(output?.told?.late).toHaveLength(each);
  });
});
