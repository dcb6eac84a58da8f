/**
 * Time travel: for random runs of every kind and each of their events, what the API says of that moment equals a naive fold of the same log, done here
 * anew for each event, and the values that the rows hold. At the last event it must equal the run's own sums. `--runs=n` (100), `--seed=n`.
 */
import { isDeepStrictEqual } from 'node:util';
import { startFarEnd } from './acceptance/far-end.ts';
import { corpus, runCorpus } from './lib/corpus.ts';
import { hubClient, type HubClient, inParallel } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack } from './lib/stack.ts';

interface Event {
  seq: number;
  at: string;
  type: string;
  path: string | null;
  refs: { nodeId?: string; attempt?: number; port?: string; code?: string; tokens?: number; costUsd?: number; reason?: string };
}
interface Row {
  nodeId: string;
  path: string;
  attempt: number;
  output?: unknown;
}
interface Moment {
  seq: number;
  status: string;
  totals: { tokens: number; costUsd: number };
  nodes: { nodeId: string; status: string; counts: Record<string, number>; port: string | null }[];
  steps: { path: string; status: string; attempt: number; port: string | null }[];
  variables: Record<string, { path: string; attempt: number; value?: unknown; valueRef?: unknown; error: unknown }>;
}

const width = 2;
const ends = ['completed', 'failed', 'cancelled', 'timed_out'];

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const option = (name: string, usual: number): number => Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? usual);
  const most = option('runs', 100);
  const farEnd = await startFarEnd();
  const stack = await startStack({ env: { HUB_OUTBOUND_ALLOW: farEnd.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    await hub.call('PUT', '/variables/acceptance', { value: 'of the team' });
    const runs = await runCorpus(hub, corpus(farEnd.url, most, option('seed', Date.now() % 1_000)));
    log(`${runs.length} runs ended`);
    const judged = await inParallel(runs.length, width, async (n) => judge(hub, runs[n]?.view.id ?? '', (line) => log(`${runs[n]?.name}: ${line}`)));
    const right = judged.filter(({ wrong }) => wrong === 0).length;
    const moments = judged.reduce((all, one) => all + one.moments, 0);
    const wrong = judged.reduce((all, one) => all + one.wrong, 0);
    const ending = judged.filter(({ endsWell }) => endsWell).length;
    return [
      {
        figure: `${right} of ${runs.length} runs, ${moments - wrong} of ${moments} moments equal the fold`,
        want: `${runs.length} of ${runs.length}`,
        ok: right === runs.length,
      },
      {
        figure: `${ending} of ${runs.length} last moments equal the run's own sums`,
        want: `${runs.length} of ${runs.length}`,
        ok: ending === runs.length,
      },
    ];
  } finally {
    await stack.close();
    await farEnd.close();
  }
}

async function judge(hub: HubClient, run: string, log: (line: string) => void): Promise<{ moments: number; wrong: number; endsWell: boolean }> {
  const events = await allEvents(hub, run);
  const rows = (await hub.nodes(run)) as unknown as Row[];
  const outputs = new Map(rows.map((row) => [`${row.attempt} ${row.path}`, row.output ?? null]));
  // The run's own graph, and one iteration where there is any.
  const scopes = [...new Set(['', ...rows.flatMap(({ path }) => /^.*\]/.exec(path)?.[0] ?? []).slice(0, 1)])];
  let moments = 0;
  let wrong = 0;
  let last: Moment | null = null;
  for (let seq = 0; seq <= events.length; seq += 1) {
    for (const scope of scopes) {
      const said = await hub.call<Moment>('GET', `/runs/${run}/at/${seq}?scope=${encodeURIComponent(scope)}`);
      const faults = differences(said, naive(events.slice(0, seq), scope, outputs));
      moments += 1;
      if (faults.length > 0) {
        wrong += 1;
        log(`event ${seq}, scope "${scope}": ${faults.slice(0, 2).join(' | ')}`);
      }
      if (scope === '') last = said;
    }
  }
  return { moments, wrong, endsWell: await endsAsRun(hub, run, last, log) };
}

