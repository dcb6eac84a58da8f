/** What a vendor says to the forms of the builder: choices of a field, fields of a table, whether a connection works. */
import { z } from 'zod';
import { id } from './common.ts';

const name = z.string().min(1).max(100);
export const connectorParams = z.strictObject({ id: name });
const asked = {
  action: name.optional().meta({ description: 'Id of the action whose form asks.' }),
  params: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: 'What the form holds so far; fields that still hold {{ }} count as empty.' }),
  credentialId: id.optional().meta({ description: 'Credential the step will use; needed where the connector takes one.' }),
};

export const optionsAsk = z.strictObject({
  ...asked,
  resource: name.meta({ description: 'What is asked for, as the field’s `ui.options` names it: `tables`, `spreadsheets`.' }),
  search: z.string().max(200).optional().meta({ description: 'Part of a name.' }),
  cursor: z.string().max(4_000).optional().meta({ description: '`nextCursor` of the answer before.' }),
});
export const option = z
  .object({ value: z.string(), label: z.string(), help: z.string().optional() })
  .meta({ id: 'ConnectorOption', description: 'A choice of a field: `value` goes into the params, `label` is shown.' });
export type ConnectorOption = z.output<typeof option>;
export const optionPage = z.object({ items: z.array(option), nextCursor: z.string().nullable() });

export const fieldsAsk = z.strictObject({
  ...asked,
  field: name.meta({ description: 'The param that holds a row or record, as its `ui.fieldsOf` says.' }),
});
export const fieldsAnswer = z.object({
  schema: z
    .record(z.string(), z.unknown())
    .meta({ description: 'JSON Schema (2020-12) of one row: names, types, choices, what is required or read-only.' }),
});

export const connectionAsk = z.strictObject({ credentialId: id });
export const connectionAnswer = z
  .object({
    ok: z.boolean(),
    message: z.string().meta({ description: 'What was found, or what is wrong and what to do.' }),
    account: z.string().nullable().meta({ description: 'Who the vendor says we are.' }),
    scopes: z.array(z.string()).nullable().meta({ description: 'Scopes the vendor named; null where it names none.' }),
    missing: z.array(z.string()).meta({ description: 'Scopes that actions of this connector need and the credential lacks.' }),
    code: z.string().nullable().meta({ description: 'Error code when `ok` is false.' }),
  })
  .meta({ id: 'ConnectionTest' });
export type ConnectionTest = z.output<typeof connectionAnswer>;
