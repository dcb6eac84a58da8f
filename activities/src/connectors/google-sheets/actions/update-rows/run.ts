import type { ActionRun } from '../../../types.ts';
import { withSheets } from '../../client.ts';
import { openTab, rowsByKey, updateCells } from '../../table.ts';
import { byKey } from '../upsert-rows/run.ts';
import type { updateRowsSpec } from './spec.ts';

/** Answers `{ updated, missing }`. */
export const runUpdateRows: ActionRun<typeof updateRowsSpec> = (context) =>
  withSheets(context, async (api) => {
    const { params } = context;
    const tab = await openTab(api, params.spreadsheet, params.sheet);
    const { there, others } = byKey(params, await rowsByKey(api, tab, params.key));
    await updateCells(api, tab, there, params.input);
    return { output: { updated: there.length, missing: others.map((row) => row[params.key] ?? null) } };
  });
