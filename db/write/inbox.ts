/** From the written message to Temporal (04, 6b): what was said to a run stands in the database first; its numbers are then told to the workflow. */
import type { Message } from '@hub/dag/planner';
import { asTeam, callOnce, type Sql } from '../database.ts';
import type { RunRef } from './slots.ts';

export interface Inbox {
  /** Tells what has not been told; never throws: the sweep repairs. */
  deliver(run: RunRef): Promise<void>;
  /** Delivers, over all teams, what has been lying for more than 3 s: every 2 s in every process. */
  repair(): Promise<void>;
}

export interface InboxOptions {
  /** True when Temporal has them. */
  send: (run: string, messages: Message[]) => Promise<boolean>;
  onError: (error: unknown) => void;
}

const batch = 200;

/** The inbox of runs. Sending twice is harmless: a message counts once by its number. */
export function createInbox(sql: Sql, { send, onError }: InboxOptions): Inbox {
  async function tell({ team, run }: RunRef): Promise<void> {
    for (;;) {
      const messages = await unsent(sql, team, run);
      if (messages.length === 0 || !(await send(run, messages))) return;
      const numbers = messages.map(({ n }) => n);
      await callOnce(() => sql`select hub_mark_sent(${team}::uuid, ${run}::uuid, ${numbers}::int[])`);
      if (messages.length < batch) return;
    }
  }
  async function deliver(ref: RunRef): Promise<void> {
    try {
      await tell(ref);
    } catch (error) {
      onError(error);
    }
  }
  return {
    deliver,
    async repair() {
      const late = await callOnce(async () => [...(await sql<RunRef[]>`select team, run from hub_unsent(200)`)]);
      for (const ref of late) await deliver(ref);
    },
  };
}

interface Row {
  n: number;
  kind: Message['kind'];
  name: string | null;
  key: string | null;
  path: string | null;
  decision: string | null;
}

async function unsent(sql: Sql, team: string, run: string): Promise<Message[]> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<Row[]>`
    select n, kind, name, key_hash as key, path, decision from run_messages where team_id = ${team} and run_id = ${run} and sent_at is null order by n limit ${batch}`,
  );
  return rows.map(({ n, kind, name, key, path, decision }) => ({
    n,
    kind,
    ...(name === null ? {} : { name }),
    ...(key === null ? {} : { key }),
    ...(path === null ? {} : { path }),
    ...(decision === 'retry' ? { again: true } : {}),
  }));
}
