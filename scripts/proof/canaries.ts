/**
 * S5: unique secrets of every kind, used by every kind of step, trigger, picker and test, well and badly, with far ends that echo what they were sent. Then all that the
 * hub keeps, writes and says is searched for them in every spelling. A planted leak shows that the search is not blind.
 */
import { randomUUID } from 'node:crypto';
import { findConnector } from '@hub/activities/catalogue';
import { child, handled, oneCall, parade, planted, prompt } from './canaries/cases.ts';
import { type Caller, keyCaller, personCaller, until } from './canaries/client.ts';
import { searchDatabase, searchFrames, searchLogs, searchTemporal } from './canaries/collect.ts';
import { type Kept, keptCredentials } from './canaries/credentials.ts';
import { type FarEnd, type MailSink, startFarEnd, startMailSink, vendorHosts } from './canaries/far-end.ts';
import { type Aviary, type Canary, createAviary, createSearch, type Search, spelled, surfaces } from './canaries/secrets.ts';
import { inParallel, type RunView } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { type HubStack, startStack } from './lib/stack.ts';

const leastSecrets = 60;
const operators = ['HUB_SESSION_KEY', 'HUB_WEBHOOK_KEY', 'HUB_BLOB_KEY', 'HUB_LAUNCHER_TOKEN', 'HUB_DEMO_PASSWORD', 'HUB_DEMO_API_KEY'];
const lists =
  'credentials audit-entries?limit=200 notices?limit=200 workflows?limit=200 runs?limit=200 approvals credential-kinds files spend dev/mail api-keys'.split(
    ' ',
  );
/** As often as a vendor has ways to answer. */
const callsEach = 5;
const testsEach = 3;

interface World {
  stack: HubStack;
  aviary: Aviary;
  search: Search;
  far: FarEnd;
  mail: MailSink;
  key: Caller;
  person: Caller;
  ids: Record<string, string>;
  runs: string[];
  workflows: string[];
}

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const aviary = createAviary();
  const search = createSearch(aviary.all);
  const far = await startFarEnd(aviary);
  const mail = await startMailSink();
  try {
    return await onStack({ aviary, search, far, mail }, log);
  } finally {
    await far.close();
    await mail.close();
  }
}

/** What it starts is its own to close. */
async function onStack(
  { aviary, search, far, mail }: Pick<World, 'aviary' | 'search' | 'far' | 'mail'>,
  log: (line: string) => void,
): Promise<Measured[]> {
  const stack = await startStack({
    env: {
      NODE_OPTIONS: `--import=${new URL('canaries/preload.ts', import.meta.url).href}`,
      HUB_WEB_DIST: '',
      CANARY_VENDORS: [far.port, ...vendorHosts].join(','),
      HUB_OUTBOUND_ALLOW: [
        far.hostPort,
        `127.0.0.1:${mail.port}`,

        '127.0.0.1/32',
        ...vendorHosts.map((host) => `${host}:443`),
      ].join(','),
      HUB_RATE_PER_MINUTE: '1000000',
      HUB_LOG_LEVEL: 'trace',
      OPENAI_API_KEY: aviary.make('OpenAI key of the operator', 'plain'),
      ANTHROPIC_API_KEY: aviary.make('Anthropic key of the operator', 'plain'),
      SMTP_URL: `smtp://sender:${aviary.make('mail password of the operator', 'plain')}@127.0.0.1:${mail.port}`,
    },
  });
  try {
    for (const name of operators) aviary.note(name, stack.env[name] ?? '');
    for (const name of ['HUB_CREDENTIAL_KEYS', 'HUB_CODEC_KEYS']) aviary.note(name, (stack.env[name] ?? '').split(':')[1] ?? '');
    const key = keyCaller(stack, search);
    const world: World = {
      stack,
      aviary,
      search,
      far,
      mail,
      key,
      person: await personCaller(stack, search, aviary),
      ids: {},
      runs: [],
      workflows: [],
    };
    await use(world, log);
    await searchAll(world, log);
    return figures(world, log, await plantedLeak(world, log));
  } catch (failure) {
    for (const line of stack.lastWords()) log(line);
    throw failure;
  } finally {
    await stack.close();
  }
}

