/**
 * F15: one team's long queue does not delay another's run. Team A has `--queued` runs behind its limit; team B starts one run a second. How long B's first
 * task lies in Temporal's queue, and B's time from accepted to begun, idle and beside A's queue, at the real API, worker and Temporal: once beside a team
 * whose runs wait for calls, once beside one that takes every core. `--queued=10000 --starts=60 --limit=20`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { asTeam, openDatabase, type Sql } from '@hub/db';
import { makeTeam, makeWorkflow, trivialDefinition } from '@hub/db/testing';
import { createRun, setTeamLimit } from '@hub/db/write';
import { hubClient, inParallel, type HubClient } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack } from './lib/stack.ts';
import { startStub } from './lib/stub.ts';
import { demoTeam, publishedPlan } from './lib/team.ts';

/** What makes no difference: a scheduling hiccup. */
const hiccupMs = 25;
/** Where every core is busy the wait is for the machine, not for a place in a queue: limits that a person does not notice, whatever the idle figure. */
const fullMs = { queue: 250, whole: 500 };

/** What the other team's runs do. */
interface Neighbour {
  name: string;
  what: string;
  definition: unknown;
}

/** Runs that wait for somebody else most of their time, as most do: the machine has room, and only the queue could be in the way. */
const callers = (stub: string): Neighbour => ({
  name: 'Team of callers',
  what: 'of a call of 2 to 6 s each',
  definition: {
    schemaVersion: 1,
    nodes: [
      {
        id: 'call',
        type: 'action',
        config: { connector: 'http', action: 'request', params: { method: 'GET', url: `${stub}/work?ms={{ 2000 + input.n % 20 * 200 }}` } },
      },
      { id: 'out', type: 'output', config: { name: 'out', value: '{{ nodes.call.output.status }}' } },
    ],
    edges: [{ from: 'call', to: 'out' }],
  },
});

/** Runs that end at once: as many as the machine can do, so that both cores are busy all the time. */
const spinners: Neighbour = { name: 'Team of spinners', what: 'that keep every core busy', definition: trivialDefinition };

function p95(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0;
}

