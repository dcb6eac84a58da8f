import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { fields, into, otherSource, rowsOutput, source } from '../../params.ts';

const params = z.strictObject({
  source,
  other: otherSource,
  on: fields('Fields that must be equal in both.').meta({ title: 'Equal in', ui: { words: { one: 'field' } } }),
  keep: z
    .enum(['matching', 'all', 'unmatched'])
    .default('matching')
    .describe('Which of the rows stay.')
    .meta({ ui: { labels: ['Rows with a partner', 'All rows', 'Rows without a partner'] } }),
  prefix: z
    .string()
    .max(50)
    .default('')
    .describe('Put before the names of fields from the other rows; without it they replace fields of the same name.')
    .meta({ ui: { more: true, placeholder: 'customer_' } }),
  into,
});

export const joinRowsSpec = {
  id: 'join-rows',
  version: 1,
  kind: 'either',
  title: 'Join rows',
  help: 'Puts the fields of other rows beside rows with the same key. The rows may be a file of any size, the other ones are held in memory (up to 500,000).',
  example: {
    params: { source: '{{ nodes.orders.output.rows }}', other: '{{ nodes.customers.output.rows }}', on: ['customer_id'], keep: 'all' },
    output: { rows: [{ customer_id: 7, total: 12, name: 'Ada' }], count: 1, unmatched: 0 },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: rowsOutput('The joined rows (or their file), their number, and how many found no partner.', { unmatched: { type: 'integer' } }),
  credentialKinds: [],
} as const satisfies ActionSpec<typeof params>;