async function use(world: World, log: (line: string) => void): Promise<void> {
  const { stack, aviary, far, mail } = world;
  const database = new URL(stack.env['DATABASE_URL'] ?? '');
  // The hub's own database is also one that a step reads.
  aviary.note('database password', database.password);
  const kept = keptCredentials(aviary, { far: far.hostPort, farUrl: far.url, mailPort: mail.port, database });
  for (const one of kept) await store(world, one);
  await askVendors(world, kept);
  log('credentials stored, connected, tested, asked for choices');
  await callAll(world, kept);
  log(`${world.runs.length} runs of single calls`);
  await throughEveryNode(world);
  await triggers(world);
  await otherSecrets(world);
  await refusedRefresh(world, kept);
  log(`${world.runs.length} runs in all`);
}

/** Stores it, and where it wants consent, gives it: the code comes back as from a provider. */
async function store({ key, person, aviary, ids }: World, one: Kept): Promise<void> {
  const name = one.as ?? one.kind;
  const { id } = await key.must<{ id: string }>('POST', '/api/v1/credentials', {
    name,
    kind: one.kind,
    values: one.values,
    ...(one.allowedHosts === undefined ? {} : { allowedHosts: one.allowedHosts }),
  });
  ids[name] = id;
  const { status, body } = await person.call<{ url?: string }>('POST', `/api/v1/credentials/${id}/connect`, undefined, { unsearched: true });
  if (status !== 200 || body.url === undefined) return;
  const state = new URL(body.url).searchParams.get('state') ?? '';
  aviary.note(`state of a consent: ${name}`, state);
  const code = aviary.make(`code of a consent: ${name}`, 'plain');
  const back = await person.call('GET', `/oauth/callback?code=${code}&state=${encodeURIComponent(state)}`);
  if (back.location?.endsWith('connected=1') !== true) throw new Error(`${name} was not connected: ${back.location}`);
}

async function askVendors({ key, ids }: World, kept: Kept[]): Promise<void> {
  await inParallel(kept.length, 8, async (at) => {
    const { kind, as = kind, uses } = kept[at] ?? { kind: '' };
    const id = ids[as] ?? '';
    // A database that does not answer takes its ten seconds each time.
    const times = kind === 'mysql' ? 1 : testsEach;
    for (let n = 0; n < times; n += 1) {
      await key.call('POST', `/api/v1/credentials/${id}/test`);
      if (uses !== undefined) await key.call('POST', `/api/v1/connectors/${uses.connector}/test`, { credentialId: id });
    }
    const resource = uses === undefined ? undefined : Object.keys(findConnector(uses.connector)?.resources ?? {})[0];
    if (uses !== undefined && resource !== undefined)
      await key.call('POST', `/api/v1/connectors/${uses.connector}/options`, { resource, params: uses.params, credentialId: id });
    await key.call('GET', `/api/v1/credentials/${id}`);
    await key.call('GET', `/api/v1/credentials/${id}/uses`);
  });
}

async function publish({ key, workflows }: World, name: string, definition: object): Promise<string> {
  const { id } = await key.must<{ id: string }>('POST', '/api/v1/workflows', { name, definition });
  workflows.push(id);
  await key.must('POST', `/api/v1/workflows/${id}/validate`, {});
  await key.must('POST', `/api/v1/workflows/${id}/dry-run`, { input: {} });
  await key.must('POST', `/api/v1/workflows/${id}/publish`, { note: 'proof' });
  return id;
}

async function start(world: World, workflow: string, more: object = {}): Promise<string> {
  const { id } = await world.key.must<{ id: string }>('POST', `/api/v1/workflows/${workflow}/runs`, { input: {}, ...more });
  world.runs.push(id);
  return id;
}

async function ended({ key }: World, id: string): Promise<RunView> {
  let view = await key.must<RunView>('GET', `/api/v1/runs/${id}?wait=20`);
  await until(`the end of ${id}`, async () => {
    view = await key.must<RunView>('GET', `/api/v1/runs/${id}?wait=5`);
    return ['completed', 'failed', 'cancelled', 'timed_out'].includes(view.status) || view.status === 'waiting';
  });
  return view;
}

