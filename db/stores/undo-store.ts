/** The worker's UndoStore (activities/src/undo-ports.ts) on PostgreSQL: one round trip per method, values over 32 KB add theirs. */
import { randomUUID } from 'node:crypto';
import type { UndoStore } from '@hub/activities/undo-ports';
import { callAgain, one, type Sql } from '../database.ts';
import type { RunNotifier } from '../live/notifier.ts';
import { cleanJson } from '../text.ts';
import { pending } from './attempts.ts';
import { textOf } from './blobs.ts';

interface NextRow {
  n: number;
  node_id: string;
  path: string;
  attempt: number;
  failed: number;
  lost: number;
  input_text: string | null;
  input_blob: string | null;
  output_text: string | null;
  output_blob: string | null;
}

/** See the port for what each method promises. */
export function createUndoStore(sql: Sql, notifier?: RunNotifier): UndoStore {
  return {
    async open(team, run, nodes, rows) {
      const { left } = one(
        await callAgain(
          () => sql<{ left: number }[]>`
          select hub_open_undo(${team}::uuid, ${run}::uuid, ${sql.json(nodes as never)}::jsonb, ${sql.json(pending(rows))}::jsonb) as left`,
        ),
      );
      notifier?.note(team, run);
      return left;
    },

    async next(team, run) {
      const by = randomUUID();
      const [row] = await callAgain(() => sql<NextRow[]>`select * from hub_next_undo(${team}::uuid, ${run}::uuid, ${by}::uuid)`);
      if (row === undefined) return null;
      notifier?.note(team, run);
      const { n, path, attempt, failed, lost } = row;
      const inputText = (await textOf(sql, team, row.input_text, row.input_blob)) ?? 'null';
      const outputText = (await textOf(sql, team, row.output_text, row.output_blob)) ?? 'null';
      return { n, nodeId: row.node_id, path, attempt, failed, lost, inputText, outputText };
    },

    async end(team, run, end) {
      await callAgain(() => sql`select hub_end_undo(${team}::uuid, ${run}::uuid, ${sql.json(cleanJson(end) as never)}::jsonb)`);
      notifier?.note(team, run);
    },
  };
}
