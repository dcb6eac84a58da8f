/** One made-up run as a function of time: the rows it has at an instant. A finished run is one whose time is long past. */
import type { NodeRow, NodeSummary } from '@hub/contract';

export interface Beat {
  nodeId: string;
  nodeType: string;
  path: string;
  iteration: number | null;
  attempt: number;
  /** Offsets from the run's start, ms. */
  from: number;
  to: number;
  end: NodeRow['status'];
  port?: string;
  tokens?: number;
  costUsd?: number;
  model?: string;
  error?: Record<string, unknown>;
  input?: unknown;
  output?: unknown;
  warnings?: { code: string; message: string }[];
  /** Kept of an earlier run. */
  seeded?: boolean;
  /** It waits for this instead of running. */
  waitsFor?: NonNullable<NodeSummary['waits']>['for'];
}

/** Rows as they stand `ms` after the start. */
export function rowsAt(beats: readonly Beat[], startedAt: number, ms: number): NodeRow[] {
  return beats
    .filter((beat) => beat.from <= ms)
    .map((beat) => {
      const done = beat.to <= ms;
      const ran = beat.end !== 'skipped';
      return {
        nodeId: beat.nodeId,
        nodeType: beat.nodeType,
        path: beat.path,
        iteration: beat.iteration,
        attempt: beat.attempt,
        status: done ? beat.end : beat.nodeType === 'approval' || beat.waitsFor ? 'waiting' : 'running',
        port: done && beat.end === 'completed' ? (beat.port ?? 'out') : null,
        startedAt: ran ? new Date(startedAt + beat.from).toISOString() : null,
        completedAt: done ? new Date(startedAt + beat.to).toISOString() : null,
        input: beat.input ?? null,
        ...(done && beat.end === 'completed' ? { output: beat.output ?? null } : {}),
        error: done || beat.waitsFor ? (beat.error ?? null) : null,
        tokens: done ? (beat.tokens ?? null) : null,
        costUsd: done ? (beat.costUsd ?? null) : null,
        model: beat.model ?? null,
        warnings: beat.warnings ?? [],
        ...(beat.seeded ? { seeded: true } : {}),
      };
    });
}

/** The API's sum per node. */
export function summarize(rows: readonly NodeRow[], beats: readonly Beat[] = []): NodeSummary[] {
  const waitingFor = new Map(beats.flatMap(({ nodeId, waitsFor }) => (waitsFor ? [[nodeId, waitsFor] as const] : [])));
  return [...Map.groupBy(rows, (row) => row.nodeId)].map(([nodeId, all]) => {
    const waiting = waitingFor.get(nodeId);
    const last = [...Map.groupBy(all, (row) => row.path).values()].map((each) => each.at(-1)!);
    const own = last.find((row) => !row.path.includes('['));
    const items = last.filter((row) => row.path.includes('['));
    const counts: Record<string, number> = {};
    for (const row of items.length > 0 ? items : last) counts[row.status] = (counts[row.status] ?? 0) + 1;
    const status = own?.status ?? (items.some((row) => row.status === 'running') ? 'running' : 'completed');
    return {
      nodeId,
      nodeType: all[0]!.nodeType,
      status,
      counts,
      items: items.length > 0 ? items.length : null,
      attempts: Math.max(...all.map((row) => row.attempt)),
      startedAt:
        all
          .map((row) => row.startedAt)
          .filter((at) => at !== null)
          .sort()[0] ?? null,
      completedAt:
        all
          .map((row) => row.completedAt)
          .filter((at) => at !== null)
          .sort()
          .at(-1) ?? null,
      tokens: all.reduce((sum, row) => sum + (row.tokens ?? 0), 0),
      costUsd: all.reduce((sum, row) => sum + (row.costUsd ?? 0), 0),
      model: all.find((row) => row.model)?.model ?? null,
      port: own?.port ?? null,
      ...(waiting ? { waits: { for: waiting, until: null, signal: null, childRunId: null, approvalId: null, path: nodeId } } : {}),
      kept: all.every((row) => row.seeded),
    };
  });
}

