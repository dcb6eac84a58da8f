/** Everything that the hub keeps, writes and says, as text for the search. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectTemporal } from '@hub/kit/temporal';
import postgres from 'postgres';
import { WebSocket } from 'undici';
import type { HubStack } from '../lib/stack.ts';
import type { Search } from './secrets.ts';

/** Every row of every table, as PostgreSQL writes it: bytes in hex. */
export async function searchDatabase(stack: HubStack, search: Search): Promise<number> {
  const sql = postgres(stack.env['DATABASE_OWNER_URL'] ?? '', { max: 1, onnotice: () => undefined });
  try {
    const tables = await sql<{ name: string }[]>`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') order by 1`;
    let rows = 0;
    for (const { name } of tables) {
      // The owner is held by row level security too; this database is thrown away.
      await sql.unsafe(`alter table ${name} no force row level security`);
      const query = sql.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`).cursor(500);
      for await (const batch of query) {
        rows += batch.length;
        search.look('database', name, batch.map(({ row }) => row).join('\n'));
      }
    }
    return rows;
  } finally {
    await sql.end();
  }
}

/** Raw histories and descriptions of all executions, and all schedules. */
export async function searchTemporal(stack: HubStack, search: Search): Promise<number> {
  const temporal = await connectTemporal({ address: stack.env['TEMPORAL_ADDRESS'] ?? '', namespace: 'default' });
  let events = 0;
  try {
    for await (const { workflowId, runId } of temporal.client.workflow.list()) {
      const handle = temporal.client.workflow.getHandle(workflowId, runId);
      const history = await handle.fetchHistory();
      events += history.events?.length ?? 0;
      const { raw } = await handle.describe();
      search.look('Temporal', workflowId, textOf([history, raw]));
    }
    for await (const { scheduleId } of temporal.client.schedule.list()) {
      const described = await temporal.client.schedule.getHandle(scheduleId).describe();
      search.look('Temporal', scheduleId, textOf(described.raw));
    }
    return events;
  } finally {
    await temporal.close();
  }
}

/** Texts and bytes of a value, wherever they stand in it. */
function textOf(value: unknown): string {
  const texts: string[] = [];
  const seen = new Set<object>();
  const walk = (part: unknown): void => {
    if (typeof part === 'string') texts.push(part);
    else if (part instanceof Uint8Array) texts.push(Buffer.from(part).toString('latin1'));
    else if (typeof part === 'object' && part !== null && !seen.has(part)) {
      seen.add(part);
      for (const [name, one] of Object.entries(part)) {
        texts.push(name);
        walk(one);
      }
    }
  };
  walk(value);
  return texts.join('\n');
}

/** What the processes wrote. */
export function searchLogs({ folder }: HubStack, search: Search): void {
  for (const name of ['api.log', 'worker.log']) search.look('logs', name, readFileSync(join(folder, name), 'utf8'));
}

/** All frames of a run, from its first event. */
export function searchFrames(stack: HubStack, search: Search, run: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const socket = new WebSocket(`${stack.url.replace('http', 'ws')}/api/v1/live?run=${run}&lastSeq=0`, {
    headers: { authorization: `Bearer ${stack.apiKey}`, origin: stack.url },
  });
  let frames = 0;
  let quiet = setTimeout(() => socket.close(), 5_000);
  socket.addEventListener('message', ({ data }) => {
    frames += 1;
    search.look('WebSocket', run, String(data));
    clearTimeout(quiet);
    quiet = setTimeout(() => socket.close(), 250);
  });
  socket.addEventListener('close', () => resolve(frames));
  socket.addEventListener('error', () => reject(new Error(`the live feed of ${run} broke`)));
  return promise.finally(() => clearTimeout(quiet));
}
