/** Activities of the hand-written peers: a trivial step or an HTTP call, each with or without one PostgreSQL row. */
import type { Sql } from 'postgres';
import { Agent, fetch } from 'undici';

export interface PeerActivities {
  step: (input: { run: string; n: number; value: number; row: boolean }) => Promise<number>;
  call: (input: { run: string; n: number; url: string; row: boolean }) => Promise<number>;
}

export function peerActivities(sql: Sql): PeerActivities {
  const dispatcher = new Agent({ connections: 100 });
  const record = async (run: string, n: number, output: unknown): Promise<void> => {
    await sql`insert into peer_rows (run, step, output) values (${run}, ${n}, ${sql.json(output as never)})`;
  };
  return {
    async step({ run, n, value, row }) {
      const result = value > 0 ? value + 1 : value;
      if (row) await record(run, n, { result });
      return result;
    },
    async call({ run, n, url, row }) {
      const answer = await fetch(`${url}&n=${n}`, { dispatcher, headers: { 'idempotency-key': `${run}/${n}` } });
      const body = (await answer.json()) as { n: number };
      if (row) await record(run, n, body);
      return body.n;
    },
  };
}
