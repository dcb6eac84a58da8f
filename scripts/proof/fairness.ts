/**
 * F15: one team's long queue does not delay another's run. Team A has `--queued` runs behind its limit; team B starts one run a second. B's time from
 * accepted to begun, idle and beside A's queue, at the real API, worker and Temporal. `--queued=10000 --starts=60 --limit=20`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { asTeam, openDatabase, type Sql } from '@hub/db';
import { makeTeam, makeWorkflow, trivialDefinition } from '@hub/db/testing';
import { createRun, setTeamLimit } from '@hub/db/write';
import { hubClient, inParallel } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack } from './lib/stack.ts';
import { demoTeam, publishedPlan } from './lib/team.ts';

/** What makes no difference on a busy machine: a scheduling hiccup. */
const graceMs = 150;

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
  const stack = await startStack({ env: { HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  const open = (name: string) => openDatabase({ url: stack.env[name] ?? '', applicationName: 'proof-fairness', max: 4 });
  const [sql, authSql, ownerSql] = [open('DATABASE_URL'), open('DATABASE_AUTH_URL'), open('DATABASE_OWNER_URL')];
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  const client = new Client({ connection });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const mine = await hub.publish('Team B', { ...(trivialDefinition as object), settings: { maxConcurrentRuns: 100 } });
    const measure = async (): Promise<Began[]> => {
      const took: Began[] = [];
      for (let n = 0; n < starts; n += 1) {
        const began = Date.now();
        const id = await hub.start(mine, { n });
        const view = await hub.settled(id);
        took.push({ wholeMs: Date.parse(view.startedAt ?? '') - began, queueMs: await queueMsOf(client, id) });
        await delay(Math.max(0, 1_000 - (Date.now() - began)));
      }
      return took;
    };
    await measure();
    const idle = await measure();
    // The other team's queue, through the start transaction; its limit keeps all but a few of them rows.
    const { team } = await makeTeam({ authSql, ownerSql }, { maxConcurrentRuns: limit });

    const { definition, plan } = await publishedPlan(ownerSql, await demoTeam(stack.env), mine);
    const { workflowId } = await makeWorkflow({ sql }, team, { definition, plan, maxConcurrentRuns: 10_000, name: 'Team A' });
    const blobKey = Buffer.alloc(32, 1);
    await setTeamLimit(sql, team, 0);
    await inParallel(queued, 4, (n) =>
      createRun(
        sql,
        { blobKey },
        { team, workflowId, triggeredBy: 'api', triggerId: 'manual', trigger: { type: 'api', id: 'manual' }, inputText: JSON.stringify({ n }) },
      ),
    );
    log(`team A has ${queued} runs queued, ${limit} may run at once`);
    await setTeamLimit(sql, team, limit);
    const beside = await measure();
    const left = await leftOf(ownerSql, team);
    log(`B from accepted to begun, ms, idle: ${spread(idle)}; beside A: ${spread(beside)}`);
    const figure = (what: string, of: (one: Began) => number): Measured => {
      const [before, after] = [p95(idle.map(of)), p95(beside.map(of))];
      return {
        figure: `${what} ${after} ms p95 beside A's queue of ${queued} (${left} left), ${before} ms idle, ${starts} starts each`,
        want: `<= 2 times idle and ${graceMs} ms, A still queued`,
        ok: after <= 2 * before + graceMs && left > 0,
      };
    };
    return [figure("B's run begins within", (one) => one.wholeMs), figure("B's first task lies in Temporal's queue for", (one) => one.queueMs)];
  } finally {
    await connection.close();
    await Promise.all([sql, authSql, ownerSql].map((one) => one.end()));
    await stack.close();
  }
}

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

async function leftOf(ownerSql: Sql, team: string): Promise<number> {
  return asTeam(ownerSql, team, async (tx) => {
    const [row] = await tx<{ left: number }[]>`
      select count(*)::int as left from workflow_executions where team_id = ${team} and status in ('queued', 'starting', 'running')`;
    return row?.left ?? 0;
  });
}
