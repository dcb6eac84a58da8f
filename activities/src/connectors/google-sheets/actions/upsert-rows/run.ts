import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { ActionRun } from '../../../types.ts';
import { withSheets } from '../../client.ts';
import { appendCells, openTab, rowsByKey, updateCells } from '../../table.ts';
import type { Row } from '../../table.ts';
import type { upsertRowsSpec } from './spec.ts';

/** Answers `{ updated, added }`. */
export const runUpsertRows: ActionRun<typeof upsertRowsSpec> = (context) =>
  withSheets(context, async (api) => {
    const { params } = context;
    const tab = await openTab(api, params.spreadsheet, params.sheet);
    const { there, others } = byKey(params, await rowsByKey(api, tab, params.key));
    await updateCells(api, tab, there, params.input);
    await appendCells(api, tab, others, params.input);
    return { output: { updated: there.length, added: others.length } };
  });

/** Records parted by whether a row has their key; of several with one key the last counts. @throws UserError `step.invalid-params`. */
export function byKey(
  params: { key: string; rows: unknown },
  known: ReadonlyMap<string, number>,
): { there: { row: number; values: Row }[]; others: Row[] } {
  const latest = new Map<string, Row>();
  for (const row of (Array.isArray(params.rows) ? params.rows : [params.rows]) as Row[]) {
    const value: Json = row[params.key] ?? null;
    if (value === null || value === '')
      throw new UserError('step.invalid-params', `A record has no value for its key ${params.key}.`, { status: 422 });
    latest.set(String(value), { ...latest.get(String(value)), ...row });
  }
  const all = [...latest];
  return {
    there: all.flatMap(([key, values]) => (known.has(key) ? [{ row: known.get(key) ?? 0, values }] : [])),
    others: all.filter(([key]) => !known.has(key)).map(([, values]) => values),
  };
}
