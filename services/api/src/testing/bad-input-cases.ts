/** Malformed definitions, files, bodies, places and tokens: what the API must answer with a clear 4xx. Written by hand, from what went wrong elsewhere (05). */
import type { Ask, TestTeam } from './harness.ts';
import { formFile } from './forms.ts';
import { smallDefinition } from './resources.ts';

export interface BadCase {
  group: 'definition' | 'publish' | 'file' | 'body' | 'place' | 'token' | 'input';
  name: string;
  url: string;
  ask: Ask;
}
type Json = Record<string, unknown>;

const node = (change: Json): Json => ({ id: 'a', type: 'transform', config: { expression: '1' }, ...change });
const withNodes = (nodes: unknown, more: Json = {}): Json => ({ schemaVersion: 1, nodes, ...more });
const deep = (levels: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
};

/** Not of the format's shape: refused at save. */
const shapes: [string, unknown][] = [
  ['a list', []],
  ['a text', 'x'],
  ['null', null],
  ['a number', 5],
  ['empty', {}],
  ['no nodes', { schemaVersion: 1 }],
  ['no schemaVersion', { nodes: [] }],
  ['schemaVersion 2', { schemaVersion: 2, nodes: [] }],
  ['schemaVersion as text', { schemaVersion: '1', nodes: [] }],
  ['nodes as an object', withNodes({})],
  ['a node that is null', withNodes([null])],
  ['a node that is a list', withNodes([[]])],
  ['a node without id', withNodes([{ type: 'transform', config: {} }])],
  ['a node without type', withNodes([{ id: 'a', config: {} }])],
  ['a node without config', withNodes([{ id: 'a', type: 'transform' }])],
  ['an id that is a number', withNodes([node({ id: 7 })])],
  ['a config that is a text', withNodes([node({ config: 'x' })])],
  ['a config that is a list', withNodes([node({ config: [] })])],
  ['an unknown field of a node', withNodes([node({ typ: 'prompt' })])],
  ['an unknown field at the top', withNodes([], { extra: 1 })],
  ['join of another word', withNodes([node({ join: 'some' })])],
  ['disabled as a text', withNodes([node({ disabled: 'yes' })])],
  ['timeoutMs as a text', withNodes([node({ timeoutMs: '5' })])],
  ['edges as a text', withNodes([], { edges: 'a->b' })],
  ['an edge without to', withNodes([], { edges: [{ from: 'a' }] })],
  ['an edge with a number', withNodes([], { edges: [{ from: 1, to: 2 }] })],
  ['triggers as an object', withNodes([], { triggers: {} })],
  ['settings as a list', withNodes([], { settings: [] })],
  ['inputs as a text', withNodes([], { inputs: 'x' })],
  ['ui as a text', withNodes([], { ui: 'x' })],
  ['nested 70 deep', withNodes([node({ config: { value: deep(70) } })])],
  ['cache of another form', withNodes([node({ cache: 'always' })])],
];

