/**
 * F14: runs of several kinds, one after another in eight lanes, for `--minutes=20`. Told at the end: how memory grows with the number of steps done, whether
 * open files do, what the caches hold. The first third is not counted: heaps and caches fill up to their size.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hubClient, type HubClient } from './lib/hub.ts';
import { processFigures, type ProcessFigures } from './lib/process-figures.ts';
import type { Measured } from './lib/proof.ts';
import { insist } from './lib/server-kills.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { startStub } from './lib/stub.ts';

const usualMinutes = 20;
const lanes = 8;
const sampleMs = 5_000;
/** MB per 1,000 steps. */
const maxSlope = 1;
/** Pools breathe: so many files more at the end than at the start of the count. */
const maxFiles = 40;

/** What a lane runs in turn: pure steps, calls with an answer to keep, items, a step that fails, code. */
function definitions(url: string): { name: string; definition: unknown }[] {
  const call = (params: object): object => ({ connector: 'http', action: 'request', params });
  const chain = (nodes: { id: string }[]): unknown => ({
    schemaVersion: 1,
    nodes,
    edges: nodes.slice(1).map(({ id }, n) => ({ from: nodes[n]?.id, to: id })),
    settings: { maxConcurrentRuns: 100 },
  });
  const result = { id: 'result', type: 'output', config: { name: 'n', value: '{{ input.n }}' } };
  const light = Array.from({ length: 10 }, (_, n) => ({
    id: `t${n}`,
    type: 'transform',
    config: { expression: n === 0 ? '{ "n": input.n, "text": $join([1..200].$string()) }' : `$merge([nodes.t${n - 1}.output, { "at": ${n} }])` },
  }));
  const items = {
    id: 'each',
    type: 'action',
    config: { ...call({ method: 'PUT', url: `${url}/work?ms=5&n={{ item }}` }), forEach: '{{ [1..30] }}', concurrency: 10 },
  };
  return [
    { name: 'Soak: light', definition: chain([...light, result]) },
    {
      name: 'Soak: calls',
      definition: chain([
        ...[0, 1, 2, 3].map((n) => ({ id: `c${n}`, type: 'action', config: call({ method: 'PUT', url: `${url}/work?ms=10&n=${n}` }) })),
        result,
      ]),
    },
    { name: 'Soak: items', definition: chain([items, result]) },
    {
      name: 'Soak: fails',
      definition: chain([{ id: 'bad', type: 'transform', config: { expression: '$error("as wanted " & input.n)' } } as { id: string }, result]),
    },
    {
      name: 'Soak: code',
      definition: chain([
        { id: 'js', type: 'code', config: { source: 'return { n: ctx.input.n, list: Array.from({ length: 2000 }, (_, i) => i) };' } } as {
          id: string;
        },
        result,
      ]),
    },
  ];
}

interface Sample {
  steps: number;
  worker: ProcessFigures;
  api: ProcessFigures;
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const minutes = Number(args.find((arg) => arg.startsWith('--minutes='))?.slice(10) ?? usualMinutes);
  const stub = await startStub();
  const stack = await startStack({
    temporalFile: true,
    env: { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'debug' },
  });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const kinds: Kind[] = [];
    for (const { name, definition } of definitions(stub.url))
      kinds.push({ name, workflow: await hub.publish(name, definition), fails: name.endsWith('fails') });
    const done: Done = { runs: 0, steps: 0, wrong: 0 };
    const end = Date.now() + minutes * 60_000;
    const samples: Sample[] = [];
    const sampling = (async () => {
      while (Date.now() < end) {
        await delay(sampleMs);
        samples.push({ steps: done.steps, worker: processFigures(stack.workers()[0]?.pid), api: processFigures(stack.apiPid()) });
        const { worker, api } = samples.at(-1) as Sample;
        if (samples.length % 12 === 0)
          log(
            `${done.steps} steps in ${done.runs} runs; worker ${worker.rssMb.toFixed(0)} MB ${worker.files} files, API ${api.rssMb.toFixed(0)} MB ${api.files} files`,
          );
      }
    })();
    await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(hub, kinds, { lane, end }, done, log)));
    await sampling;
    return verdict(stack, samples, done, minutes, log);
  } finally {
    await stack.close();
    await stub.close();
  }
}