/** Repeatable chance. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const topics = ['delivery', 'quality', 'price', 'support', 'size'];
const texts = [
  'Arrived two days late, box was open.',
  'Works as described. Would buy again.',
  'Too expensive for what it is; the strap broke after a week.',
  'Support answered within the hour, great.',
  'Runs one size small.',
  '<b>Best</b> purchase "ever" & more; ünïcødé ☕ 测试',
];

function answer(next: () => number, index: number) {
  return {
    id: index + 1,
    text: texts[index % texts.length]!,
    sentiment: next() < 0.3 ? 'negative' : next() < 0.3 ? 'neutral' : 'positive',
    topic: topics[Math.floor(next() * 5)]!,
    score: 1 + Math.floor(next() * 5),
  };
}

/** Beats of the example over `items` reviews. `fault`: item 137 fails for good; its loop fails. */
export function reviewBeats(seed: number, items: number, fault: boolean): Beat[] {
  const next = chance(seed);
  const beats: Beat[] = [];
  const rows = Array.from({ length: items }, (_, index) => answer(next, index));
  beats.push({
    nodeId: 'reviews',
    nodeType: 'data_source',
    path: 'reviews',
    iteration: null,
    attempt: 1,
    from: 120,
    to: 410,
    end: 'completed',
    input: { file: { name: 'reviews.csv' } },
    output: { rows: rows.map(({ id, text }) => ({ id, text })), columns: ['id', 'text'] },
  });
  const lanes = Array.from({ length: 10 }, () => 460);
  let last = 460;
  for (let index = 0; index < items; index++) {
    const lane = lanes.indexOf(Math.min(...lanes));
    const from = lanes[lane]!;
    const length = 180 + Math.floor(next() * 500);
    const path = `classify[${index}]`;
    const base = { nodeId: 'classify', nodeType: 'prompt', path, iteration: index, model: 'demo/rules', input: { review: rows[index]!.text } };
    const lost = fault && index === 137;
    let at = from;
    const tries = lost ? 3 : index % 61 === 17 ? 2 : 1;
    for (let attempt = 1; attempt <= tries; attempt++) {
      const good = attempt === tries && !lost;
      beats.push({
        ...base,
        attempt,
        from: at,
        to: at + length,
        end: good ? 'completed' : 'failed',
        ...(good
          ? { tokens: 140 + Math.floor(next() * 60), costUsd: 0.0000214, output: rows[index]! }
          : {
              tokens: 120,
              costUsd: 0.000018,
              error: {
                code: lost ? 'model.bad-output' : 'model.overloaded',
                message: lost
                  ? 'The answer has no field "score": it is not of the wanted form, and repairing it once did not help.'
                  : 'The model is overloaded (529).',
                attempt,
              },
            }),
      });
      at += length + (good ? 0 : 1000 * attempt);
    }
    lanes[lane] = at;
    last = Math.max(last, at - (lost ? 3000 : 0));
    if (lost) break;
  }
  const failed = fault && items > 137;
  beats.push({
    nodeId: 'classify',
    nodeType: 'prompt',
    path: 'classify',
    iteration: null,
    attempt: 1,
    from: 440,
    to: last + 20,
    end: failed ? 'failed' : 'completed',
    ...(failed
      ? {
          error: {
            code: 'model.bad-output',
            message: 'The answer has no field "score": it is not of the wanted form, and repairing it once did not help.',
            attempt: 3,
          },
        }
      : { output: rows }),
  });
  const after: [string, string, string?, unknown?][] = [
    ['unhappy', 'condition', 'true', { result: true }],
    ['by_topic', 'transform', 'out', topics.map((topic) => ({ topic, count: rows.filter((row) => row.topic === topic).length, average_score: 3.1 }))],
    ['report', 'output', 'out', null],
    ['rows', 'output', 'out', null],
  ];
  if (!failed)
    after.forEach(([nodeId, nodeType, port, output], place) =>
      beats.push({
        nodeId,
        nodeType,
        path: nodeId,
        iteration: null,
        attempt: 1,
        from: last + 60 + place * 40,
        to: last + 95 + place * 40,
        end: 'completed',
        port: port ?? 'out',
        output,
      }),
    );
  for (const nodeId of failed ? ['unhappy', 'by_topic', 'praise', 'report', 'rows'] : ['praise'])
    beats.push({ nodeId, nodeType: 'transform', path: nodeId, iteration: null, attempt: 0, from: last + 20, to: last + 20, end: 'skipped' });
  return beats.sort((a, b) => a.from - b.from);
}

/** Beats of the leads workflow, up to the approval it waits at. */
export function leadBeats(): Beat[] {
  const one = (nodeId: string, nodeType: string, from: number, to: number, more: Partial<Beat> = {}): Beat => ({
    nodeId,
    nodeType,
    path: nodeId,
    iteration: null,
    attempt: 1,
    from,
    to,
    end: 'completed',
    ...more,
  });
  const body = Array.from({ length: 12 }, (_, index) => [
    one('enrich', 'action', 1400 + index * 130, 1900 + index * 140, {
      path: `each[${index}].enrich`,
      iteration: index,
      output: { company: `Company ${index}` },
    }),
    one('score', 'prompt', 1950 + index * 140, 4200 + index * 160, {
      path: `each[${index}].score`,
      iteration: index,
      model: 'anthropic/claude-sonnet-5',
      tokens: 812,
      costUsd: 0.0042,
      output: { score: index * 8 },
    }),
  ]).flat();
  return [
    one('crm', 'data_source', 200, 1200, { output: { rows: [] } }),
    one('each', 'loop', 1300, 6200, { output: [] }),
    ...body,
    one('route', 'switch', 6250, 6300, { port: 'hot', output: { port: 'hot' } }),
    one('ask', 'approval', 6400, 1e12),
    one('result', 'output', 6400, 6440, { output: null }),
  ];
}