async function callAll(world: World, kept: Kept[]): Promise<void> {
  const { ids, far } = world;
  const definitions: [string, object, number][] = [];
  for (const { kind, as = kind, uses } of kept) {
    const id = ids[as] ?? '';
    if (uses === undefined) continue;
    definitions.push([`One ${as}`, oneCall(uses, id), uses.connector === 'http' ? 1 : callsEach], [`Handled ${as}`, handled(uses, id), 1]);
    if (uses.connector === 'http')
      for (const status of [401, 422, 500])
        definitions.push([`Status ${status} ${as}`, oneCall({ ...uses, params: { method: 'GET', url: `${far.url}/echo/${status}` } }, id), 1]);
  }
  for (const [model, id] of [
    ['openai/gpt-5-mini', ids['openai']],
    ['openai/gpt-5-mini'],
    ['anthropic/claude-sonnet-4-5', ids['anthropic']],
    ['anthropic/claude-sonnet-4-5'],
  ] as const)
    definitions.push([`Prompt ${model} ${id ?? 'of the operator'}`, prompt(model, id), callsEach]);
  await inParallel(definitions.length, 6, async (n) => {
    const [name, definition, times] = definitions[n] ?? ['', {}, 0];
    const workflow = await publish(world, name, definition);
    for (let time = 0; time < times; time += 1) {
      const run = await start(world, workflow);
      // A call that may not be repeated waits for a person where nobody knows what it did.
      if ((await ended(world, run)).status === 'waiting') await world.key.call('POST', `/api/v1/runs/${run}/cancel`);
    }
    if (name.startsWith('Handled')) await start(world, workflow, { draft: true }).then((run) => ended(world, run));
  });
}

async function throughEveryNode(world: World): Promise<void> {
  const { key, ids, far } = world;
  const childId = await publish(world, 'Child', child());
  const workflow = await publish(world, 'Parade', parade({ farUrl: far.url, ids, childId }));
  const run = await start(world, workflow);
  await key.must('POST', `/api/v1/runs/${run}/signals/go`, { messageId: randomUUID(), payload: 1 });
  const asked = `/api/v1/approvals?status=pending&runId=${run}`;
  await until('the approval', async () => (await key.must<{ items: unknown[] }>('GET', asked)).items.length > 0);
  await key.must('POST', `/api/v1/runs/${run}/nodes/ask/answer`, { decision: 'approved', messageId: randomUUID() });
  const view = await ended(world, run);
  if (view.status !== 'completed') throw new Error(`the parade ended ${view.status}: ${JSON.stringify(view.error)}`);
  await key.call('POST', `/api/v1/workflows/${workflow}/duplicate`, { name: 'Parade again' });
  await key.call('POST', `/api/v1/runs/${run}/retry-plan`, { fromNode: 'call' });
}

/** A webhook that is called with secrets in its URL, headers and query; a poll with a credential, well and badly. */
async function triggers(world: World): Promise<void> {
  const { key, ids, far, aviary, runs } = world;
  const hook = (id: string, config: object) => ({ ...child(), triggers: [{ id, type: 'webhook', config }] });
  const workflow = await publish(world, 'Hook', hook('hook', {}));
  const signed = await publish(world, 'Signed hook', hook('signed', { verify: { scheme: 'standardwebhooks', credentialId: ids['webhook-secret'] } }));
  for (const [id, trigger] of [
    [workflow, 'hook'],
    [signed, 'signed'],
  ] as const) {
    const { body } = await key.call<{ url: string }>('POST', `/api/v1/workflows/${id}/triggers/${trigger}/rotate-token`, undefined, {
      unsearched: true,
    });
    const token = aviary.note(`webhook token: ${trigger}`, body.url.split('/').at(-1) ?? '');
    const headers = {
      authorization: `Bearer ${aviary.make(`bearer sent to ${trigger}`, 'plain')}`,
      'x-api-key': aviary.make(`API key sent to ${trigger}`, 'plain'),
      cookie: `session=${aviary.make(`cookie sent to ${trigger}`, 'plain')}`,
    };
    const query = `?api_key=${aviary.make(`query sent to ${trigger}`, 'plain')}`;
    const { body: started } = await key.call<{ id?: string }>('POST', `/hooks/${token}${query}`, { said: 'hello' }, { headers });
    if (started?.id !== undefined) runs.push(started.id);
    await key.call('POST', `/hooks/${token}x`, { said: 'hello' });
    await key.call('GET', `/api/v1/workflows/${id}/triggers/${trigger}/deliveries`);
    await key.call('GET', `/api/v1/workflows/${id}/triggers/${trigger}/address`);
    await key.call('GET', `/api/v1/workflows/${id}/triggers`);
  }
  const poll = (path: string) => ({
    connector: 'http',
    action: 'request',
    params: { url: `${far.url}${path}` },
    credentialId: ids['header'],
    every: '5s',
    cursor: { key: 'ok', items: 'list', from: 'start' },
  });
  for (const path of ['/echo/200?poll', '/echo/500?poll', '/echo/403?poll']) {
    const id = await publish(world, `Poll ${path}`, { ...child(), triggers: [{ id: 'new', type: 'poll', config: poll(path) }] });
    const events = `/api/v1/workflows/${id}/triggers/new/events`;
    await until(`a poll of ${path}`, async () => (await key.must<{ items: unknown[] }>('GET', events)).items.length > 0);
    await key.call('POST', `/api/v1/workflows/${id}/archive`);
  }
}

