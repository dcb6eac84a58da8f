import type { ActionRun } from '../../../types.ts';
import { withHubSpot } from '../../client.ts';
import { isNotFound } from '../../faults.ts';
import { toRecord } from '../../records.ts';
import type { getRecordSpec } from './spec.ts';

/** Answers `{ found, record, associations }`. */
export const runGetRecord: ActionRun<typeof getRecordSpec> = (context) =>
  withHubSpot(context, async ({ records }) => {
    const { object, id, by, properties, associations } = context.params;
    const some = (names: readonly string[]): string[] | undefined => (names.length === 0 ? undefined : [...names]);
    const found = await records.getById(object, id, some(properties), undefined, some(associations), false, by).catch((error: unknown) => {
      if (isNotFound(error)) return null;
      throw error;
    });
    if (found === null) return { output: { found: false, record: null, associations: {} } };
    const others = Object.entries(found.associations ?? {}).map(([kind, { results }]) => [kind, [...new Set(results.map((one) => String(one.id)))]]);
    return { output: { found: true, record: toRecord(found), associations: Object.fromEntries(others) as Record<string, string[]> } };
  });
