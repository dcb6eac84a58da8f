/** Reading page after page up to a limit, in rows and in size. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

const maxChars = 32 * 1_048_576;
const maxPages = 1_000;

export interface Page<Row> {
  rows: readonly Row[];
  /** null on the last page. */
  next: string | null;
}

/** What was read, and whether the vendor has more. */
export interface Collected<Row> {
  rows: Row[];
  more: boolean;
}

/**
 * Rows of all pages, at most `limit`. `read` is asked with the cursor of the page before and how many rows are still wanted.
 * @throws UserError `connector.paging-loop` where the vendor gives a cursor twice, `connector.too-large` over 32 MB.
 */
export async function collect<Row extends Json>(
  limit: number,
  read: (cursor: string | null, wanted: number) => Promise<Page<Row>>,
  start: string | null = null,
): Promise<Collected<Row>> {
  const rows: Row[] = [];
  const seen = new Set<string>();
  let cursor = start;
  let chars = 0;
  for (let page = 0; page < maxPages; page += 1) {
    const { rows: found, next } = await read(cursor, limit - rows.length);
    for (const row of found) {
      if (rows.length >= limit) return { rows, more: true };
      chars += JSON.stringify(row).length;
      if (chars > maxChars)
        throw new UserError('connector.too-large', `The rows are larger than ${maxChars / 1_048_576} MB together.`, {
          status: 422,
          remedy: 'Set a lower limit, a filter or fewer fields.',
        });
      rows.push(row);
    }
    if (next === null || next === '') return { rows, more: false };
    if (rows.length >= limit) return { rows, more: true };
    if (seen.has(next))
      throw new UserError('connector.paging-loop', 'The vendor gave the same place to go on from twice.', {
        status: 422,
        remedy: 'Try again; if it stays, narrow the filter.',
      });
    seen.add(next);
    cursor = next;
  }
  return { rows, more: true };
}
