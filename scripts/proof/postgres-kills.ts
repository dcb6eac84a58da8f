/** F4: 300 runs while PostgreSQL is stopped at once (SIGQUIT) and started again 20 times; nothing committed may be missing. `--runs=n --kills=n` for less. */
import { setTimeout as delay } from 'node:timers/promises';
import { asTeam, openDatabase } from '@hub/db';
import type { Measured } from './lib/proof.ts';
import { killablePostgres } from './lib/killable.ts';
import { killCounts, runUnderKills } from './lib/server-kills.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { startStub } from './lib/stub.ts';
import { demoTeam } from './lib/team.ts';

const drainMs = 60_000;

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const stub = await startStub();
  const postgres = await killablePostgres();
  try {
    const env = { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'error' };
    const stack = await startStack({ env, databases: postgres.at });
    try {
      const counts = killCounts(args);
      const { measured, ids } = await runUnderKills({ stack, stub, log, kill: () => postgres.kill(), ...counts });
      const { there, left } = await committed(stack, ids);
      return [
        ...measured,
        { figure: `${ids.length - there} of ${ids.length} runs that were answered 202 missing`, want: '0', ok: there === ids.length },
        { figure: `outbox drained to ${left}`, want: '0', ok: left === 0 },
      ];
    } finally {
      await stack.close();
    }
  } finally {
    await postgres.stop();
    await stub.close();
  }
}

/** Rows of runs that a client was told of, and what still waits to be told to Temporal. */
async function committed(stack: HubStack, ids: string[]): Promise<{ there: number; left: number }> {
  const team = await demoTeam(stack.env);
  const sql = openDatabase({ url: stack.env['DATABASE_URL'] ?? '', applicationName: 'proof-kills', max: 2 });
  try {
    for (const end = Date.now() + drainMs; ; await delay(500)) {
      const [row] = await asTeam(
        sql,
        team,
        (tx) => tx<{ there: number; left: number }[]>`
        select (select count(*)::int from workflow_executions where team_id = ${team} and id = any(${ids}::uuid[])) as there,
          (select count(*)::int from workflow_executions where team_id = ${team} and status in ('queued', 'starting')) + (select count(*)::int from run_messages where team_id = ${team} and sent_at is null)
          + (select count(*)::int from trigger_outbox where team_id = ${team}) + (select count(*)::int from run_ends where team_id = ${team}) as left`,
      );
      if (row !== undefined && (row.left === 0 || Date.now() > end)) return row;
    }
  } finally {
    await sql.end();
  }
}
