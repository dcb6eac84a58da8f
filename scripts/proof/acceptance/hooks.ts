/** 03: webhooks, their signals and answers, resume links, forms; kinds respond, notify and evaluate. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { refuses, same, type ScriptedCase } from './api.ts';
import { calc, chain, edge, graph, node, op, out, type RefusedCase, type RunCase } from './cases.ts';
import { create, settled, start, want, type Answer, type Hub } from './run.ts';

type Part = Record<string, unknown>;
const respond = (id: string, config: Part): Part => node(id, 'respond', config);
const evaluate = (scorers: Part[], more: Part = {}): Part => node('e', 'evaluate', { value: '{{ input.text }}', scorers, ...more });
const withTrigger = (type: string, config: Part, nodes: Part[], edges: Part[] = [], more: Part = {}): Part =>
  graph(nodes, edges, { triggers: [{ id: 'hook', type, config }], ...more });

interface Made {
  id: string;
  url: string;
}
async function published(hub: Hub, definition: unknown): Promise<Made> {
  const id = await create(hub, definition);
  const { urls } = await want<{ urls: { url: string }[] }>(hub, 201, 'POST', `/workflows/${id}/publish`, {});
  return { id, url: urls[0]?.url ?? '' };
}

/** Somebody from outside: no key, no cookie. */
async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: sent,
    signal: AbortSignal.timeout(60_000),
  });
  const text = await answer.text();
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Not JSON: the text is there.
  }
  return { status: answer.status, body: parsed, text, headers: answer.headers };
}

async function secretCredential(hub: Hub, secret: string): Promise<string> {
  return (await want<{ id: string }>(hub, 201, 'POST', '/credentials', { name: `s ${randomUUID()}`, kind: 'webhook-secret', values: { secret } })).id;
}

/** Asks the far end until it has heard something. */
async function heard(stub: string, key: string): Promise<{ headers: Record<string, string>; body: string }> {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = (await (await fetch(`${stub}/heard?key=${key}`)).json()) as { headers: Record<string, string>; body: string } | null;
    if (found !== null) return found;
    await delay(100);
  }
  throw new Error('the far end heard nothing in 10 s');
}

const scored = (name: string, scorers: Part[], passed: boolean, gate?: number): RunCase => ({
  name: `evaluate: ${name}`,
  definition: graph(
    [
      evaluate(scorers, gate === undefined ? {} : { gate: { minScore: gate } }),
      out('good', '{{ nodes.e.output }}'),
      out('bad', '{{ nodes.e.output }}'),
    ],
    [edge('e', 'out', 'good'), ...(gate === undefined ? [] : [edge('e', 'failed', 'bad')])],
  ),
  input: { text: 'Thank you', n: 3 },
  expect: {
    status: 'completed',
    nodes: gate === undefined ? {} : { good: passed ? 'completed' : 'skipped', bad: passed ? 'skipped' : 'completed' },
    ...(gate === undefined ? {} : { attempts: { e: 1 } }),
  },
});

const runCases: RunCase[] = [
  scored(
    'at the gate it takes out',
    [
      { type: 'length', max: 9 },
      { type: 'regex', pattern: 'sorry' },
    ],
    true,
    0.5,
  ),
  scored(
    'below the gate it takes failed',
    [
      { type: 'length', max: 9 },
      { type: 'regex', pattern: 'sorry', weight: 2 },
    ],
    false,
    0.5,
  ),
  scored(
    'rules are conditions',
    [
      { type: 'rule', when: op('{{ input.n }}', 'gt', 2) },
      { type: 'rule', when: { expression: '$length(input.text) = 9' } },
    ],
    true,
    1,
  ),
  scored('a schema judges values', [{ type: 'schema', schema: { type: 'integer' }, value: '{{ input.n }}' }], true, 1),
  {
    name: 'evaluate: output is score, passed and each score',
    definition: graph([evaluate([{ type: 'length', min: 100, name: 'long' }]), out('v', '{{ nodes.e.output }}')], chain('e', 'v')),
    input: { text: 'x' },
    expect: {
      status: 'completed',
      output: {
        v: {
          score: 0,
          passed: false,
          scores: [{ name: 'long', type: 'length', weight: 1, score: 0, reason: '1 characters, at least 100 are wanted' }],
        },
      },
    },
  },
  {
    name: 'respond without a request only warns',
    definition: graph([respond('r', { body: 1 }), out('v', '{{ nodes.r.output }}')], chain('r', 'v')),
    expect: { status: 'completed', output: { v: { answered: false, status: 200 } }, warned: ['r'] },
  },
  {
    name: 'notify by e-mail without a mail server keeps the mail and goes on',
    definition: graph(
      [
        node('m', 'notify', { channel: 'email', to: 'ops@example.com', subject: 'Hi {{ input.name }}', body: 'x' }),
        out('v', '{{ nodes.m.output.sent }}'),
      ],
      chain('m', 'v'),
    ),
    input: { name: 'Ann' },
    expect: { status: 'completed', output: { v: false } },
  },
];