/** Keys of the API, an address to answer with, an invitation, and ways to say something wrong. */
async function otherSecrets({ key, person, aviary, stack, ids }: World): Promise<void> {
  const made = await person.call<{ key: string; id: string }>(
    'POST',
    '/api/v1/api-keys',
    { name: 'canary', scopes: ['admin'] },
    { unsearched: true },
  );
  const apiKey = aviary.note('API key', made.body.key);
  await key.call('GET', '/api/v1/workflows', undefined, { headers: { authorization: `Bearer ${apiKey}` } });
  await key.call('GET', '/api/v1/workflows', undefined, {
    headers: { authorization: `Bearer ${aviary.note('API key that is none', `hub_${aviary.make('of a wrong key', 'plain')}`)}` },
  });
  const wrong = aviary.make('mistyped password', 'plain');
  await key.call('POST', '/api/v1/auth/sign-in', { email: stack.env['HUB_DEMO_EMAIL'], password: wrong }, { headers: { origin: stack.url } });
  const values = { token: aviary.make('value of a refused credential'), extra: aviary.make('unknown value of a credential') };
  await key.call('POST', '/api/v1/credentials', { name: 'Refused', kind: 'bearer', values });
  await key.call('POST', '/api/v1/credentials', {
    name: 'Refused',
    kind: 'postgres',
    values: { password: aviary.make('password of a refused credential') },
  });
  await key.call(
    'POST',
    '/api/v1/credentials',
    `{"name":"Refused","kind":"bearer","values":{"token":"${aviary.make('in a body that is cut', 'plain')}"`,
  );
  const header = `Bearer ${aviary.make('header of a step', 'plain')}`;
  const params = { url: 'https://x.example/', headers: { authorization: header } };
  const typed = { schemaVersion: 1, nodes: [{ id: 'a', type: 'data_source', config: { connector: 'http', action: 'request', params } }] };
  // A secret that somebody types into a step stands in the draft, which publish refuses; here it is not even a draft.
  await key.call('POST', '/api/v1/workflows', { name: 'Typed', definition: { ...typed, nodes: [{ ...typed.nodes[0], typ: 'x' }] } });
  const { body } = await key.call<{ revision: number }>('GET', `/api/v1/credentials/${ids['bearer']}`);
  await key.call(
    'PATCH',
    `/api/v1/credentials/${ids['bearer']}`,
    { values: { token: aviary.make('replaced bearer') } },
    { headers: { 'if-match': `"${body.revision}"` } },
  );
}

/** Every provider takes its access back: the last of what it is sent comes back in the refusal. */
async function refusedRefresh(world: World, kept: Kept[]): Promise<void> {
  const { far, ids, key } = world;
  far.refuse();
  for (const { kind } of kept.filter(({ values, kind: one }) => values['clientSecret'] !== undefined && ids[one] !== undefined))
    for (let n = 0; n < callsEach + 1; n += 1) await key.call('POST', `/api/v1/credentials/${ids[kind]}/test`);
  for (const { kind } of kept.filter(({ values }) => values['clientSecret'] !== undefined))
    await key.call('DELETE', `/api/v1/credentials/${ids[kind]}`);
}

