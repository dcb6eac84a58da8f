/**
 * F15: one team's long queue does not delay another's run. Team A has `--queued` runs behind its limit; team B starts one run a second. B's time from
 * accepted to begun, idle and beside A's queue, at the real API, worker and Temporal. `--queued=2000 --starts=20 --limit=20` (the design's: 10,000).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { asTeam, openDatabase, type Sql } from '@hub/db';
import { makeTeam, makeWorkflow, trivialDefinition } from '@hub/db/testing';
import { createRun, setTeamLimit } from '@hub/db/write';
import { hubClient, inParallel } from './lib/hub.ts';
import { closingLine, type Measured } from './lib/proof.ts';
import { startStack } from './lib/stack.ts';
import { demoTeam, publishedPlan } from './lib/team.ts';

/** What makes no difference on a busy machine: a scheduling hiccup. */
const graceMs = 150;

function p95(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0;
}

export async function run(log: (line: string) => void = () => {}, args: string[] = []): Promise<Measured> {
  const option = (name: string, fallback: number): number =>
    Number(args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback);
  const [queued, starts, limit] = [option('queued', 2_000), option('starts', 20), option('limit', 20)];
  const stack = await startStack({ env: { HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  const open = (name: string) => openDatabase({ url: stack.env[name] ?? '', applicationName: 'proof-fairness', max: 4 });
  const [sql, authSql, ownerSql] = [open('DATABASE_URL'), open('DATABASE_AUTH_URL'), open('DATABASE_OWNER_URL')];
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const mine = await hub.publish('Team B', { ...(trivialDefinition as object), settings: { maxConcurrentRuns: 100 } });
    const measure = async (): Promise<number[]> => {
      const took: number[] = [];
      for (let n = 0; n < starts; n += 1) {
        const began = Date.now();
        const view = await hub.settled(await hub.start(mine, { n }));
        took.push(Date.parse(view.startedAt ?? '') - began);
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
    const [before, after] = [p95(idle), p95(beside)];
    return {
      figure: `B begins within ${after} ms p95 beside A's queue of ${queued} (${left} left), ${before} ms idle: ${(after / Math.max(1, before)).toFixed(2)} times, ${starts} starts each`,
      want: '<= 2 times, A still queued',
      ok: after <= 2 * before + graceMs && left > 0,
    };
  } finally {
    await Promise.all([sql, authSql, ownerSql].map((one) => one.end()));
    await stack.close();
  }
}

async function leftOf(ownerSql: Sql, team: string): Promise<number> {
  return asTeam(ownerSql, team, async (tx) => {
    const [row] = await tx<{ left: number }[]>`
      select count(*)::int as left from workflow_executions where team_id = ${team} and status in ('queued', 'starting', 'running')`;
    return row?.left ?? 0;
  });
}

if (import.meta.main) {
  const measured = await run(console.log, process.argv.slice(2));
  console.log(closingLine('fairness', measured));
  process.exitCode = measured.ok ? 0 : 1;
}
