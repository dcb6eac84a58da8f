import type { Property } from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import type { Json } from '@hub/dag/planner';
import { TransientError, UserError, isHubError } from '@hub/kit/errors';

import type { Choice, Connection, ConnectorServices, ServiceContext } from '../types.ts';
import { choicesPage, choicesPerPage } from '../sdk/choices.ts';
import { withHubSpotForms } from './client.ts';
import type { HubSpotForms } from './client.ts';
import { hubspotFault } from './faults.ts';

const standard: Choice[] = [
  { value: 'contacts', label: 'Contacts' },
  { value: 'companies', label: 'Companies' },
  { value: 'deals', label: 'Deals' },
  { value: 'tickets', label: 'Tickets' },
];
const privateAppUrl = 'https://api.hubapi.com/oauth/v2/private-apps/get/access-token-info';

function chosenObject({ params }: ServiceContext): string {
  const { object } = params;
  if (typeof object === 'string' && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(object)) return object;
  throw new UserError('connector.refused', 'Choose the kind of record first.', { status: 422 });
}

async function propertiesOf(context: ServiceContext): Promise<Property[]> {
  const object = chosenObject(context);
  const { results } = await withHubSpotForms(context, ({ properties }) => properties.getAll(object, false));
  return results.filter(({ hidden }) => hidden !== true);
}

const toChoice = ({ name, label, type }: Property): Choice => ({ value: name, label: label === '' ? name : label, help: `${name}, ${type}` });

/** E-mail addresses tell contacts apart without being marked so. */
const isUnique = (object: string, { name, hasUniqueValue }: Property): boolean =>
  hasUniqueValue === true || (object === 'contacts' && name === 'email');

export const hubspotServices: ConnectorServices = {
  test: (context) => withHubSpotForms(context, async (api) => connectionOf(await tokenInfo(context, api))),
  resources: {
    objects: async (context) => choicesPage([...standard, ...(await customObjects(context))], context),
    properties: async (context) => choicesPage((await propertiesOf(context)).map(toChoice), context),
    uniqueProperties: async (context) =>
      choicesPage((await propertiesOf(context)).filter((one) => isUnique(chosenObject(context), one)).map(toChoice), context),
    owners: (context) =>
      withHubSpotForms(context, async ({ owners }) => {
        const search = context.search?.includes('@') === true ? context.search : undefined;
        const page = await owners.getPage(search, context.cursor, choicesPerPage);
        const items = page.results.map(({ id, firstName, lastName, email }) => ({
          value: id,
          label: [firstName, lastName].filter(Boolean).join(' ') || (email ?? id),
          ...(email === undefined ? {} : { help: email }),
        }));
        return { items, nextCursor: page.paging?.next?.after ?? null };
      }),
  },
  fields: async (context) => {
    const all = (await propertiesOf(context)).filter(({ calculated }) => calculated !== true);
    return { type: 'object', properties: Object.fromEntries(all.map((one) => [one.name, fieldOf(one)])) };
  },
};

/** Kinds of records of the account's own; none where the credential may not see them. */
async function customObjects(context: ServiceContext): Promise<Choice[]> {
  try {
    const { results } = await withHubSpotForms(context, ({ schemas }) => schemas.getAll(false));
    return results.map(({ name, labels, fullyQualifiedName }) => ({ value: fullyQualifiedName ?? name, label: labels.plural ?? name }));
  } catch (error) {
    if (isHubError(error) && (error.code === 'connector.missing-scope' || error.code === 'connector.forbidden')) return [];
    throw error;
  }
}

/** JSON Schema of a property's value. */
function fieldOf({ label, description, type, fieldType, options, modificationMetadata }: Property): { [key: string]: Json } {
  const base = {
    title: label,
    ...(description === '' ? {} : { description }),
    ...(modificationMetadata?.readOnlyValue === true ? { readOnly: true } : {}),
  };
  switch (type) {
    case 'number':
      return { ...base, type: 'number' };
    case 'bool':
      return { ...base, type: 'boolean' };
    case 'date':
      return { ...base, type: 'string', format: 'date' };
    case 'datetime':
      return { ...base, type: 'string', format: 'date-time' };
    case 'enumeration': {
      const values = options.filter(({ hidden }) => !hidden).map(({ value }) => value);
      // Several of them stand in one text, with ; between.
      return fieldType === 'checkbox' || values.length === 0 ? { ...base, type: 'string' } : { ...base, type: 'string', enum: values };
    }
    default:
      return { ...base, type: 'string' };
  }
}

interface TokenInfo {
  hubId: number;
  user?: string | undefined;
  scopes: readonly string[];
}

function connectionOf({ hubId, user, scopes }: TokenInfo): Connection {
  return { message: `Connected to HubSpot account ${hubId}.`, account: user ?? String(hubId), scopes };
}

/** What HubSpot says about the token. The one of an app stands in the address of that call: it must not come back in a message. */
async function tokenInfo({ credential }: ServiceContext, { access, tokens }: HubSpotForms): Promise<TokenInfo> {
  try {
    if (credential?.kind === 'hubspot-oauth') return await tokens.get(access.token);
    const response = await access.fetch(privateAppUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${access.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ tokenKey: access.token }),
    });
    const body = (await response.json()) as { hubId: number; scopes: string[] };
    if (!response.ok) throw Object.assign(new Error('refused'), { code: response.status, body, headers: Object.fromEntries(response.headers) });
    return { hubId: body.hubId, scopes: body.scopes };
  } catch (error) {
    const fault = isHubError(error) ? error : hubspotFault(error);
    if (!(fault instanceof Error) || !fault.message.includes(access.token)) throw error;
    throw new TransientError('connector.unavailable', 'HubSpot did not say what the token may do.');
  }
}
