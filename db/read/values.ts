/** Values on their way to a reader: parsed up to 1 MB, beyond that a reference. */
import type { Json } from '@hub/dag/planner';
import type { Sql, TeamSql } from '../database.ts';
import { textOf } from '../stores/blobs.ts';

export interface RefOrValue {
  text: string | null;
  blob: string | null;
  bytes: number | null;
  preview: Json;
}

/** Values over this many bytes are not in answers. */
export const answerLimitBytes = 1_000_000;

export async function valueOf(
  tx: Sql | TeamSql,
  team: string,
  { text, blob, bytes, preview }: RefOrValue,
): Promise<{ value: Json } | { bytes: number }> {
  if (blob === null) return { value: text === null ? null : parse(text, preview) };
  if ((bytes ?? 0) > answerLimitBytes) return { bytes: bytes ?? 0 };
  const rows = await tx<{ content: Buffer }[]>`select content from blob_chunks where team_id = ${team} and blob_id = ${blob} order by n`;
  return { value: parse(Buffer.concat(rows.map((row) => row.content)).toString('utf8'), preview) };
}

/** The preview where a value is, against the rule, no JSON. */
function parse(text: string, preview: Json): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return preview;
  }
}

export async function wholeText(sql: Sql, team: string, { text, blob }: RefOrValue): Promise<string | null> {
  return textOf(sql, team, text, blob);
}
