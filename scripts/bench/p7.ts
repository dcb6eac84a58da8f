/**
 * P7: many schedules with one nominal second. Without jitter: p99 of (run's row - nominal time), printed. With the default jitter of 30 s: p99 of (row - the schedule's own
 * moment), which the server does not tell, so it is bounded from above by the time from the tiny workflow's start to the row. `--schedules=100` (the design's: 500)
 */
import { setTimeout as delay } from 'node:timers/promises';
import { asTeam, openDatabase } from '@hub/db';
import { hubClient, inParallel } from '../proof/lib/hub.ts';
import type { Measured } from '../proof/lib/proof.ts';
import { startStack } from '../proof/lib/stack.ts';
import { demoTeam } from '../proof/lib/team.ts';
import { Client, Connection } from '@temporalio/client';

const perWorkflow = 10;
const leadMs = 45_000;
const limitMs = 5_000;

interface Made {
  workflow: string;
  trigger: string;
  scheduledAt: string;
  createdAt: Date;
}

function p99(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? Number.NaN);
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured> {
  const count = Number(args.find((arg) => arg.startsWith('--schedules='))?.slice('--schedules='.length) ?? 100);
  const stack = await startStack({ temporalFile: true, env: { HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  const sql = openDatabase({ url: stack.env['DATABASE_URL'] ?? '', applicationName: 'bench-p7', max: 2 });
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const client = new Client({ connection });
    const team = await demoTeam(stack.env);
    const round = async (name: string, jitter: string): Promise<{ made: Made[]; nominal: number }> => {
      const workflows = Math.ceil(count / perWorkflow);
      const at = nextMinute(Date.now() + leadMs + workflows * 300);
      const cron = `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
      const ids = await inParallel(workflows, 4, (w) =>
        hub.publish(`${name} ${w}`, {
          schemaVersion: 1,
          triggers: Array.from({ length: Math.min(perWorkflow, count - w * perWorkflow) }, (_, n) => ({
            id: `s${n}`,
            type: 'schedule',
            config: { cron, jitter },
          })),
          nodes: [{ id: 'one', type: 'transform', config: { expression: '1' } }],
          settings: { maxConcurrentRuns: 1000 },
        }),
      );
      log(`${name}: ${count} schedules stand; their time is ${at.toISOString()}`);
      const read = (): Promise<Made[]> =>
        asTeam(sql, team, async (tx) => [
          ...(await tx<Made[]>`
            select workflow_id as workflow, trigger_id as trigger, trigger ->> 'scheduledAt' as "scheduledAt", created_at as "createdAt" from workflow_executions
            where team_id = ${team} and workflow_id = any(${ids}::uuid[])`),
        ]);
      for (const end = at.getTime() + 120_000; ; await delay(1_000)) {
        const made = await read();
        if (made.length >= count || Date.now() > end) {
          for (const id of ids) await hub.call('POST', `/workflows/${id}/archive`);
          return { made, nominal: at.getTime() };
        }
      }
    };
    const sharp = await round('Sharp', '0s');
    const spread = await round('Spread', '30s');
    const own = await inParallel(spread.made.length, 8, async (n) => {
      const { workflow, trigger, createdAt, scheduledAt } = spread.made[n] as Made;
      const id = `hub-fire/${team}/${workflow}/${trigger}-${scheduledAt.replace('.000Z', 'Z')}`;
      const { startTime } = await client.workflow.getHandle(id).describe();
      return createdAt.getTime() - startTime.getTime();
    });
    const late = p99(sharp.made.map(({ createdAt }) => createdAt.getTime() - sharp.nominal));
    const ownLate = p99(own);
    const complete = sharp.made.length === count && spread.made.length === count;
    return {
      figure: `${count} schedules of one second: p99 ${late} ms after it without jitter; with jitter 30 s p99 ${ownLate} ms after each one's own time; ${sharp.made.length} and ${spread.made.length} runs`,
      want: `<= ${limitMs} ms with jitter, one run each`,
      ok: complete && ownLate <= limitMs,
    };
  } finally {
    await connection.close();
    await sql.end();
    await stack.close();
  }
}

function nextMinute(ms: number): Date {
  return new Date(Math.ceil(ms / 60_000) * 60_000);
}