const edge = (from: string, to: string, more: Json = {}): Json => ({ from, to, ...more });
/** Of the right shape, but wrong: kept as a draft, refused at publish with node and place. */
const wrong: [string, Json][] = [
  ['no node at all', withNodes([])],
  ['two nodes of one id', withNodes([node({}), node({})])],
  ['an id with a capital', withNodes([node({ id: 'Score' })])],
  ['the id constructor', withNodes([node({ id: 'constructor' })])],
  ['an unknown type', withNodes([node({ type: 'agent' })])],
  ['the type __proto__', withNodes([node({ type: '__proto__' })])],
  ['an edge to nowhere', withNodes([node({})], { edges: [edge('a', 'zzz')] })],
  ['a port that is not there', withNodes([node({}), node({ id: 'b' })], { edges: [edge('a', 'b', { fromPort: 'left' })] })],
  ['an edge to itself', withNodes([node({})], { edges: [edge('a', 'a')] })],
  ['a circle', withNodes([node({}), node({ id: 'b' })], { edges: [edge('a', 'b'), edge('b', 'a')] })],
  ['the same edge twice', withNodes([node({}), node({ id: 'b' })], { edges: [edge('a', 'b'), edge('a', 'b')] })],
  ['an expression that does not parse', withNodes([node({ config: { expression: 'a ++ (' } })])],
  ['an expression that reads no ancestor', withNodes([node({ config: { expression: 'nodes.b.output' } }), node({ id: 'b' })])],
  ['a bracketed name in an expression', withNodes([node({ config: { expression: 'input["a"]' } })])],
  ['a template without end', withNodes([node({ type: 'output', config: { name: 'x', value: '{{ input.a' } })])],
  ['an unknown connector', withNodes([node({ type: 'data_source', config: { connector: 'ftp', action: 'x', params: {} } })])],
  ['the connector __proto__', withNodes([node({ type: 'data_source', config: { connector: '__proto__', action: 'toString', params: {} } })])],
  ['an unknown action', withNodes([node({ type: 'data_source', config: { connector: 'http', action: 'fly', params: {} } })])],
  ['params that do not fit', withNodes([node({ type: 'data_source', config: { connector: 'http', action: 'request', params: { url: 7 } } })])],
  ['an unknown field of a config', withNodes([node({ config: { expression: '1', expresion: '2' } })])],
  ['a condition without op', withNodes([node({ type: 'condition', config: { left: 1 } })])],
  [
    'a switch with two equal ports',
    withNodes([
      node({
        type: 'switch',
        config: {
          cases: [
            { port: 'p', when: { expression: 'true' } },
            { port: 'p', when: { expression: 'true' } },
          ],
        },
      }),
    ]),
  ],
  ['a loop without body', withNodes([node({ type: 'loop', config: { mode: 'for_each', items: '{{ input }}' } })])],
  ['an unknown parent', withNodes([node({ parent: 'nothing' })])],
  ['a retry of 1,000', withNodes([node({ retry: { maxAttempts: 1_000 } })])],
  ['a negative timeoutMs', withNodes([node({ timeoutMs: -1 })])],
  ['branch without an edge from error', withNodes([node({ onError: { mode: 'branch' } })])],
  ['an unknown trigger type', withNodes([node({})], { triggers: [{ id: 't', type: 'carrier_pigeon' }] })],
  ['settings that do not fit', withNodes([node({})], { settings: { maxParallel: 0 } })],
  ['inputs that are no schema', withNodes([node({})], { inputs: { type: 'objekt' } })],
  [
    'inputs with a pattern that does not compile',
    withNodes([node({})], { inputs: { type: 'object', properties: { a: { type: 'string', pattern: '(' } } } }),
  ],
  [
    'a secret in a header',
    withNodes([
      node({
        type: 'data_source',
        config: {
          connector: 'http',
          action: 'request',
          params: { url: 'https://x.example/', headers: { authorization: 'Bearer ghp_0123456789abcdefghijklmnopqrstuvwxyz' } },
        },
      }),
    ]),
  ],
  [
    'a credential that is not there',
    withNodes([
      node({
        type: 'data_source',
        config: { connector: 'http', action: 'request', params: { url: 'https://x.example/' }, credentialId: '0199c0de-7a11-7000-8000-000000000009' },
      }),
    ]),
  ],
  ['a prompt without messages', withNodes([node({ type: 'prompt', config: { model: 'demo/echo' } })])],
  ['code that does not parse', withNodes([node({ type: 'code', config: { source: 'return (' } })])],
  ['a template in code', withNodes([node({ type: 'code', config: { source: 'return "{{ input.a }}"' } })])],
];

