/** The worker's RunStore (activities/src/ports.ts) on PostgreSQL. One round trip per method; values over 32 KB add the write of their blob. */
import type { RunStore } from '@hub/activities/ports';
import { BugError } from '@hub/kit/errors';
import { callAgain, one, type Sql } from '../database.ts';
import type { RunNotifier } from '../live/notifier.ts';
import { cleanJson } from '../text.ts';
import { finishRun } from '../write/finish-run.ts';
import { attempts, type Begun, begun, ended, goneAttempt, pending } from './attempts.ts';
import { type BlobKey, storeItems, storeText } from './blobs.ts';
import { pureWrites } from './pure-writes.ts';
import { itemReads, loopReads, stepReads } from './step-reads.ts';

export interface RunStoreOptions {
  blobKey: BlobKey;
  /** Told of every run after each commit. */
  notifier?: RunNotifier | undefined;
}

/** See the port for what each method promises. A run of another team is `run.gone`, as one that never was. */
export function createRunStore(sql: Sql, options: RunStoreOptions): RunStore {
  const { blobKey, notifier } = options;
  const store = (team: string, run: string, text: string | null) => storeText(sql, blobKey, team, { kind: 'run', id: run }, text);
  const storeAll = (team: string, run: string, items: AsyncIterable<string>) => storeItems(sql, blobKey, team, { kind: 'run', id: run }, items);
  const noted = <T>(team: string, run: string, result: T): T => {
    notifier?.note(team, run);
    return result;
  };

  return {
    ...stepReads(sql),
    ...itemReads(sql),
    ...loopReads(sql),
    ...attempts(sql, { store, storeAll, noted }),
    ...pureWrites(sql, { store, noted }),

    async openLoop(row) {
      const { team, run } = row;
      const items = await store(team, run, row.itemsText);
      // Places in a text that had to be cleaned are not known.
      const pages = items.blob === null || items.changed ? null : row.pages;
      return ended(async () => {
        const opened = one(
          await callAgain(
            () => sql<Begun[]>`
          select * from hub_open_loop(${team}::uuid, ${run}::uuid, ${row.nodeId}, ${row.nodeType}, ${row.path}, ${row.iteration}::int, ${sql.json(pending(row.rows))}::jsonb,
            ${row.count}::int, ${items.text}, ${items.blob}::uuid, ${pages?.items ?? null}::int[], ${pages?.bytes ?? null}::int[])`,
          ),
        );
        return noted(team, run, begun(opened));
      }, goneAttempt);
    },

    async saveIteration(team, run, path, valueText) {
      const [, loop, index] = /^(.+)\[(\d+)\]$/.exec(path) ?? [];
      if (loop === undefined) throw new BugError('run.bad-path', `Not the path of an iteration: ${path}`);
      const value = await store(team, run, valueText);
      await callAgain(
        () => sql`select hub_save_iteration(${team}::uuid, ${run}::uuid, ${loop}, ${Number(index)}::int, ${value.text}, ${value.blob}::uuid)`,
      );
    },

    async warnLoop(team, run, path, warnings) {
      await callAgain(() => sql`select hub_warn(${team}::uuid, ${run}::uuid, ${path}, ${sql.json(cleanJson(warnings) as never)}::jsonb)`);
    },

    async writeRows(team, run, rows) {
      await callAgain(() => sql`select hub_write_rows(${team}::uuid, ${run}::uuid, ${sql.json(pending(rows))}::jsonb)`);
      noted(team, run, undefined);
    },

    async finish(end) {
      const result = await finishRun(sql, { blobKey }, end);
      notifier?.noteEnd(end.team, end.run);
      for (const next of result.start) notifier?.note(next.team, next.run);
      return result;
    },
  };
}
