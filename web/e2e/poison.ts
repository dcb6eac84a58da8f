/** The fake's answers with hostile text wherever a person, a vendor or a model may have written something. Ids, states, times and our own words stay. */
import { type RouteSpec, routes } from '@hub/contract';
import { fakeApi } from '../fake/api.ts';

/** Keys whose text is somebody's: names, notes, messages, contents. */
const written = new Set([
  'name',
  'label',
  'title',
  'notes',
  'note',
  'summary',
  'message',
  'detail',
  'remedy',
  'why',
  'text',
  'body',
  'description',
  'subject',
  'hint',
  'workflowName',
  'fileName',
  'reason',
  'userName',
  'actorName',
  'targetName',
  'question',
  'comment',
  'content',
  'tag',
  'device',
  'userAgent',
  'email',
  'cause',
  'words',
  'category',
  'from',
  'to',
  'placeholder',
  'version',
]);
/** Below these everything is data of a run or of a vendor. */
const data = new Set([
  'input',
  'output',
  'value',
  'values',
  'sample',
  'sampleInput',
  'rows',
  'params',
  'variables',
  'headers',
  'query',
  'pins',
  'payload',
  'tags',
  'facts',
  'data',
  'items$',
]);
/** Never changed: what code compares. */
const structural = new Set([
  'id',
  'type',
  'status',
  'kind',
  'code',
  'role',
  'op',
  'mode',
  'preset',
  'connector',
  'action',
  'model',
  'port',
  'fromPort',
  'parent',
  'join',
  '$file',
  'channel',
  'path',
  'slug',
  'csrfToken',
  'nextCursor',
  'cursor',
]);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
const machine = /^(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z?)$/;

function poisoned(value: Json, key: string, inData: boolean, next: () => string): Json {
  if (typeof value === 'string') {
    if (structural.has(key) || machine.test(value)) return value;
    return inData || written.has(key) ? next() : value;
  }
  if (Array.isArray(value)) return value.map((one) => poisoned(one, key, inData, next));
  if (value === null || typeof value !== 'object') return value;
  // Edges name nodes by `from` and `to`; a mail names people.
  const edge = 'from' in value && 'to' in value && !('subject' in value);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      edge && (name === 'from' || name === 'to') ? inner : poisoned(inner, name, inData || data.has(name), next),
    ]),
  );
}

/** What the fake's own data has none of: undoing of a run, notes and groups on a canvas. */
function fuller(pathname: string, value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  if (/\/runs\/[^/]+$/.test(pathname) && 'workflowId' in value) return { ...value, undo: { total: 3, completed: 1, failed: 1, open: 1 } };
  const { definition } = value;
  if (!/\/workflows\/[^/]+$/.test(pathname) || typeof definition !== 'object' || definition === null || Array.isArray(definition)) return value;
  const ui = typeof definition['ui'] === 'object' && !Array.isArray(definition['ui']) ? definition['ui'] : {};
  const first = Array.isArray(definition['nodes'])
    ? definition['nodes'].slice(0, 2).flatMap((node) => (isObject(node) ? (node['id'] ?? []) : []))
    : [];
  const notes = [{ id: 'n1', x: -300, y: -200, w: 240, h: 120, text: 'A note' }];
  const groups = first.length > 1 ? { groups: [{ id: 'g1', label: 'A group', nodes: first, collapsed: false }] } : {};
  return { ...value, definition: { ...definition, ui: { ...ui, notes, ...groups } } };
}

const isObject = (value: Json): value is { [key: string]: Json } => value !== null && typeof value === 'object' && !Array.isArray(value);

/** The columns of a vendor's table: their very names are the vendor's. */
function withForeignNames(value: Json, next: () => string): Json {
  if (!isObject(value) || !isObject(value['schema'] ?? null)) return value;
  const { schema } = value as { schema: { [key: string]: Json } };
  const properties = isObject(schema['properties'] ?? null) ? Object.entries(schema['properties'] as { [key: string]: Json }) : [];
  return { ...value, schema: { ...schema, properties: Object.fromEntries(properties.map(([, type]) => [next(), type])) } };
}

/** Where the fake knows no answer, the example of the contract is one. */
async function answered(request: Request): Promise<Response> {
  const answer = await fakeApi(request);
  if (answer.status !== 501) return answer;
  const { pathname } = new URL(request.url);
  const found = Object.values(routes as Record<string, RouteSpec>).find(
    ({ method, path }) => method === request.method && new RegExp(`^${path.replaceAll(/:[a-zA-Z]+/g, '[^/]+')}$`).test(pathname),
  );
  const example = (found?.example as { answer?: unknown } | undefined)?.answer;
  return found && example !== undefined ? Response.json(example, { status: found.status }) : answer;
}

/** The fake API, poisoned: `next` gives the text for each place. Counts the places. */
export function poisonedApi(next: () => string): { api: typeof fakeApi; places: () => number } {
  let places = 0;
  const give = (): string => {
    places += 1;
    return next();
  };
  const api = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const answer = await answered(request);
    if (!answer.headers.get('content-type')?.includes('json')) return answer;
    const plain = fuller(pathname, (await answer.json()) as Json);
    const value = pathname.endsWith('/fields') ? withForeignNames(plain, give) : plain;
    return new Response(JSON.stringify(poisoned(value, '', false, give)), { status: answer.status, headers: answer.headers });
  };
  return { api, places: () => places };
}