interface Began {
  /** From accepted to begun, as people see it: API, queue, Temporal and the first thing the run does. */
  wholeMs: number;
  /** Of it, how long the first task lay in Temporal's queue (schedule to start). */
  queueMs: number;
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const option = (name: string, fallback: number): number =>
    Number(args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback);
  const [queued, starts, limit] = [option('queued', 10_000), option('starts', 60), option('limit', 20)];
  const stub = await startStub();
  const stack = await startStack({ env: { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  const open = (name: string) => openDatabase({ url: stack.env[name] ?? '', applicationName: 'proof-fairness', max: 4 });
  const [sql, authSql, ownerSql] = [open('DATABASE_URL'), open('DATABASE_AUTH_URL'), open('DATABASE_OWNER_URL')];
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  const client = new Client({ connection });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const mine = await hub.publish('Team B', { ...(trivialDefinition as object), settings: { maxConcurrentRuns: 100 } });
    const rig: Rig = { hub, client, sql, authSql, ownerSql, mine, team: await demoTeam(stack.env), queued, starts, limit, log };
    await startEachSecond(rig);
    const idle = await startEachSecond(rig);
    const calm = await besideQueue(rig, callers(stub.url));
    const busy = await besideQueue(rig, spinners);
    const figure = (what: string, of: (one: Began) => number, { kind, took }: Beside, wantMs: (idle: number) => number): Measured => {
      const [before, after] = [p95(idle.map(of)), p95(took.map(of))];
      return {
        figure: `${what} ${after} ms p95 beside ${queued} queued runs ${kind.what}, ${before} ms idle, ${starts} starts each`,
        want: `<= ${wantMs(before)} ms`,
        ok: after <= wantMs(before),
      };
    };
    log(`B from accepted to begun, ms, idle: ${spread(idle)}; beside callers: ${spread(calm.took)}; beside spinners: ${spread(busy.took)}`);
    return [
      figure('schedule to start', queueOf, calm, (ms) => 2 * ms + hiccupMs),
      figure('accepted to begun', wholeOf, calm, (ms) => 2 * ms + hiccupMs),
      figure('schedule to start', queueOf, busy, () => fullMs.queue),
      figure('accepted to begun', wholeOf, busy, () => fullMs.whole),
    ];
  } finally {
    await connection.close();
    await Promise.all([sql, authSql, ownerSql].map((one) => one.end()));
    await stack.close();
    await stub.close();
  }
}

interface Rig {
  hub: HubClient;
  client: Client;
  sql: Sql;
  authSql: Sql;
  ownerSql: Sql;
  /** Team B's workflow and team. */
  mine: string;
  team: string;
  queued: number;
  starts: number;
  limit: number;
  log: (line: string) => void;
}

interface Beside {
  kind: Neighbour;
  took: Began[];
}

async function startEachSecond({ hub, client, mine, starts }: Rig): Promise<Began[]> {
  const took: Began[] = [];
  for (let n = 0; n < starts; n += 1) {
    const began = Date.now();
    const id = await hub.start(mine, { n });
    const view = await hub.settled(id);
    took.push({ wholeMs: Date.parse(view.startedAt ?? '') - began, queueMs: await queueMsOf(client, id) });
    await delay(Math.max(0, 1_000 - (Date.now() - began)));
  }
  return took;
}

/** Team B's starts while another team's queue is worked off, which must outlast them. */
async function besideQueue(rig: Rig, kind: Neighbour): Promise<Beside> {
  const { hub, sql, authSql, ownerSql, queued, limit, log } = rig;
  const { team } = await makeTeam({ authSql, ownerSql }, { maxConcurrentRuns: limit });
  const { definition, plan } = await publishedPlan(ownerSql, rig.team, await hub.publish(kind.name, kind.definition));
  const { workflowId } = await makeWorkflow({ sql }, team, { definition, plan, maxConcurrentRuns: 10_000, name: kind.name });
  const run = { team, workflowId, triggeredBy: 'api' as const, triggerId: 'manual', trigger: { type: 'api', id: 'manual' } };
  // Through the start transaction; the limit keeps all but a few of them rows.
  await setTeamLimit(sql, team, 0);
  await inParallel(queued, 4, (n) => createRun(sql, { blobKey: Buffer.alloc(32, 1) }, { ...run, inputText: JSON.stringify({ n }) }));
  log(`${kind.name}: ${queued} runs queued, ${limit} may run at once`);
  await setTeamLimit(sql, team, limit);
  const took = await startEachSecond(rig);
  const left = await openRuns(ownerSql, team, ['queued']);
  if (left === 0) throw new Error(`${kind.name}: nothing was queued any more; give a larger --queued`);
  log(`${kind.name}: ${left} still queued`);
  await setTeamLimit(sql, team, 0);
  while ((await openRuns(ownerSql, team, ['starting', 'running'])) > 0) await delay(200);
  return { kind, took };
}

const wholeOf = (one: Began): number => one.wholeMs;
const queueOf = (one: Began): number => one.queueMs;

const spread = (took: Began[]): string =>
  took
    .map((one) => one.wholeMs)
    .toSorted((a, b) => a - b)
    .filter((_, n) => n % 6 === 5)
    .join(' ');

/** From the first task's being scheduled to its start, by the run's history. */
async function queueMsOf(client: Client, run: string): Promise<number> {
  const { events = [] } = await client.workflow.getHandle(run).fetchHistory();
  const at = (attributes: 'workflowTaskScheduledEventAttributes' | 'workflowTaskStartedEventAttributes'): number => {
    const time = events?.find((event) => event[attributes])?.eventTime;
    return Number(time?.seconds ?? 0) * 1_000 + (time?.nanos ?? 0) / 1e6;
  };
  return Math.round(at('workflowTaskStartedEventAttributes') - at('workflowTaskScheduledEventAttributes'));
}

async function openRuns(ownerSql: Sql, team: string, statuses: string[]): Promise<number> {
  return asTeam(ownerSql, team, async (tx) => {
    const [row] = await tx<{ open: number }[]>`
      select count(*)::int as open from workflow_executions where team_id = ${team} and status = any(${statuses})`;
    return row?.open ?? 0;
  });
}
