import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';
import type { Connection } from '@jsforce/jsforce-node/lib/connection.js';

import type { Choice, ConnectorServices, ServiceContext } from '../types.ts';
import { choicesPage } from '../sdk/choices.ts';
import { queryPage, withSalesforce } from './client.ts';

type Described = Awaited<ReturnType<Connection['describe']>>;
type Field = Described['fields'][number];

function chosenObject({ params }: ServiceContext): string {
  const { object } = params;
  if (typeof object === 'string' && /^[A-Za-z]\w{0,79}$/.test(object)) return object;
  throw new UserError('connector.refused', 'Choose the object first.', { status: 422 });
}

const describe = (context: ServiceContext): Promise<Described> => withSalesforce(context, (connection) => connection.describe(chosenObject(context)));
const toChoice = ({ name, label, type }: Field): Choice => ({ value: name, label, help: `${name}, ${type}` });

export const salesforceServices: ConnectorServices = {
  test: (context) =>
    withSalesforce(context, async (connection) => {
      const { records } = await queryPage(connection, 'SELECT Name FROM Organization LIMIT 1', null, { batchSize: 200 });
      const name = String(records[0]?.['Name'] ?? connection.instanceUrl);
      const usage = connection.limitInfo.apiUsage;
      const used = usage === undefined ? '' : ` ${usage.used} of ${usage.limit} calls of the last 24 hours are used.`;
      // Salesforce does not say what a token may do; a missing scope shows as a refusal.
      return { message: `Connected to ${name}.${used}`, account: name, scopes: null };
    }),
  resources: {
    objects: async (context) => {
      const { sobjects } = await withSalesforce(context, (connection) => connection.describeGlobal());
      const usable = sobjects.filter(({ queryable, deprecatedAndHidden }) => queryable && !deprecatedAndHidden);
      return choicesPage(
        usable.map(({ name, label }) => ({ value: name, label, help: name })),
        context,
      );
    },
    fields: async (context) => choicesPage((await describe(context)).fields.map(toChoice), context),
    externalIds: async (context) =>
      choicesPage((await describe(context)).fields.filter(({ externalId, idLookup }) => externalId || idLookup).map(toChoice), context),
  },
  fields: async (context) => {
    const fields = (await describe(context)).fields.filter(({ createable, updateable }) => createable || updateable);
    const required = fields.filter(({ createable, nillable, defaultedOnCreate }) => createable && !nillable && !defaultedOnCreate);
    return {
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)])),
      required: required.map(({ name }) => name),
    };
  },
};

const numbers = new Set(['double', 'currency', 'percent', 'long']);

/** JSON Schema of a field's value. */
function schemaOf({ type, label, inlineHelpText, length, picklistValues, restrictedPicklist }: Field): { [key: string]: Json } {
  const base = { title: label, ...(inlineHelpText ? { description: inlineHelpText } : {}) };
  if (type === 'boolean') return { ...base, type: 'boolean' };
  if (type === 'int') return { ...base, type: 'integer' };
  if (numbers.has(type)) return { ...base, type: 'number' };
  if (type === 'date') return { ...base, type: 'string', format: 'date' };
  if (type === 'datetime') return { ...base, type: 'string', format: 'date-time' };
  if (type === 'picklist' && restrictedPicklist) {
    const values = (picklistValues ?? []).filter(({ active }) => active).map(({ value }) => value);
    if (values.length > 0) return { ...base, type: 'string', enum: values };
  }
  return { ...base, type: 'string', ...(length ? { maxLength: length } : {}) };
}
