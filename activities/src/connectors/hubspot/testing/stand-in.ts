/** HubSpot: paths, parameters and bodies are those of the SDK's generated code; limits, scopes and error words are those of HubSpot's API guides. Records in memory. */
import type { Json } from '@hub/dag/planner';

import { refuse, startStandIn } from '../../testing/contract/stand-in.ts';
import type { Answered, Asked, Fault, StandIn } from '../../testing/contract/stand-in.ts';
import { describeHubSpot } from './description.ts';
import { searchIn } from './search.ts';
import type { SearchBody } from './search.ts';

export interface Stored {
  id: string;
  properties: Record<string, string>;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
}

export interface HubSpotWorld {
  records: Record<string, Map<string, Stored>>;
  /** Properties by kind of record; `unique` may be the key of an upsert. */
  properties: Record<string, Record<string, { type: string; unique?: boolean; options?: string[]; readOnly?: boolean }>>;
  /** `contacts/1>companies/2`. */
  associations: Set<string>;
  scopes: string[];
}

const mostInBatch = 100;
const mostAssociations = 500;
const noContent: Answered = { status: 204 };
const describe = describeHubSpot('crm/objects', 'crm/associations/v4', 'crm/properties', 'crm/owners', 'crm/schemas', 'oauth');

export function startHubSpot(data: HubSpotWorld): Promise<StandIn> {
  let clock = Date.UTC(2026, 6, 1);
  const now = (): string => new Date((clock += 1_000)).toISOString();
  const of = (kind = ''): Map<string, Stored> => data.records[kind] ?? refuse(400, `Unable to infer object type from: ${kind}`);
  const one = (kind: string | undefined, id = '', by = ''): Stored => {
    if (by !== '' && !unique(kind ?? '', by)) refuse(400, `${by} is not a unique property`);
    const found = by === '' ? of(kind).get(id) : [...of(kind).values()].find(({ properties }) => properties[by]?.toLowerCase() === id.toLowerCase());
    return found === undefined || found.archived ? refuse(404, 'resource not found') : found;
  };
  const unique = (kind: string, name: string): boolean => data.properties[kind]?.[name]?.unique === true || (kind === 'contacts' && name === 'email');

  function checkValues(kind: string, values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) {
      const known = data.properties[kind]?.[name] ?? refuse(400, `Property values were not valid: Property "${name}" does not exist`);
      if (known.readOnly === true) refuse(400, `${name} is a read only property`);
      if (value !== '' && known.options !== undefined && !known.options.includes(value)) refuse(400, `${value} was not one of the allowed options`);
      if (value !== '' && known.type === 'number' && Number.isNaN(Number(value))) refuse(400, `${value} was not a valid number`);
    }
  }

  function put(kind: string, values: Record<string, string>, before?: Stored): Stored {
    checkValues(kind, values);
    for (const other of of(kind).values())
      for (const [name, value] of Object.entries(values))
        if (other !== before && !other.archived && unique(kind, name) && other.properties[name] === value)
          refuse(409, `Contact already exists. Existing ID: ${other.id}`);
    const at = now();
    const stored = before ?? { id: String(1_000_000 + of(kind).size), properties: {}, createdAt: at, updatedAt: at, archived: false };
    Object.assign(stored.properties, values);
    stored.updatedAt = at;
    of(kind).set(stored.id, stored);
    return stored;
  }

  function upsert(kind: string, inputs: { id: string; idProperty?: string; properties: Record<string, string> }[]): Answered {
    if (inputs.length > mostInBatch) refuse(400, `The maximum number of inputs supported in a batch request for this object type is ${mostInBatch}`);
    if (new Set(inputs.map(({ id }) => id)).size < inputs.length) refuse(400, 'Duplicate IDs found in batch input');
    const results: Json[] = [];
    const errors: Json[] = [];
    for (const { id, idProperty = '', properties } of inputs) {
      if (!unique(kind, idProperty)) refuse(400, `${idProperty} is not a unique property`);
      const before = [...of(kind).values()].find((each) => each.properties[idProperty] === id);
      try {
        results.push({ ...shown(put(kind, { ...properties, [idProperty]: id }, before)), new: before === undefined });
      } catch (error) {
        errors.push({
          status: 'error',
          category: 'VALIDATION_ERROR',
          message: (error as Error).message,
          context: { id: [id] },
          errors: [],
          links: {},
        });
      }
    }
    const times = { startedAt: now(), completedAt: now(), status: 'COMPLETE' };
    return errors.length === 0 ? { body: { ...times, results } } : { status: 207, body: { ...times, results, numErrors: errors.length, errors } };
  }

  function records(method: string, at: Readonly<Record<string, string>>, asked: Asked): Answered {
    const { objectType: kind = '', objectId: id = '' } = at;
    const body = asked.json as unknown as { properties: Record<string, string>; inputs: Parameters<typeof upsert>[1] } & SearchBody;
    const by = asked.query.get('idProperty') ?? '';
    switch (method) {
      case 'SearchApi.doSearch':
        return searchIn(
          [...of(kind).values()].filter(({ archived }) => !archived),
          data.properties[kind] ?? {},
          body,
          shown,
        );
      case 'BasicApi.getById': {
        const found = one(kind, id, by);
        const names = asked.query.getAll('properties');
        const kinds = asked.query.getAll('associations');
        const others = kinds.map((to) => [
          to,
          { results: tied(`${kind}/${found.id}>${to}/`).map((other) => ({ id: other, type: `${kind}_to_${to}` })) },
        ]);
        return { body: { ...shown(found, names), ...(kinds.length === 0 ? {} : { associations: Object.fromEntries(others) as Json }) } };
      }
      case 'BasicApi.create':
        return { status: 201, body: shown(put(kind, body.properties)) };
      case 'BasicApi.update':
        return { body: shown(put(kind, body.properties, one(kind, id, by))) };
      case 'BasicApi.archive':
        one(kind, id).archived = true;
        return noContent;
      case 'BatchApi.upsert':
        return upsert(kind, body.inputs);
      default:
        return refuse(400, `not expected: ${method}`);
    }
  }

  const tied = (from: string): string[] => [...data.associations].filter((each) => each.startsWith(from)).map((each) => each.slice(from.length));

  function associations(method: string, at: Readonly<Record<string, string>>, { query }: Asked): Answered {
    const kind = at['objectType'] ?? at['fromObjectType'] ?? '';
    const from = one(kind, at['objectId'] ?? at['fromObjectId']);
    const to = at['toObjectType'] ?? '';
    switch (method) {
      case 'BasicApi.getPage': {
        const all = tied(`${kind}/${from.id}>${to}/`);
        const size = Math.min(Number(query.get('limit') ?? mostAssociations), mostAssociations);
        const first = Number(query.get('after') ?? 0);
        const results = all.slice(first, first + size).map((id) => ({
          toObjectId: id,
          associationTypes: [
            { category: 'HUBSPOT_DEFINED', typeId: 1, label: null },
            { category: 'USER_DEFINED', typeId: 7, label: 'Buyer' },
          ],
        }));
        const next = first + size < all.length ? { paging: { next: { after: String(first + size) } } } : {};
        return { body: { results, ...next } };
      }
      case 'BasicApi.createDefault':
        data.associations.add(`${kind}/${from.id}>${to}/${one(to, at['toObjectId']).id}`);
        data.associations.add(`${to}/${at['toObjectId'] ?? ''}>${kind}/${from.id}`);
        return { body: { status: 'COMPLETE', results: [], startedAt: now(), completedAt: now() } };
      case 'BasicApi.archive':
        data.associations.delete(`${kind}/${from.id}>${to}/${at['toObjectId'] ?? ''}`);
        data.associations.delete(`${to}/${at['toObjectId'] ?? ''}>${kind}/${from.id}`);
        return noContent;
      default:
        return refuse(400, `not expected: ${method}`);
    }
  }

  /** `part` and method: the SDK has some methods of forms under two names. */
  function forms(id: string, at: Readonly<Record<string, string>>): Answered {
    if (id === 'oauth.get')
      return {
        body: {
          hub_id: 77,
          user_id: 5,
          user: 'ada@example.com',
          app_id: 9,
          scopes: data.scopes,
          token_type: 'access',
          expires_in: 900,
          token: at['token'] ?? '',
        },
      };
    if (id === 'schemas.getAll') return { body: { results: [] } };
    if (id === 'owners.getPage')
      return {
        body: {
          results: [
            {
              id: '41',
              email: 'ada@example.com',
              firstName: 'Ada',
              lastName: 'L',
              createdAt: now(),
              updatedAt: now(),
              archived: false,
              type: 'PERSON',
            },
          ],
        },
      };
    if (id !== 'properties.getAll') return refuse(400, `not expected: ${id}`);
    const results = Object.entries(data.properties[at['objectType'] ?? ''] ?? {}).map(([name, { type, unique: single, options = [], readOnly }]) => ({
      name,
      label: name.toUpperCase(),
      description: '',
      type,
      fieldType: type === 'enumeration' ? 'select' : 'text',
      groupName: 'all',
      hasUniqueValue: single ?? false,
      options: options.map((value) => ({ label: value, value, hidden: false })),
      modificationMetadata: { readOnlyValue: readOnly ?? false, readOnlyDefinition: true, archivable: false },
    }));
    return { body: { results } };
  }

  return startStandIn({
    hosts: ['api.hubapi.com'],
    headers: [],
    error: hubspotError,
    // The address of what a token may do holds the token itself.
    tokenOf: (asked) =>
      /^Bearer (.+)$/.exec(asked.headers['authorization'] ?? '')?.[1] ?? /^\/oauth\/v1\/access-tokens\/(.+)$/.exec(asked.path)?.[1] ?? null,
    handle(asked, world) {
      // Not in the SDK: HubSpot's guide on private apps.
      if (asked.method === 'POST' && asked.path === '/oauth/v2/private-apps/get/access-token-info') {
        const { tokenKey } = asked.json as { tokenKey: string };
        return world.tokens.has(tokenKey) ? { body: { userId: 5, hubId: 77, appId: 9, scopes: data.scopes } } : refuse(404, 'no such token');
      }
      if (asked.body.length > 0 && !(asked.headers['content-type'] ?? '').startsWith('application/json')) refuse(415, 'Unsupported Media Type');
      const { id, at } = describe(asked);
      if (id.startsWith('objects.')) return records(id.replace('objects.', ''), at, asked);
      if (id.startsWith('associations.v4.')) return associations(id.replace('associations.v4.', ''), at, asked);
      return forms(id.replace(/\.\w+Api\./, '.'), at);
    },
  });
}

function shown({ properties, ...rest }: Stored, names: readonly string[] = []): { [key: string]: Json } {
  const wanted = names.length === 0 ? properties : Object.fromEntries(names.map((name) => [name, properties[name] ?? null]));
  return { ...rest, properties: { hs_object_id: rest.id, ...wanted } };
}

/** HubSpot's form of an error. */
function hubspotError(status: number, message: string, fault?: Fault): Answered {
  const base = { status: 'error', message, correlationId: '00000000-0000-0000-0000-000000000000' };
  if (fault === 'scope')
    return {
      status,
      body: {
        ...base,
        category: 'MISSING_SCOPES',
        errors: [
          { message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: ['crm.objects.contacts.read'] } },
        ],
      },
    };
  if (status === 429) return { status, body: { ...base, errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING', category: 'RATE_LIMITS' } };
  const category = { 401: 'INVALID_AUTHENTICATION', 404: 'OBJECT_NOT_FOUND', 409: 'CONFLICT', 500: 'INTERNAL_ERROR' }[status] ?? 'VALIDATION_ERROR';
  return { status, body: { ...base, category } };
}
