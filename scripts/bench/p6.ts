/**
 * P6: `--open=1000` runs at once, each waiting on a signal, `--queued=10000` more behind the limit. Sampled all the while: the worker's memory, rows queued beside a free
 * slot, Temporal executions of queued runs. Then all get their signal and drain; they begin in the order in which they came.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { asTeam, openDatabase, type Sql } from '@hub/db';
import { hubClient, type HubClient, inParallel } from '../proof/lib/hub.ts';
import type { Measured } from '../proof/lib/proof.ts';
import { startStack } from '../proof/lib/stack.ts';
import { demoTeam } from '../proof/lib/team.ts';
import { rssMb } from './lib.ts';

const signal = 'go';
/** Memory may grow by that while all stand still. */
const flatMb = 60;
const drainMs = 900_000;

interface Sample {
  rss: number;
  queued: number;
  active: number;
  stranded: number;
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured> {
  const option = (name: string, fallback: number): number =>
    Number(args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback);
  const [open, queued, stillS] = [option('open', 1_000), option('queued', 10_000), option('still', 30)];
  const stack = await startStack({ temporalFile: true, env: { HUB_RATE_PER_MINUTE: '10000000', HUB_LOG_LEVEL: 'warn' } });
  const sql = openDatabase({ url: stack.env['DATABASE_URL'] ?? '', applicationName: 'bench-p6', max: 2 });
  const ownerSql = openDatabase({ url: stack.env['DATABASE_OWNER_URL'] ?? '', applicationName: 'bench-p6', max: 1 });
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const client = new Client({ connection });
    const team = await demoTeam(stack.env);
    await asTeam(ownerSql, team, (tx) => tx`update teams set max_concurrent_runs = 100000 where id = ${team}`);
    const workflow = await hub.publish('P6', {
      schemaVersion: 1,
      nodes: [
        { id: 'wait', type: 'wait', config: { signal } },
        { id: 'result', type: 'output', config: { name: 'done', value: true } },
      ],
      edges: [{ from: 'wait', to: 'result' }],
      settings: { maxConcurrentRuns: open, timeoutMs: 86_400_000 },
    });
    const began = Date.now();
    const runs = await inParallel(open + queued, 8, () => hub.start(workflow, {}));
    log(`${open + queued} runs accepted in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    const samples: Sample[] = [];
    const sample = async (): Promise<Sample> => {
      const one = await look(sql, team, workflow, open);
      const taken = { ...one, rss: Math.max(...stack.workers().map((worker) => rssMb(worker.pid))) };
      samples.push(taken);
      return taken;
    };
    await until(async () => (await look(sql, team, workflow, open)).waiting >= open, 'all open runs wait', drainMs);
    const firstRss = (await sample()).rss;
    for (let n = 0; n < stillS; n += 5) {
      await delay(5_000);
      await sample();
    }
    const grown = Math.max(...samples.map(({ rss }) => rss)) - firstRss;
    const executions = Number(
      (
        await client.workflowService.countWorkflowExecutions({
          namespace: 'default',
          query: `WorkflowType = 'hubRun' and ExecutionStatus = 'Running'`,
        })
      ).count,
    );
    log(`standing still for ${stillS} s: worker ${firstRss} MB, grown by ${grown} MB; ${executions} executions in Temporal`);
    await drain(hub, sql, { team, workflow, open, log }, sample);
    const { wrongOrder, completed } = await order(sql, team, workflow);
    const stranded = samples.reduce((sum, one) => sum + one.stranded, 0);
    return {
      figure: `${open} runs waiting, ${queued} queued: ${executions} executions, worker +${grown} MB, ${stranded} queued with a free slot in ${samples.length} samples, ${completed} of ${runs.length} drained, ${wrongOrder} out of order`,
      want: `${open} executions, <= +${flatMb} MB, 0 queued with a free slot, all drained, 0 out of order`,
      ok: executions <= open && grown <= flatMb && stranded === 0 && completed === runs.length && wrongOrder === 0,
    };
  } finally {
    await connection.close();
    await Promise.all([sql.end(), ownerSql.end()]);
    await stack.close();
  }
}

/** Every waiting run gets its signal, wave after wave, until none is left. */
async function drain(
  hub: HubClient,
  sql: Sql,
  at: { team: string; workflow: string; open: number; log: (line: string) => void },
  sample: () => Promise<unknown>,
): Promise<void> {
  const told = new Set<string>();
  const began = Date.now();
  for (const end = Date.now() + drainMs; Date.now() < end; ) {
    const waiting = await asTeam(sql, at.team, async (tx) => [
      ...(await tx<
        { id: string }[]
      >`select id from workflow_executions where team_id = ${at.team} and workflow_id = ${at.workflow} and status in ('running', 'waiting') limit 2000`),
    ]);
    const fresh = waiting.filter(({ id }) => !told.has(id));
    await inParallel(fresh.length, 8, async (n) => {
      const { id } = fresh[n] as { id: string };
      told.add(id);
      await hub.call('POST', `/runs/${id}/signals/${signal}`, { payload: {}, messageId: `p6-${id}` });
    });
    await sample();
    const { left } = await look(sql, at.team, at.workflow, at.open);
    const seconds = (Date.now() - began) / 1000;
    if (fresh.length > 0) at.log(`draining for ${seconds.toFixed(0)} s: ${left} left, ${(told.size / seconds).toFixed(0)} told a second`);
    if (left === 0) return;
    if (fresh.length === 0) await delay(200);
  }
}

async function look(
  sql: Sql,
  team: string,
  workflow: string,
  limit: number,
): Promise<{ queued: number; active: number; waiting: number; left: number; stranded: number }> {
  return asTeam(sql, team, async (tx) => {
    const [row] = await tx<{ queued: number; active: number; waiting: number }[]>`
      select count(*) filter (where status = 'queued')::int as queued, count(*) filter (where status in ('starting', 'running', 'waiting'))::int as active,
        count(*) filter (where status = 'waiting')::int as waiting
      from workflow_executions where team_id = ${team} and workflow_id = ${workflow}`;
    const { queued = 0, active = 0, waiting = 0 } = row ?? {};
    return { queued, active, waiting, left: queued + active, stranded: queued > 0 && active < limit ? Math.min(queued, limit - active) : 0 };
  });
}

/** Runs got their slots in the order in which they came: by the event of it. (`starting_at` of a start that was late is stamped anew by the sweep.) */
async function order(sql: Sql, team: string, workflow: string): Promise<{ wrongOrder: number; completed: number }> {
  return asTeam(sql, team, async (tx) => {
    const [row] = await tx<{ wrong: number; completed: number }[]>`
      select count(*) filter (where began < lag)::int as wrong, count(*) filter (where status = 'completed')::int as completed from (
        select r.status, e.at as began, lag(e.at) over (order by r.priority, r.created_at, r.id) as lag
        from workflow_executions r join run_events e on e.team_id = r.team_id and e.run_id = r.id and e.type = 'run.starting'
        where r.team_id = ${team} and r.workflow_id = ${workflow}) x`;
    return { wrongOrder: row?.wrong ?? 0, completed: row?.completed ?? 0 };
  });
}

async function until(holds: () => Promise<boolean>, what: string, ms: number): Promise<void> {
  for (const end = Date.now() + ms; ; await delay(500)) {
    if (await holds()) return;
    if (Date.now() > end) throw new Error(`did not come: ${what}`);
  }
}