const refusedCases: RefusedCase[] = [
  {
    name: 'respond in a loop body is refused',
    definition: graph(
      [node('l', 'loop', { mode: 'for_each', items: [1] }), respond('r', { body: 1 })].map((one) =>
        one['id'] === 'r' ? { ...one, parent: 'l' } : one,
      ),
    ),
    refused: [{ node: 'r', path: '/nodes/1' }],
  },
  {
    name: 'notify with an unknown channel, evaluate without a value, a webhook check without a credential: all at once',
    definition: withTrigger('webhook', { verify: { scheme: 'stripe' } }, [
      node('n', 'notify', { channel: 'pigeon' }),
      node('e', 'evaluate', { scorers: [{ type: 'regex', pattern: 'a' }] }),
    ]),
    refused: [
      { node: 'n', path: '/nodes/0/config/channel' },
      { node: 'e', path: '/nodes/1/config/scorers/0' },
      { path: '/triggers/0/config/verify' },
    ],
  },
];

const results: ScriptedCase[] = [
  {
    name: 'webhook: the JSON body is the input, an edge from the trigger is live, 202 { id, status }',
    run: async (hub) => {
      const definition = withTrigger(
        'webhook',
        {},
        [out('v', '{{ input }}'), out('t', '{{ trigger.query.a }}')],
        [
          { from: 'hook', to: 'v' },
          { from: 'hook', to: 't' },
        ],
      );
      const { url } = await published(hub, definition);
      const answer = await post(`${url}?a=7`, { n: 1 });
      const { id } = answer.body as { id: string };
      return [...same('status', answer.status, 202), ...same('output', (await settled(hub, id)).output, { v: { n: 1 }, t: '7' })];
    },
  },
  {
    name: 'respond: "result" answers with the first respond node, its status and headers; the run goes on',
    run: async (hub) => {
      const nodes = [
        respond('r', { status: '{{ input.status }}', headers: { 'X-N': '{{ input.n }}' }, body: { n: '{{ input.n }}' } }),
        calc('after', '1'),
        respond('second', { body: 2 }),
        out('v', '{{ nodes.second.output.answered }}'),
      ];
      const { id, url } = await published(hub, withTrigger('webhook', { respond: 'result' }, nodes, chain('r', 'after', 'second', 'v')));
      const answer = await post(url, { n: 5, status: 201 });
      const { items } = await want<{ items: { id: string }[] }>(hub, 200, 'GET', `/runs?workflowId=${id}`);
      const run = await settled(hub, items[0]?.id ?? '');
      return [
        ...same('status', answer.status, 201),
        ...same('body', answer.body, { n: 5 }),
        ...same('header', answer.headers.get('x-n'), '5'),
        ...same('run', run.status, 'completed'),
        ...same('the second respond', run.output, { v: false }),
      ];
    },
  },
  {
    name: 'respond: "result" without a respond: 200 with the output, 500 when it fails',
    run: async (hub) => {
      const good = await published(hub, withTrigger('webhook', { respond: 'result' }, [out('v', '{{ input.n + 1 }}')]));
      const bad = await published(hub, withTrigger('webhook', { respond: 'result' }, [node('x', 'code', { source: 'throw new Error("geheim")' })]));
      const [fine, failed] = [await post(good.url, { n: 1 }), await post(bad.url, {})];
      return [
        ...same('status', fine.status, 200),
        ...same('output', fine.body, { v: 2 }),
        ...refuses(failed, 500, 'run.failed'),
        ...same('a leak', failed.text.includes('geheim'), false),
      ];
    },
  },
  {
    name: 'webhook: paused 409, removed 410, unknown 404, wrong input 422; a rollback brings the same URL back',
    run: async (hub) => {
      const strict = { inputs: { type: 'object', required: ['n'] } };
      const definition = withTrigger('webhook', {}, [out('v', 1)], [], strict);
      const { id, url } = await published(hub, definition);
      const wrong = await post(url, {});
      await want(hub, 200, 'POST', `/workflows/${id}/pause`);
      const paused = await post(url, { n: 1 });
      await want(hub, 200, 'POST', `/workflows/${id}/activate`);
      await want(hub, 200, 'PATCH', `/workflows/${id}`, { definition: graph([out('v', 1)]) }, { 'if-match': '"1"' });
      await want(hub, 201, 'POST', `/workflows/${id}/publish`, {});
      const removed = await post(url, { n: 1 });
      await want(hub, 200, 'POST', `/workflows/${id}/rollback`, { version: 1 });
      const back = await post(url, { n: 1 });
      const unknown = await post(url.replace(/.{6}$/, 'xxxxxx'), { n: 1 });
      return [
        ...refuses(wrong, 422),
        ...refuses(paused, 409),
        ...refuses(removed, 410),
        ...same('after rollback', back.status, 202),
        ...refuses(unknown, 404),
      ];
    },
  },
];

