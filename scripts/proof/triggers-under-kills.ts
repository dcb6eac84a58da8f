/**
 * F1: triggers by API, by webhook and by schedule while the API is killed with -9 after every 5 s of its life. What was answered has exactly one run, what was not has
 * none or one; a client that asks again under the same Idempotency-Key or delivery id gets exactly one; every time of a schedule has exactly one.
 * `--count=n` for less than 2,000.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { asTeam, openDatabase } from '@hub/db';
import { hubClient, inParallel } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { demoTeam } from './lib/team.ts';

const fullCount = 2_000;
const killEveryMs = 5_000;
const senders = 4;
const schedules = 10;
const everyS = 10;
const answerMs = 10_000;

/** How one was sent: once, or again until it was answered. */
type Way = 'api' | 'api-again' | 'webhook' | 'webhook-again';
const ways: Way[] = ['api', 'api-again', 'webhook', 'webhook-again'];

interface Sent {
  n: number;
  way: Way;
  answered: boolean;
}

function definition(): unknown {
  return {
    schemaVersion: 1,
    inputs: { type: 'object', properties: { n: { type: 'integer' } } },
    triggers: [
      { id: 'api', type: 'api' },
      { id: 'hook', type: 'webhook', config: { dedupe: { header: 'webhook-id' } } },
      ...Array.from({ length: schedules }, (_, at) => ({
        id: `s${at}`,
        type: 'schedule',
        config: { every: `${everyS}s`, jitter: '0s', catchUpWindow: '1h', input: { n: -1 } },
      })),
    ],
    nodes: [{ id: 'copy', type: 'transform', config: { expression: 'input.n' } }],
    edges: [],
    settings: { maxConcurrentRuns: 1_000 },
  };
}

/** True where the answer says that it was taken; false where there was none, or a failure. */
async function send(stack: HubStack, place: { workflow: string; hook: string }, n: number, way: Way): Promise<boolean> {
  const isApi = way.startsWith('api');
  const once = way.endsWith('again') ? { [isApi ? 'idempotency-key' : 'webhook-id']: `n-${n}` } : {};
  try {
    const answer = await fetch(isApi ? `${stack.url}/api/v1/workflows/${place.workflow}/runs` : place.hook, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(isApi ? { authorization: `Bearer ${stack.apiKey}` } : {}), ...once },
      body: JSON.stringify(isApi ? { input: { n } } : { n }),
      signal: AbortSignal.timeout(answerMs),
    });
    await answer.text();
    if (answer.status >= 400 && answer.status < 500) throw new TypeError(`${way} was refused: ${answer.status}`);
    return answer.ok;
  } catch (failure) {
    if (failure instanceof TypeError && failure.message.includes('refused:')) throw failure;
    return false;
  }
}

async function sendOne(stack: HubStack, place: { workflow: string; hook: string }, n: number): Promise<Sent> {
  const way = ways[n % ways.length] ?? 'api';
  let answered = await send(stack, place, n, way);
  for (let tries = 0; !answered && way.endsWith('again') && tries < 600; tries += 1) {
    await delay(200);
    answered = await send(stack, place, n, way);
  }
  // A server that is away answers nobody: the next one waits until somebody is there.
  while (!answered && !way.endsWith('again') && !(await stack.isUp())) await delay(50);
  return { n, way, answered };
}

async function killApi(stack: HubStack, going: () => boolean, log: (line: string) => void): Promise<number> {
  let kills = 0;
  while (going()) {
    // Of its life: on a busy machine its start alone may take as long.
    while (going() && !(await stack.isUp())) await delay(100);
    await delay(killEveryMs);
    if (!going()) break;
    stack.killApi();
    kills += 1;
    log(`kill -9 of the API number ${kills}`);
  }
  return kills;
}