async function allEvents(hub: HubClient, run: string): Promise<Event[]> {
  const events: Event[] = [];
  for (;;) {
    const { items } = await hub.call<{ items: Event[] }>('GET', `/runs/${run}/events?limit=200&after=${events.at(-1)?.seq ?? 0}`);
    events.push(...items);
    if (items.length < 200) return events;
  }
}

interface Naive {
  status: string;
  tokens: number;
  steps: Record<string, string>;
  values: Record<string, unknown>;
}

/** From nothing, for each moment: the last event of each path, the last event of the run, the sums. */
function naive(events: Event[], scope: string, outputs: Map<string, unknown>): Naive {
  const newest = new Map<string, Event>();
  let status = 'queued';
  for (const event of events) {
    const [subject = '', verb = ''] = event.type.split('.');
    if (subject === 'step') newest.set(event.path ?? '', event);
    else if (verb === 'starting') status = 'queued';
    else if (['queued', 'running', 'waiting', ...ends].includes(verb)) status = verb;
  }
  const tokens = events.reduce((all, { refs }) => all + (refs.tokens ?? 0), 0);
  const said = ({ type, refs }: Event): string => `${type.slice(5)} ${refs.attempt ?? 0} ${refs.port ?? '-'}`;
  const within = (path: string, home: string): boolean =>
    path === home && home !== '' ? true : (home === '' ? path : path.startsWith(`${home}.`) ? path.slice(home.length + 1) : '[').search(/[[.]/) < 0;
  const steps = Object.fromEntries([...newest].filter(([path]) => within(path, scope)).map(([path, event]) => [path, said(event)]));
  const values: Record<string, unknown> = {};
  const homes = ['', ...scope.split('.').flatMap((_, n, parts) => (scope === '' ? [] : [parts.slice(0, n + 1).join('.')]))];
  for (const home of homes)
    for (const [path, event] of newest)
      if (within(path, home) && event.type === 'step.completed')
        values[event.refs.nodeId ?? ''] = outputs.get(`${event.refs.attempt ?? 0} ${path}`) ?? null;
  return { status, tokens, steps, values };
}

function differences(said: Moment, wanted: Naive): string[] {
  const steps = Object.fromEntries(said.steps.map((step) => [step.path, `${step.status} ${step.attempt} ${step.port ?? '-'}`]));
  const values = Object.fromEntries(
    Object.entries(said.variables)
      .filter(([, one]) => one.error === null)
      .map(([id, one]) => [id, one.valueRef === undefined ? one.value : (wanted.values[id] ?? null)]),
  );
  const differ = (what: string, a: unknown, b: unknown): string[] =>
    isDeepStrictEqual(a, b) ? [] : [`${what}: ${JSON.stringify(a)?.slice(0, 160)} where ${JSON.stringify(b)?.slice(0, 160)} is due`];
  return [
    ...differ('status', said.status, wanted.status),
    ...differ('tokens', said.totals.tokens, wanted.tokens),
    ...differ('steps', steps, wanted.steps),
    ...differ('values', values, wanted.values),
  ];
}

async function endsAsRun(hub: HubClient, run: string, last: Moment | null, log: (line: string) => void): Promise<boolean> {
  const { items } = await hub.call<{ items: Moment['nodes'] }>('GET', `/runs/${run}/node-summaries`);
  const view = await hub.call<{ status: string }>('GET', `/runs/${run}`);
  const shape = (nodes: Moment['nodes']): unknown => nodes.map(({ nodeId, status, counts, port }) => ({ nodeId, status, counts, port }));
  if (last !== null && last.status === view.status && isDeepStrictEqual(shape(last.nodes), shape(items))) return true;
  log(`the last moment ${JSON.stringify(shape(last?.nodes ?? []))?.slice(0, 300)} where the sums say ${JSON.stringify(shape(items))?.slice(0, 300)}`);
  return false;
}