const csvFiles: [string, string | Buffer][] = [
  ['empty', ''],
  ['blank lines only', '\n\n  \n'],
  ['a ZIP by another name', Buffer.from([0x50, 0x4b, 0x03, 0x04, 20, 0, 0, 0])],
  ['a gzip by another name', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0])],
  ['a PDF by another name', '%PDF-1.7\n%abc'],
  ['a PNG by another name', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])],
  ['a JPEG by another name', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
  ['NUL characters', Buffer.from('a,b\n1,\u0000\n')],
  ['Latin-1', Buffer.from([0x61, 0x2c, 0xe9, 0x0a, 0x31, 0x2c, 0x32, 0x0a])],
  ['a web page', '<!DOCTYPE html><html><body>sign in</body></html>'],
  ['XML', '<?xml version="1.0"?><a/>'],
  ['a quotation mark never closed', `a,"b\n${'x,y\n'.repeat(20_000)}`],
  ['100,000 columns', 'a,'.repeat(100_000)],
  ['1,001 columns', `${'a,'.repeat(1_000)}a\n`],
  ['a column __proto__', '__proto__,b\n1,2\n'],
  ['a column constructor', 'a;constructor\n1;2\n'],
  ['a column prototype in quotes', '"prototype",b\n1,2\n'],
  ['a name of 300 characters', `${'n'.repeat(300)},b\n1,2\n`],
  ['one line of 200 KB', 'x'.repeat(200_000)],
];
const jsonFiles: [string, string][] = [
  ['empty', ''],
  ['half', '[{"a": 1}, {'],
  ['a text', 'hello'],
  ['100,000 deep', '['.repeat(100_000)],
  ['a trailing comma', '[1,]'],
  ['a CSV by another name', 'a,b\n1,2'],
];

const small = JSON.stringify({ name: 'x', definition: smallDefinition });
const json = { 'content-type': 'application/json' };
/** Raw bodies for `POST /api/v1/workflows`. */
const bodies: [string, string | Buffer, Record<string, string>][] = [
  ['nothing', '', json],
  ['half JSON', small.slice(0, -5), json],
  ['two values', `${small}${small}`, json],
  ['a comment', `/* x */ ${small}`, json],
  ['a list', '[]', json],
  ['null', 'null', json],
  ['a text', '"x"', json],
  ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), json],
  ['100,000 brackets', `{"name":"x","definition":${'['.repeat(100_000)}`, json],
  ['70 levels', `{"name":"x","definition":{"a":${'['.repeat(70)}${']'.repeat(70)}}}`, json],
  ['__proto__', '{"name":"x","definition":{"schemaVersion":1,"nodes":[],"__proto__":{"a":1}}}', json],
  ['constructor', '{"name":"x","constructor":{"prototype":{"a":1}},"definition":{}}', json],
  ['prototype', '{"name":"x","definition":{"schemaVersion":1,"nodes":[],"ui":{"prototype":1}}}', json],
  ['U+0000', '{"name":"a\\u0000b","definition":{"schemaVersion":1,"nodes":[]}}', json],
  ['half a character', '{"name":"a\\ud800b","definition":{"schemaVersion":1,"nodes":[]}}', json],
  ['U+0000 in a key', '{"name":"x","definition":{"schemaVersion":1,"nodes":[],"ui":{"a\\u0000":1}}}', json],
  ['2 MB', JSON.stringify({ name: 'x', definition: { ...smallDefinition, ui: { notes: 'x'.repeat(2_000_000) } } }), json],
  ['no name', JSON.stringify({ definition: smallDefinition }), json],
  ['an empty name', JSON.stringify({ name: '  ', definition: smallDefinition }), json],
  ['a name of 300 characters', JSON.stringify({ name: 'n'.repeat(300), definition: smallDefinition }), json],
  ['a name that is a number', JSON.stringify({ name: 5, definition: smallDefinition }), json],
  ["an id of the client's", JSON.stringify({ id: '0199c0de-7a11-7000-8000-000000000001', name: 'x', definition: smallDefinition }), json],
  ["a team of the client's", JSON.stringify({ teamId: '0199c0de-7a11-7000-8000-000000000001', name: 'x', definition: smallDefinition }), json],
  ["a status of the client's", JSON.stringify({ status: 'active', name: 'x', definition: smallDefinition }), json],
  ['text/plain', small, { 'content-type': 'text/plain' }],
  ['a form', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['multipart', small, { 'content-type': 'multipart/form-data; boundary=x' }],
  ['XML', '<a/>', { 'content-type': 'application/xml' }],
  ['a type with a tab before the parameter', small, { 'content-type': 'application/json\t;charset=utf-8' }],
  ['a type with a space before', small, { 'content-type': ' application/jsonx' }],
  ['another character set', small, { 'content-type': 'application/json; charset=utf-16' }],
  ['a type that only begins like JSON', small, { 'content-type': 'application/json-patch+json' }],
];

