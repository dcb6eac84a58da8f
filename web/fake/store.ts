/** State of the fake backend: made once from a seed, changed by the calls that change things. Dev and test only. */
import type { NodeRow, Run, WorkflowSummary } from '@hub/contract';
import type { Definition } from '@hub/dag';
import { type Beat, chance, leadBeats, reviewBeats, rowsAt } from './clock-run.ts';
import { leads, reviews } from './definition.ts';

export const uuid = (n: number): string => `0199c0de-7a11-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const boot = Date.now();
const iso = (at: number): string => new Date(at).toISOString();

export interface FakeRun {
  run: Run;
  beats: Beat[];
  startedAt: number;
  definition: unknown;
  /** When it ends, ms after its start; Infinity while it waits. */
  lengthMs: number;
}

const workflow = (n: number, name: string, status: WorkflowSummary['status'], version: number | null, tags: string[]): WorkflowSummary => ({
  id: uuid(n),
  name,
  description: n === 1 ? 'Reads 200 product reviews, classifies each with a model and counts what people complain about.' : null,
  status,
  publishedVersion: version,
  revision: 3,
  tags,
  createdAt: iso(boot - 9e8),
  updatedAt: iso(boot - n * 7.7e6),
});

export const workflows: WorkflowSummary[] = [
  workflow(1, 'Product reviews', 'active', 3, ['support']),
  workflow(2, 'Hourly lead scoring', 'active', 12, ['sales', 'hourly']),
  workflow(3, 'Weekly digest', 'draft', null, []),
  workflow(
    4,
    'A workflow whose name goes on and on because somebody wrote the whole description into the name of it, which happens',
    'paused',
    1,
    [],
  ),
];

interface Wish {
  n: number;
  workflow: number;
  status: Run['status'];
  agoMs: number;
  items: number;
  fault?: boolean;
  reason?: string;
  version?: number;
  /** Continues run 5: reading and classifying were kept of it. */
  continues?: boolean;
  /** Its last step fails for one wrong field. */
  wrongField?: boolean;
  /** Its last step waits for this. */
  waits?: Beat['waitsFor'];
  note?: string;
  /** Ended early: what it had done is undone, or was, or could not be. */
  undo?: { completed: number; failed: number; open: number };
}

const fieldMessage = 'The params of file.write are not right: /name wants a text. Look at what the expressions of this step gave, in its input.';

/** What the run kept lies an hour before it and costs nothing again; the rest follows at once. */
function keptBeats(beats: Beat[]): Beat[] {
  const isKept = ({ nodeId }: Beat): boolean => nodeId === 'reviews' || nodeId === 'classify';
  const zero = Math.min(...beats.filter((beat) => !isKept(beat)).map(({ from }) => from));
  return beats.map((beat) =>
    beat.nodeId === 'by_topic'
      ? {
          ...beat,
          from: beat.from - zero + 80,
          to: beat.from - zero + 80,
          output: [{ topic: 'delivery', count: 41, average_score: 3.1 }],
          warnings: [{ code: 'step.set-by-hand', message: 'A person set this output when the run was continued.' }],
          seeded: true,
        }
      : isKept(beat)
        ? { ...beat, seeded: true, from: beat.from - 3_600_000, to: beat.to - 3_600_000 }
        : { ...beat, from: beat.from - zero + 80, to: beat.to - zero + 80 },
  );
}

function wrongBeats(beats: Beat[]): Beat[] {
  return beats.map((beat) =>
    beat.nodeId === 'report'
      ? {
          ...beat,
          end: 'failed' as const,
          error: {
            code: 'step.invalid-params',
            message: fieldMessage,
            details: [{ path: '/name', code: 'step.invalid-param', message: 'wants a text' }],
          },
          warnings: [{ code: 'expression.missing', message: 'input.file_name gives nothing' }],
        }
      : beat,
  );
}

/** The reviews with a last step that writes a file by a name that the input does not have. */
const wrongReviews = {
  ...reviews,
  nodes: reviews.nodes.map((node) =>
    node.id === 'report'
      ? {
          ...node,
          type: 'action',
          label: 'Write the report',
          config: { connector: 'file', action: 'write', params: { name: '{{ input.file_name }}' } },
        }
      : node,
  ),
};

/** The step that may have written its file, or the one that waits for another run. */
function waitingBeats(beats: Beat[], waitsFor: NonNullable<Beat['waitsFor']>): Beat[] {
  const error =
    waitsFor === 'unknown-outcome'
      ? {
          code: 'step.unknown-outcome',
          message:
            'Whether the call had an effect is not known, so it is not repeated (http.reset: the connection broke while the answer was awaited)',
          attempt: 1,
        }
      : undefined;
  return beats.flatMap((beat) =>
    beat.nodeId === 'rows'
      ? []
      : beat.nodeId === 'report'
        ? [{ ...beat, to: Infinity, waitsFor, input: { name: 'report.csv', rows: [{ topic: 'delivery', count: 41 }] }, ...(error ? { error } : {}) }]
        : [beat],
  );
}

function makeRun({ n, workflow: which, status, agoMs, items, fault, reason, version, continues, wrongField, waits, note, undo }: Wish): FakeRun {
  const startedAt = boot - agoMs;
  const plain = status === 'queued' ? [] : which === 2 ? leadBeats() : reviewBeats(n, items, fault ?? false);
  const beats = continues ? keptBeats(plain) : wrongField ? wrongBeats(plain) : waits ? waitingBeats(plain, waits) : plain;
  const lengthMs = status === 'waiting' ? Infinity : Math.max(0, ...beats.map((beat) => beat.to)) + 60;
  const owner = workflows[which - 1]!;
  return {
    beats,
    startedAt,
    lengthMs,
    definition: which === 2 ? leads : (wrongField ?? waits) ? wrongReviews : reviews,
    run: {
      id: uuid(0xa000 + n),
      workflowId: owner.id,
      workflowName: owner.name,
      version: version ?? owner.publishedVersion ?? 1,
      ...(note ? { note, noteBy: { id: uuid(9), name: 'Ada Lovelace' } } : {}),
      startedBy: { id: uuid(9), name: 'Ada Lovelace' },
      ...(continues ? { retryOf: uuid(0xa005), kept: { nodes: 2, tokens: 34_315, costUsd: 0.0043 } } : {}),
      status,
      statusReason: reason ?? null,
      input: { file: uuid(77), least: 3 },
      error: fault
        ? {
            code: 'model.bad-output',
            message: 'The answer has no field "score": it is not of the wanted form, and repairing it once did not help.',
            nodeId: 'classify',
            path: 'classify[137]',
          }
        : wrongField
          ? { code: 'step.invalid-params', message: fieldMessage, nodeId: 'report', path: 'report' }
          : null,
      trigger: { type: which === 2 ? 'schedule' : 'manual', id: 'manual', at: iso(startedAt) },
      priority: 3,
      createdAt: iso(startedAt - 300),
      startedAt: status === 'queued' ? null : iso(startedAt),
      completedAt: null,
      totals: { nodes: 7, completed: 0, failed: 0, skipped: 0, steps: 0, tokens: 0, costUsd: 0 },
      ...(undo ? { undo: { ...undo, total: undo.completed + undo.failed + undo.open } } : {}),
      temporalUrl: 'http://127.0.0.1:8233/namespaces/default/workflows/x',
    },
  };
}

const next = chance(7);
export const runs: FakeRun[] = [
  makeRun({ n: 1, workflow: 1, status: 'running', agoMs: 1500, items: 2000 }),
  makeRun({ n: 2, workflow: 2, status: 'waiting', agoMs: 1.4e6, items: 12, reason: 'approval' }),
  makeRun({ n: 3, workflow: 1, status: 'queued', agoMs: 4000, items: 0 }),
  makeRun({ n: 4, workflow: 1, status: 'failed', agoMs: 3.1e6, items: 200, fault: true }),
  makeRun({
    n: 5,
    workflow: 1,
    status: 'completed',
    agoMs: 3.6e6,
    items: 200,
    note: 'Shown to the auditor on 12 November: every review was read once.',
  }),
  makeRun({ n: 6, workflow: 1, status: 'cancelled', agoMs: 8e6, items: 60 }),
  makeRun({ n: 7, workflow: 1, status: 'completed', agoMs: 2.6e6, items: 200, continues: true }),
  makeRun({ n: 8, workflow: 1, status: 'failed', agoMs: 4.2e6, items: 60, wrongField: true }),
  makeRun({ n: 9, workflow: 1, status: 'failed', agoMs: 4.9e6, items: 60, wrongField: true, version: 2 }),
  makeRun({ n: 90, workflow: 1, status: 'waiting', agoMs: 5.2e6, items: 40, waits: 'unknown-outcome', reason: 'unknown-outcome' }),
  makeRun({ n: 91, workflow: 1, status: 'waiting', agoMs: 5.3e6, items: 40, waits: 'child', reason: 'child' }),
  makeRun({ n: 92, workflow: 1, status: 'cancelled', agoMs: 6.2e6, items: 40, undo: { completed: 3, failed: 0, open: 0 } }),
  makeRun({ n: 93, workflow: 1, status: 'failed', agoMs: 6.4e6, items: 60, wrongField: true, undo: { completed: 1, failed: 2, open: 0 } }),
  makeRun({ n: 94, workflow: 1, status: 'waiting', agoMs: 6.5e6, items: 40, waits: 'budget', reason: 'budget' }),
  makeRun({ n: 95, workflow: 1, status: 'waiting', agoMs: 6.6e6, items: 40, waits: 'incident', reason: 'pause' }),
  makeRun({ n: 96, workflow: 4, status: 'completed', agoMs: 6.7e6, items: 20 }),
  ...Array.from({ length: 60 }, (_, index) =>
    makeRun({
      n: 10 + index,
      workflow: 1,
      status: next() < 0.12 ? 'failed' : 'completed',
      agoMs: 9e6 + index * 5.1e6,
      items: 20 + Math.floor(next() * 60),
    }),
  ),
];

/** A run and its rows as they stand now. */
export function at(fake: FakeRun): { run: Run; rows: NodeRow[] } {
  const ms = Math.min(Date.now() - fake.startedAt, fake.lengthMs);
  const rows = fake.run.startedAt ? rowsAt(fake.beats, fake.startedAt, ms) : [];
  const over = fake.run.status === 'running' && ms >= fake.lengthMs;
  if (over) fake.run.status = 'completed';
  const settled = ['completed', 'failed', 'cancelled'].includes(fake.run.status);
  const own = rows.filter((row) => !row.path.includes('['));
  const count = (status: string): number => own.filter((row) => row.status === status).length;
  const paid = rows.filter((row) => !row.seeded);
  const output =
    fake.run.status === 'completed'
      ? {
          output: {
            report: rows.find((row) => row.nodeId === 'by_topic')?.output ?? null,
            rows: rows.find((row) => row.path === 'classify')?.output ?? [],
          },
        }
      : {};
  return {
    rows,
    run: {
      ...fake.run,
      ...output,
      completedAt: settled ? (fake.run.completedAt ?? iso(fake.startedAt + fake.lengthMs)) : null,
      totals: {
        nodes: 7,
        completed: count('completed'),
        failed: count('failed'),
        skipped: count('skipped'),
        steps: paid.filter((row) => row.attempt > 0).length,
        tokens: paid.reduce((sum, row) => sum + (row.tokens ?? 0), 0),
        costUsd: paid.reduce((sum, row) => sum + (row.costUsd ?? 0), 0),
      },
    },
  };
}

export const notices = [
  {
    id: uuid(500),
    kind: 'run.failed',
    title: 'Product reviews failed',
    body: 'Classify each review, item 137: the answer has no field "score".',
    link: `/runs/${uuid(0xa004)}`,
    readAt: null as string | null,
    createdAt: iso(boot - 3.1e6),
  },
  {
    id: uuid(501),
    kind: 'approval.asked',
    title: 'Hourly lead scoring asks',
    body: 'Call 12 hot leads today?',
    link: `/runs/${uuid(0xa002)}`,
    readAt: null as string | null,
    createdAt: iso(boot - 1.4e6),
  },
  {
    id: uuid(502),
    kind: 'invitation.accepted',
    title: 'Bo joined the team',
    body: 'As editor.',
    link: '/settings/members',
    readAt: iso(boot - 8e7),
    createdAt: iso(boot - 9e7),
  },
];
export const variables = [
  { name: 'REGION', value: 'eu' as unknown, revision: 1, updatedAt: iso(boot - 4e7) },
  { name: 'SUPPORT_ADDRESSES', value: ['ada@example.com', 'bo@example.com'] as unknown, revision: 4, updatedAt: iso(boot - 4e8) },
];

let tests = 0;

/** Starts a made-up test of a draft: its steps take a moment each, in order. Answers the run's id. */
export function startTest(workflowId: string, definition: Definition): string {
  const id = uuid(0xb000 + ++tests);
  const startedAt = Date.now();
  const beats = definition.nodes.map(
    (node, index): Beat => ({
      nodeId: node.id,
      nodeType: node.type,
      path: node.id,
      iteration: null,
      attempt: 1,
      from: 100 + index * 400,
      to: 450 + index * 400,
      end: 'completed',
      port: node.type === 'condition' ? 'true' : 'out',
      output: { text: `What ${node.id} gave` },
      ...(node.type === 'prompt' ? { model: 'demo/rules', tokens: 120, costUsd: 0.0004 } : {}),
    }),
  );
  const [first] = runs;
  if (first)
    runs.unshift({
      ...first,
      beats,
      startedAt,
      definition,
      lengthMs: beats.length * 400 + 200,
      run: {
        ...first.run,
        id,
        workflowId,
        version: null,
        status: 'running',
        error: null,
        createdAt: iso(startedAt),
        startedAt: iso(startedAt),
        completedAt: null,
      },
    });
  return id;
}
