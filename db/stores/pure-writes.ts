/** Final rows of what was computed: of a fused group, and of many items of a loop. */
import type { PureRow, RunStore } from '@hub/activities/ports';
import { callAgain, type Sql } from '../database.ts';
import { cleanJson } from '../text.ts';
import { ended, endJson, pending, type StoreParts } from './attempts.ts';

export function pureWrites(sql: Sql, { store, noted }: Pick<StoreParts, 'store' | 'noted'>): Pick<RunStore, 'writePure' | 'writeChunk'> {
  const pureRecords = async (team: string, run: string, rows: PureRow[]): Promise<object[]> => {
    const records: object[] = [];
    for (const row of rows) {
      const [input, output] = [await store(team, run, row.inputText), await store(team, run, row.outputText)];
      records.push({ ...endJson(row, input, output), startedAt: row.startedAt, completedAt: row.completedAt });
    }
    return records;
  };

  return {
    async writePure(team, run, rows, rowsPending) {
      const records = await pureRecords(team, run, rows);
      return ended(async () => {
        await callAgain(
          () => sql`
          select hub_write_pure(${team}::uuid, ${run}::uuid, ${sql.json(cleanJson(records) as never)}::jsonb, ${sql.json(pending(rowsPending))}::jsonb)`,
        );
        return noted(team, run, true);
      }, false);
    },

    async writeChunk(team, run, chunk) {
      const results: object[] = [];
      for (const { index, valueText } of chunk.results) {
        const value = await store(team, run, valueText);
        results.push({ index, text: value.text, blob: value.blob, dropped: valueText === null });
      }
      const records = await pureRecords(team, run, chunk.rows);
      return ended(async () => {
        await callAgain(
          () => sql`
          select hub_write_chunk(${team}::uuid, ${run}::uuid, ${chunk.loopPath}, ${sql.json(cleanJson(records) as never)}::jsonb, ${sql.json(pending(chunk.pending))}::jsonb,
            ${sql.json(pending(chunk.recovered))}::jsonb, ${sql.json(cleanJson(results) as never)}::jsonb)`,
        );
        return noted(team, run, true);
      }, false);
    },
  };
}