async function searchAll(world: World, log: (line: string) => void): Promise<void> {
  const { key, stack, search, runs, workflows, far, mail } = world;
  for (const path of lists) await key.call('GET', `/api/v1/${path}`);
  for (const path of ['/metrics', '/readyz', '/api/openapi.json']) await key.call('GET', path);
  await inParallel(workflows.length, 4, async (n) => {
    for (const part of ['', '/export', '/versions', '/triggers']) await key.call('GET', `/api/v1/workflows/${workflows[n]}${part}`);
  });
  await inParallel(runs.length, 4, async (n) => {
    const at = `/api/v1/runs/${runs[n]}`;
    for (const part of ['', '/output', '/nodes?limit=200', '/events?limit=200', '/definition', '/compensations', '/node-summaries', '/at/5'])
      await key.call('GET', `${at}${part}`);
    for (const node of ['call', 'code', 'items', 'loop', 'one', 'two', 'merge', 'result']) await key.call('GET', `${at}/nodes/${node}/output`);
  });
  const { body } = await world.person.call<{ items?: { title: string }[] }>('GET', '/api/v1/notices?limit=200');
  search.look('notices and mails', 'notices', JSON.stringify(body));
  for (const text of mail.mails) search.look('notices and mails', 'mail', text);
  for (const text of far.told) search.look('messages to others', 'notify', text);
  const frames = await inParallel(runs.length, 8, (n) => searchFrames(stack, search, runs[n] ?? ''));
  const events = await searchTemporal(stack, search);
  const rows = await searchDatabase(stack, search);
  searchLogs(stack, search);
  log(
    `${rows} rows, ${events} events of Temporal, ${frames.reduce((sum, one) => sum + one, 0)} frames, ${mail.mails.length} mails, ${far.told.length} messages, ${(body.items ?? []).length} notices`,
  );
}

/** A secret that a workflow says aloud must be found wherever the search looks; the log, which no workflow can write to, is given a line. */
async function plantedLeak(world: World, log: (line: string) => void): Promise<{ found: Set<string>; spellings: Set<string> }> {
  const { stack, far, mail } = world;
  const planter = createAviary();
  const value = planter.make('planted');
  const before = [far.told.length, mail.mails.length] as const;
  const again: World = { ...world, search: createSearch(planter.all), runs: [], workflows: [] };
  again.key = keyCaller(stack, again.search);
  const texts = Object.values(spelled(value));
  const run = await start(again, await publish(again, 'Planted', planted(texts)));
  await ended(again, run);
  await until('its mail', () => Promise.resolve(mail.mails.length > before[1]));
  await fetch(`${far.url}/told`, { method: 'POST', body: texts.join(' ') });
  again.search.look('logs', 'planted', texts.join(' '));
  await searchAll(again, () => undefined);
  const { hits } = again.search;
  for (const surface of surfaces) log(`planted: ${hits.filter((hit) => hit.surface === surface).length} hits in ${surface}`);
  return { found: new Set(hits.map(({ surface }) => surface)), spellings: new Set(hits.map(({ spelling }) => spelling)) };
}

function figures(
  { aviary, search, far, mail, runs }: World,
  log: (line: string) => void,
  { found, spellings }: { found: Set<string>; spellings: Set<string> },
): Measured[] {
  const secrets = aviary.all();
  const told = new Set<string>();
  for (const { canary, surface, spelling, where } of search.hits) {
    if (!told.has(`${canary.name} ${surface}`)) log(`${canary.name} (${spelling}) in ${surface}, ${where.slice(0, 220)}`);
    told.add(`${canary.name} ${surface}`);
  }
  const leaked = new Set(search.hits.map(({ canary }) => canary.name));
  const signedIn = (one: Canary): boolean => mail.signIns.some((password) => password.includes(one.core));
  const arrived = secrets.filter((one) => far.arrived.has(one.name) || signedIn(one)).length;
  const megabytes = Math.round(Object.values(search.bytes).reduce((sum, one) => sum + one, 0) / 1e6);
  for (const surface of surfaces) log(`${surface}: ${Math.round(search.bytes[surface] / 1000)} kB searched`);
  return [
    {
      figure: `${leaked.size} of ${secrets.length} secrets found in ${megabytes} MB of ${surfaces.length} surfaces after ${runs.length} runs`,
      want: `0 of ${leastSecrets} and more`,
      ok: leaked.size === 0 && secrets.length >= leastSecrets,
    },
    { figure: `${arrived} of them arrived at a far end that echoes in every spelling`, want: '>= 35', ok: arrived >= 35 },
    {
      figure: `a planted leak is found in ${found.size} of ${surfaces.length} surfaces, as ${[...spellings].sort().join(', ')}`,
      want: `all, 4 spellings`,
      ok: found.size === surfaces.length && spellings.size >= 4,
    },
  ];
}