const tokens: [string, Record<string, string>][] = [
  ['nothing', {}],
  ['an empty header', { authorization: '' }],
  ['Bearer alone', { authorization: 'Bearer' }],
  ['Bearer and blanks', { authorization: 'Bearer   ' }],
  ['Basic', { authorization: 'Basic dXNlcjpwYXNz' }],
  ['a short key', { authorization: 'Bearer hub_abc' }],
  ['a key without prefix', { authorization: `Bearer ${'a'.repeat(43)}` }],
  ['an unknown key', { authorization: `Bearer hub_${'a'.repeat(43)}` }],
  ['a key of 10,000 characters', { authorization: `Bearer hub_${'a'.repeat(10_000)}` }],
  ['SQL in a key', { authorization: "Bearer hub_'or'1'='1" }],
  ['a session of nobody', { cookie: 'hub_session=abc.def' }],
  ['a session with a broken signature', { cookie: `hub_session=${'a'.repeat(32)}.${'b'.repeat(44)}` }],
  ['__proto__ as a session', { cookie: 'hub_session=__proto__' }],
  ['an empty session', { cookie: 'hub_session=' }],
];

/** All cases. `drafts` are the ids of workflows whose drafts hold `wrong`, in order. */
export function badCases(team: TestTeam, at: { workflowId: string; runId: string; drafts: string[] }): BadCase[] {
  const editor = { key: team.keys.editor };
  const runs = `/api/v1/workflows/${at.workflowId}/runs`;
  const place = (name: string, url: string, ask: Ask = {}): BadCase => ({ group: 'place', name, url, ask: { key: team.keys.owner, ...ask } });
  const input = (name: string, body: unknown): BadCase => ({ group: 'input', name, url: runs, ask: { key: team.keys.runner, body } });
  const file = (name: string, content: string | Buffer, fileName: string): BadCase => ({
    group: 'file',
    name: `${fileName}: ${name}`,
    url: '/api/v1/files',
    ask: { method: 'POST', key: team.keys.runner, ...formFile(content, { name: fileName }) },
  });
  return [
    ...shapes.map(
      ([name, definition]): BadCase => ({ group: 'definition', name, url: '/api/v1/workflows', ask: { ...editor, body: { name: 'x', definition } } }),
    ),
    ...wrong.map(
      ([name], i): BadCase => ({ group: 'publish', name, url: `/api/v1/workflows/${at.drafts[i]}/publish`, ask: { ...editor, body: {} } }),
    ),
    ...csvFiles.map(([name, content]) => file(name, content, 'table.csv')),
    ...jsonFiles.map(([name, content]) => file(name, content, 'table.json')),
    {
      group: 'file',
      name: 'a part of another name',
      url: '/api/v1/files',
      ask: { method: 'POST', key: team.keys.runner, ...formFile('a', { field: 'upload' }) },
    },
    {
      group: 'file',
      name: 'no part',
      url: '/api/v1/files',
      ask: { method: 'POST', key: team.keys.runner, raw: '--x--\r\n', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    },
    {
      group: 'file',
      name: 'a form cut short',
      url: '/api/v1/files',
      ask: {
        method: 'POST',
        key: team.keys.runner,
        raw: '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      },
    },
    {
      group: 'file',
      name: 'JSON instead of a form',
      url: '/api/v1/files',
      ask: { key: team.keys.runner, body: { files: [{ filepath: '/etc/passwd' }] } },
    },
    {
      group: 'file',
      name: 'larger than allowed',
      url: '/api/v1/files',
      ask: { method: 'POST', key: team.keys.runner, ...formFile(`a,b\n${'1,2\n'.repeat(1_400_000)}`) },
    },
    ...bodies.map(
      ([name, raw, headers]): BadCase => ({ group: 'body', name, url: '/api/v1/workflows', ask: { ...editor, method: 'POST', raw, headers } }),
    ),
    ...tokens.map(([name, headers]): BadCase => ({ group: 'token', name, url: '/api/v1/workflows', ask: { headers } })),
    place('an id that is no UUID', '/api/v1/workflows/abc'),
    place('an id with a quote', "/api/v1/workflows/'%20or%201=1"),
    place('an id with U+0000', '/api/v1/runs/%00'),
    place('a node id with U+0000', `/api/v1/runs/${at.runId}/nodes/%00/output`),
    place('a limit of 0', '/api/v1/runs?limit=0'),
    place('a limit of 10,000', '/api/v1/runs?limit=10000'),
    place('a limit that is no number', '/api/v1/runs?limit=many'),
    place('a cursor of nobody', '/api/v1/runs?cursor=%00%01'),
    place('a cursor that is text', '/api/v1/runs?cursor=hello'),
    place('a status of another word', '/api/v1/runs?status=done'),
    place('an unknown query field', '/api/v1/runs?colour=red'),
    place('the same query field twice', '/api/v1/runs?status=failed&status=completed'),
    place('a wait of a day', `/api/v1/runs/${at.runId}?wait=86400`),
    place('a negative wait', `/api/v1/runs/${at.runId}?wait=-1`),
    place('a version of 0', `/api/v1/workflows/${at.workflowId}/versions/0`),
    place('a version beyond integers', `/api/v1/workflows/${at.workflowId}/versions/99999999999`),
    place('If-Match without quotes', `/api/v1/workflows/${at.workflowId}`, { method: 'PATCH', body: { name: 'y' }, headers: { 'if-match': '1' } }),
    place('If-Match *', `/api/v1/workflows/${at.workflowId}`, { method: 'PATCH', body: { name: 'y' }, headers: { 'if-match': '*' } }),
    place('no If-Match', `/api/v1/workflows/${at.workflowId}`, { method: 'PATCH', body: { name: 'y' } }),
    place('an Idempotency-Key of 300 characters', runs, { body: { input: { text: 'a' } }, headers: { 'idempotency-key': 'k'.repeat(300) } }),
    place('a team header that is no id', '/api/v1/workflows', { headers: { 'x-hub-team': 'acme' } }),
    place('a variable named __proto__.x', '/api/v1/variables/__proto__.x', { method: 'PUT', body: { value: 1 } }),
    place('a variable without value', '/api/v1/variables/A', { method: 'PUT', body: {} }),
    place('a live run that is no id', '/api/v1/live?run=x', { headers: { connection: 'upgrade', upgrade: 'websocket' } }),
    place('a credential of an unknown kind', '/api/v1/credentials', { body: { name: 'c', kind: 'oauth', values: {}, allowedHosts: ['a.example'] } }),
    place('a credential without its values', '/api/v1/credentials', {
      body: { name: 'c', kind: 'basic', values: { username: 'a' }, allowedHosts: ['a.example'] },
    }),
    place('a credential for a URL', '/api/v1/credentials', {
      body: { name: 'c', kind: 'bearer', values: { token: 't' }, allowedHosts: ['https://a.example/'] },
    }),
    place('a credential for nowhere', '/api/v1/credentials', { body: { name: 'c', kind: 'bearer', values: { token: 't' } } }),
    place('a header name with a line break', '/api/v1/credentials', {
      body: { name: 'c', kind: 'header', values: { name: 'a\r\nb', value: 'v' }, allowedHosts: ['a.example'] },
    }),
    place('a scope that is not there', '/api/v1/api-keys', { body: { name: 'k', scopes: ['root'] } }),
    place('no scope', '/api/v1/api-keys', { body: { name: 'k', scopes: [] } }),
    place('a key that is expired at once', '/api/v1/api-keys', { body: { name: 'k', scopes: ['viewer'], expiresAt: '2020-01-01T00:00:00Z' } }),
    place('a key for ever and a day', '/api/v1/api-keys', { body: { name: 'k', scopes: ['viewer'], expiresAt: 'never' } }),
    input('no input', {}),
    input('a wrong type', { input: { text: 5 } }),
    input('an input that is a text', { input: 'x' }),
    input('an input that is a list', { input: [] }),
    input('an unknown field beside the input', { input: { text: 'a' }, nodes: [] }),
    input('a priority of 9', { input: { text: 'a' }, priority: 9 }),
    input('a priority beyond numbers', { input: { text: 'a' }, priority: 1e99 }),
    input('a version that is not there', { input: { text: 'a' }, version: 99 }),
    input('a trigger that is not there', { input: { text: 'a' }, trigger: 'nightly' }),
  ];
}

/** Drafts for the cases of `publish`. */
export const wrongDrafts: Json[] = wrong.map(([, definition]) => definition);