interface Kind {
  name: string;
  workflow: string;
  fails: boolean;
}
interface Done {
  runs: number;
  steps: number;
  wrong: number;
}

async function runLane(
  hub: HubClient,
  kinds: Kind[],
  { lane, end }: { lane: number; end: number },
  done: Done,
  log: (line: string) => void,
): Promise<void> {
  for (let n = lane; Date.now() < end; n += 1) {
    const kind = kinds[n % kinds.length] as Kind;
    // A machine that is full for a moment answers 503 and means it: asked again under the same key, nothing starts twice.
    const run = await insist(() => hub.start(kind.workflow, { n }, `soak-${lane}-${n}`));
    const view = await insist(() => hub.settled(run, 120_000));
    done.runs += 1;
    done.steps += view.totals.steps;
    const right = kind.fails ? view.status === 'failed' : view.status === 'completed' && (view.output as { n?: number } | null)?.n === n;
    if (right) continue;
    done.wrong += 1;
    if (done.wrong <= 5) log(`wrong: ${kind.name} ${view.id} ${view.status} ${JSON.stringify(view.error)}`);
  }
}

function verdict(stack: HubStack, samples: Sample[], done: Done, minutes: number, log: (line: string) => void): Measured[] {
  const counted = samples.slice(Math.floor(samples.length / 3));
  const slope = (of: (sample: Sample) => number): number => slopeOf(counted.map((sample) => [sample.steps / 1_000, of(sample)]));
  const third = Math.max(1, Math.floor(counted.length / 3));
  const grown = (of: (sample: Sample) => number): number => mean(counted.slice(-third).map(of)) - mean(counted.slice(0, third).map(of));
  const cached = cachedOf(stack);
  if (cached.length > 0) log(`caches of the worker: ${cached.map(({ bytes }) => (bytes / 1_048_576).toFixed(1)).join(' ')} MB`);
  const most = Math.max(0, ...cached.map(({ bytes }) => bytes));
  const cap = cached[0]?.mostBytes ?? 0;
  const memory = (name: string, figure: number): Measured => ({
    figure: `${name} grows by ${figure.toFixed(2)} MB per 1,000 steps`,
    want: `< ${maxSlope}`,
    ok: figure < maxSlope,
  });
  const files = (name: string, figure: number): Measured => ({
    figure: `${name}: ${figure.toFixed(0)} open files more`,
    want: `<= ${maxFiles}`,
    ok: figure <= maxFiles,
  });
  return [
    {
      figure: `${done.steps} steps in ${done.runs} runs over ${minutes} min, ${done.wrong} wrong`,
      want: '0 wrong',
      ok: done.wrong === 0 && done.runs > 0,
    },
    memory(
      'worker and pool',
      slope(({ worker }) => worker.rssMb),
    ),
    memory(
      'API',
      slope(({ api }) => api.rssMb),
    ),
    files(
      'worker and pool',
      grown(({ worker }) => worker.files),
    ),
    files(
      'API',
      grown(({ api }) => api.files),
    ),
    { figure: `caches hold ${(most / 1_048_576).toFixed(1)} MB at most`, want: `<= ${(cap / 1_048_576).toFixed(0)} MB`, ok: cap > 0 && most <= cap },
  ];
}

/** What the worker said of its caches, in order. */
function cachedOf(stack: HubStack): { bytes: number; mostBytes: number }[] {
  return readFileSync(join(stack.folder, 'worker.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"cached":'))
    .map((line) => (JSON.parse(line) as { cached: { bytes: number; mostBytes: number } }).cached);
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

/** Least squares. */
function slopeOf(points: (readonly [number, number])[]): number {
  const [x, y] = [mean(points.map(([one]) => one)), mean(points.map(([, two]) => two))];
  const spread = points.reduce((sum, [one]) => sum + (one - x) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [one, two]) => sum + (one - x) * (two - y), 0) / spread;
}