/** Runs per number, and per schedule and nominal time. */
async function runsOf(
  stack: HubStack,
  workflow: string,
): Promise<{ byN: Map<number, number>; fires: { trigger: string; at: number; runs: number }[]; open: number }> {
  const team = await demoTeam(stack.env);
  const sql = openDatabase({ url: stack.env['DATABASE_URL'] ?? '', applicationName: 'proof-triggers', max: 1 });
  try {
    const rows = await asTeam(
      sql,
      team,
      (tx) => tx<{ n: number; runs: number }[]>`
      select (input_data ->> 'n')::int as n, count(*)::int as runs from workflow_executions where workflow_id = ${workflow} group by 1`,
    );
    const fires = await asTeam(
      sql,
      team,
      (tx) => tx<{ trigger: string; at: number; runs: number }[]>`
      select trigger_id as trigger, extract(epoch from (trigger ->> 'scheduledAt')::timestamptz)::float8 as at, count(*)::int as runs from workflow_executions
      where workflow_id = ${workflow} and trigger ->> 'type' = 'schedule' group by 1, 2 order by 1, 2`,
    );
    const [open] = await asTeam(
      sql,
      team,
      (tx) => tx<{ runs: number }[]>`
      select count(*)::int as runs from workflow_executions where workflow_id = ${workflow} and status <> 'completed'`,
    );
    return { byN: new Map(rows.map(({ n, runs }) => [n, runs])), fires: [...fires], open: open?.runs ?? 0 };
  } finally {
    await sql.end();
  }
}

/** Times between the first and the last fire of each schedule that have no run, or several. */
function wrongFires(fires: { trigger: string; at: number; runs: number }[]): number {
  let wrong = 0;
  for (const one of Map.groupBy(fires, ({ trigger }) => trigger).values()) {
    const [first, last] = [one[0]?.at ?? 0, one.at(-1)?.at ?? 0];
    wrong += Math.round((last - first) / everyS) + 1 - one.length;
    wrong += one.filter(({ runs }) => runs !== 1).length;
  }
  return wrong;
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const text = args.find((arg) => arg.startsWith('--count='))?.slice('--count='.length);
  const count = text === undefined ? fullCount : Number(text);
  const stack = await startStack({ env: { HUB_RATE_PER_MINUTE: '10000000', HUB_LOG_LEVEL: 'warn' } });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const { id: workflow } = await hub.call<{ id: string }>('POST', '/workflows', { name: 'Triggers', definition: definition() });
    const published = await hub.call<{ urls: { url: string }[] }>('POST', `/workflows/${workflow}/publish`, { note: 'proof' });
    const place = { workflow, hook: published.urls[0]?.url ?? '' };
    let going = true;
    const killing = killApi(stack, () => going, log);
    const sent = await inParallel(count, senders, async (n) => {
      if (n > 0 && n % 200 === 0) log(`${n} sent`);
      // Spread over the kills: a quick machine would be done before the second one.
      await delay(60);
      return sendOne(stack, place, n);
    });
    going = false;
    const kills = await killing;
    await stack.ready();
    let found = await runsOf(stack, workflow);
    for (const end = Date.now() + 120_000; found.open > 0 && Date.now() < end; found = await runsOf(stack, workflow)) await delay(500);
    const runs = (one: Sent): number => found.byN.get(one.n) ?? 0;
    const answered = sent.filter((one) => one.answered);
    const single = answered.filter((one) => runs(one) === 1).length;
    const unanswered = sent.filter((one) => !one.answered);
    const wrong = unanswered.filter((one) => runs(one) > 1).length;
    for (const one of answered.filter((each) => runs(each) !== 1).slice(0, 10)) log(`wrong: ${one.way} ${one.n} has ${runs(one)} runs`);
    const fires = found.fires.length;
    return [
      {
        figure: `${single} of ${answered.length} answered triggers have exactly one run, under ${kills} kill -9 of the API`,
        want: 'all',
        ok: answered.length > 0 && single === answered.length && kills > 0,
      },
      { figure: `${wrong} of ${unanswered.length} unanswered ones have more than one run`, want: '0', ok: wrong === 0 },
      {
        figure: `${wrongFires(found.fires)} of ${fires} times of schedules lost or doubled`,
        want: '0',
        ok: fires > 0 && wrongFires(found.fires) === 0,
      },
      { figure: `${found.open} runs not completed`, want: '0', ok: found.open === 0 },
    ];
  } catch (failure) {
    for (const line of stack.lastWords()) log(line);
    throw failure;
  } finally {
    await stack.close();
  }
}