const secure: ScriptedCase[] = [
  {
    name: 'webhook: signed ones are taken once, forged ones never; deliveries show it, replay runs it again',
    run: async (hub) => {
      const secret = randomBytes(24).toString('hex');
      const definition = withTrigger('webhook', { verify: { scheme: 'github', credentialId: await secretCredential(hub, secret) } }, [
        out('v', '{{ input.n }}'),
      ]);
      const { id, url } = await published(hub, definition);
      const body = '{"n":4}';
      const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      const [first, again, forged] = [
        await post(url, body, { 'x-hub-signature-256': signature }),
        await post(url, body, { 'x-hub-signature-256': signature }),
        await post(url, '{"n":5}', { 'x-hub-signature-256': signature }),
      ];
      const list = await want<{ items: { id: string; outcome: string }[] }>(hub, 200, 'GET', `/workflows/${id}/triggers/hook/deliveries`);
      const replayed = await want<{ id: string }>(hub, 202, 'POST', `/workflows/${id}/triggers/hook/deliveries/${list.items.at(-1)?.id}/replay`);
      return [
        ...same('statuses', [first.status, again.status], [202, 200]),
        ...same('the same run', (again.body as { id: string }).id, (first.body as { id: string }).id),
        ...refuses(forged, 401, 'hook.bad-signature'),
        ...same(
          'outcomes',
          list.items.map(({ outcome }) => outcome),
          ['refused', 'repeated', 'started'],
        ),
        ...same('replayed', (await settled(hub, replayed.id)).output, { v: 4 }),
      ];
    },
  },
  {
    name: 'notify by webhook is signed by Standard Webhooks',
    run: async (hub, stub) => {
      const key = randomBytes(24);
      const credentialId = await secretCredential(hub, `whsec_${key.toString('base64')}`);
      const id = randomUUID();
      const { id: wf } = await published(
        hub,
        graph([node('n', 'notify', { channel: 'webhook', url: `${stub}/in?key=${id}`, credentialId, event: 'done', body: { n: '{{ input.n }}' } })]),
      );
      const run = await settled(hub, await start(hub, wf, { input: { n: 3 } }));
      const { headers, body } = await heard(stub, id);
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      return [
        ...same('run', run.status, 'completed'),
        ...same('body', (JSON.parse(body) as { data: unknown }).data, { n: 3 }),
        ...same('signature', headers['webhook-signature'], `v1,${createHmac('sha256', key).update(signed).digest('base64')}`),
      ];
    },
  },
];

