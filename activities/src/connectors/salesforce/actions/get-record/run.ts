import type { Json } from '@hub/dag/planner';

import type { ActionRun } from '../../../types.ts';
import { withSalesforce } from '../../client.ts';
import { isNoRecord } from '../../faults.ts';
import { toRow } from '../../records.ts';
import type { getRecordSpec } from './spec.ts';

/** Answers `{ found, record }`. */
export const runGetRecord: ActionRun<typeof getRecordSpec> = (context) =>
  withSalesforce(context, async (connection) => {
    const { object, id, by, fields } = context.params;
    // The SDK's own retrieve puts ids into the address as they are.
    const place = by === undefined ? encodeURIComponent(id) : `${by}/${encodeURIComponent(id)}`;
    const query = fields.length === 0 ? '' : `?fields=${fields.join(',')}`;
    const found = await connection.request<Record<string, Json>>(`/sobjects/${object}/${place}${query}`).catch((error: unknown) => {
      if (isNoRecord(error)) return null;
      throw error;
    });
    return { output: found === null ? { found: false, record: null } : { found: true, record: toRow(found, () => undefined) } };
  });
