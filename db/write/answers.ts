/** Answers of respond steps to the requests that started their runs: one per run, the first. */
import type { Json } from '@hub/dag/planner';
import { asTeam, callAgain, type Sql } from '../database.ts';
import { cleanJson } from '../text.ts';

export interface RunAnswer {
  status: number;
  headers: Record<string, string>;
  /** JSON text. */
  bodyText: string;
}

/** Notes that somebody waits for the run's answer, for `forMs`; null: as long as it takes. Call it before the run is started. */
export async function expectAnswer(sql: Sql, team: string, run: string, forMs: number | null): Promise<void> {
  await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into run_answers (team_id, run_id, until) values (${team}, ${run}, case when ${forMs}::int is not null then clock_timestamp() + make_interval(secs => ${(forMs ?? 0) / 1000}::float8) end)
    on conflict (team_id, run_id) do nothing`,
  );
}

/** `given` again for a repeated attempt of the same step. */
export type GiveOutcome = 'given' | 'answered-before' | 'too-late' | 'no-request';

/** The first respond step of a run to come here answers. */
export async function giveAnswer(
  sql: Sql,
  { team, run, path, answer }: { team: string; run: string; path: string; answer: RunAnswer },
): Promise<GiveOutcome> {
  return callAgain(() =>
    asTeam(sql, team, async (tx) => {
      const [row] = await tx<{ path: string | null; late: boolean }[]>`
        select path, coalesce(until < clock_timestamp(), false) as late from run_answers where team_id = ${team} and run_id = ${run} for update`;
      if (row === undefined) return 'no-request';
      if (row.path !== null) return row.path === path ? 'given' : 'answered-before';
      if (row.late) return 'too-late';
      await tx`
        update run_answers set path = ${path}, status = ${answer.status}, headers = ${tx.json(cleanJson(answer.headers as Json) as never)}, body_text = ${answer.bodyText}, answered_at = clock_timestamp()
        where team_id = ${team} and run_id = ${run}`;
      return 'given';
    }),
  );
}

/** The run's answer; null: none so far. */
export async function readAnswer(sql: Sql, team: string, run: string): Promise<RunAnswer | null> {
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<{ status: number; headers: Record<string, string>; bodyText: string }[]>`
    select status, headers, body_text as "bodyText" from run_answers where team_id = ${team} and run_id = ${run} and path is not null`,
  );
  return row ?? null;
}