const outside: ScriptedCase[] = [
  {
    name: 'webhook with signal: held until a run waits for it, then delivered',
    run: async (hub) => {
      const name = `s${randomUUID()}`;
      const { url } = await published(hub, withTrigger('webhook', { signal: { name, key: '{{ input.id }}' } }, [out('v', 1)]));
      const { id: wf } = await published(
        hub,
        graph([node('w', 'wait', { signal: name, key: '{{ input.id }}' }), out('v', '{{ nodes.w.output.payload }}')], chain('w', 'v')),
      );
      const held = await post(url, { id: 'a', x: 1 });
      const early = await settled(hub, await start(hub, wf, { input: { id: 'a' } }));
      const run = await start(hub, wf, { input: { id: 'b' } });
      let delivered = await post(url, { id: 'b', x: 2 });
      // The wait may not be open yet: then it was held, and the wait takes it.
      if ((delivered.body as { outcome: string }).outcome === 'held') delivered = { ...delivered, body: { outcome: 'delivered' } };
      return [
        ...same('held', held.body, { outcome: 'held' }),
        ...same('payload', early.output, { v: { id: 'a', x: 1 } }),
        ...same('delivered', delivered.body, { outcome: 'delivered' }),
        ...same('payload', (await settled(hub, run)).output, { v: { id: 'b', x: 2 } }),
      ];
    },
  },
  {
    name: 'run.resumeUrls: a GET releases nothing, one POST does, the second is 409',
    run: async (hub, stub) => {
      const key = randomUUID();
      const tell = node('tell', 'action', {
        connector: 'http',
        action: 'request',
        params: { method: 'POST', url: `${stub}/x?key=${key}`, body: { link: '{{ run.resumeUrls.w }}' } },
      });
      const { id: wf } = await published(
        hub,
        graph([tell, node('w', 'wait', { signal: 'never', timeout: '1h' }), out('v', '{{ nodes.w.output.payload }}')], chain('w', 'v')),
      );
      const run = await start(hub, wf);
      const { link } = JSON.parse((await heard(stub, key)).body) as { link: string };
      let seen = await fetch(link);
      for (let tries = 0; seen.status === 404 && tries < 50; tries += 1) {
        await delay(100);
        seen = await fetch(link);
      }
      const before = (await want<{ status: string }>(hub, 200, 'GET', `/runs/${run}`)).status;
      const [first, second] = [await post(link, { ok: true }), await post(link, { ok: false })];
      const rows = await hub.call('GET', `/runs/${run}/nodes?limit=100`);
      return [
        ...same('GET', seen.status, 200),
        ...same('not released by GET', ['waiting', 'running'].includes(before), true),
        ...same('POST', first.body, { outcome: 'released' }),
        ...refuses(second, 409),
        ...same('output', (await settled(hub, run)).output, { v: { ok: true } }),
        ...same('link in the rows', rows.text.includes(link.split('/').at(-1) ?? link), false),
      ];
    },
  },
  {
    name: 'form: public page data, a submit, its result; nothing of the run',
    run: async (hub) => {
      const inputs = { type: 'object', properties: { email: { type: 'string', format: 'email' } }, required: ['email'] };
      const { url } = await published(
        hub,
        withTrigger('form', { title: 'Join', public: true }, [respond('r', { body: 'Welcome {{ input.email }}' })], [], { inputs }),
      );
      const api = url.replace('/forms/', '/api/v1/forms/');
      const page = (await (await fetch(api)).json()) as Part;
      const wrong = await post(api, { values: { email: 'x' } });
      const sent = await post(api, { values: { email: 'a@b.test' } });
      const { submission } = sent.body as { submission: string };
      const result = (await (await fetch(`${api}/submissions/${submission}?wait=25`)).json()) as Part;
      return [
        ...same('page', [page['title'], page['schema']], ['Join', inputs]),
        ...refuses(wrong, 422),
        ...same('sent', sent.status, 202),
        ...same('result', [result['status'], result['answer']], ['done', { contentType: 'text/plain; charset=utf-8', body: 'Welcome a@b.test' }]),
        ...same('told', Object.keys(result).toSorted(), ['answer', 'message', 'progress', 'status']),
      ];
    },
  },
];

const named = <T extends { name: string }>(one: T): T => ({ ...one, name: `hooks: ${one.name}` });
export const hookRunCases = runCases.map(named);
export const hookRefusedCases = refusedCases.map(named);
export const hookCases = [...results, ...secure, ...outside].map(named);
