/** The fake's answers with hostile text wherever a person, a vendor or a model may have written something. Ids, states, times and our own words stay. */
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

/** The fake API, poisoned: `next` gives the text for each place. Counts the places. */
export function poisonedApi(next: () => string): { api: typeof fakeApi; places: () => number } {
  let places = 0;
  const give = (): string => {
    places += 1;
    return next();
  };
  const api = async (request: Request): Promise<Response> => {
    const answer = await fakeApi(request);
    if (!answer.headers.get('content-type')?.includes('json')) return answer;
    const value = (await answer.json()) as Json;
    return new Response(JSON.stringify(poisoned(value, '', false, give)), { status: answer.status, headers: answer.headers });
  };
  return { api, places: () => places };
}
