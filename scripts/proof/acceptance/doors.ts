/** 03: forms, test events, deliveries; export and import, versions. Over HTTP only; written before it was run. */
import { randomUUID } from 'node:crypto';
import { refuses, same, type ScriptedCase } from './api.ts';
import { chain, graph, node, out } from './cases.ts';
import { member, nobody, outside, published } from './people.ts';
import { type Answer, type Hub, publish, saveDraft, settled, start, want } from './run.ts';
import { until, wait, type Part } from './wait-words.ts';

const doors: ScriptedCase[] = [
  {
    name: 'form for members: nobody without a session, nobody of another team; progress, then the answer',
    run: async (hub) => {
      const { hub: own } = await member(hub);
      const { hub: stranger } = await member(hub);
      const inputs = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
      const definition = graph([wait('w', { signal: 'go' }), node('r', 'respond', { body: { twice: '{{ input.n * 2 }}' } })], chain('w', 'r'), {
        triggers: [{ id: 'f', type: 'form', config: { title: 'Twice', public: false } }],
        inputs,
      });
      const { id, url } = await published(own, definition);
      const path = `/forms/${url.split('/').at(-1) ?? ''}`;
      const send = (who: Hub, values: Part = { n: 21 }): Promise<Answer> => who.call('POST', path, { values });
      const [anonymous, foreign, wrong, sent] = [await send(nobody(hub)), await send(stranger), await send(own, { n: 'x' }), await send(own)];
      const follow = `${path}/submissions/${(sent.body as { submission: string }).submission}`;
      const told = await until(
        () => want<{ status: string; progress: { total: number } }>(own, 200, 'GET', follow),
        ({ status }) => status === 'waiting',
      );
      const [run] = (await want<{ items: { id: string }[] }>(own, 200, 'GET', `/runs?workflowId=${id}`)).items;
      await want(own, 202, 'POST', `/runs/${run?.id ?? ''}/signals/go`, { messageId: 'm' });
      const done = await want<{ status: string; progress: unknown; answer: { body: unknown } }>(own, 200, 'GET', `${follow}?wait=20`);
      return [
        ...refuses(anonymous, 401),
        ...refuses(foreign, 404),
        ...refuses(wrong, 422),
        ...same('fault', (wrong.body as { errors: { path: string }[] }).errors[0]?.path, '/values/n'),
        ...same('sent', sent.status, 202),
        ...same('progress', told.progress.total, 2),
        ...same('done', [done.status, done.answer.body], ['done', { twice: 42 }]),
      ];
    },
  },
  {
    name: 'a form without a respond: a member is shown the output, the public only that it is done',
    run: async (hub) => {
      const made = (isPublic: boolean): Part =>
        graph([out('sum', '{{ input.a + 1 }}')], [], { triggers: [{ id: 'f', type: 'form', config: { title: 'Sum', public: isPublic } }] });
      const told = [];
      for (const isPublic of [true, false]) {
        const { url } = await published(hub, made(isPublic));
        const path = `/forms/${url.split('/').at(-1) ?? ''}`;
        const who = isPublic ? nobody(hub) : hub;
        const { submission } = await want<{ submission: string }>(who, 202, 'POST', path, { values: { a: 1 } });
        const end = await want<{ status: string; answer: { body: unknown } | null }>(who, 200, 'GET', `${path}/submissions/${submission}?wait=20`);
        told.push([end.status, end.answer?.body ?? null]);
      }
      return same('told', told, [
        ['done', null],
        ['done', { sum: 2 }],
      ]);
    },
  },
  {
    name: 'listen for a test event: it starts a test run of the draft and fires nothing that is published',
    run: async (hub) => {
      const triggers = [{ id: 'h', type: 'webhook', config: {} }];
      const { id } = await published(hub, graph([out('v', 'published')], [], { triggers }));
      await saveDraft(hub, id, graph([out('v', 'draft {{ input.n }}')], [], { triggers }));
      type Listening = {
        id: string;
        url: string;
        status: string;
        runId: string | null;
        event: { body: unknown; headers: Record<string, string>; test: boolean } | null;
      };
      const open = await want<Listening>(hub, 201, 'POST', `/workflows/${id}/triggers/h/listen`, { start: true });
      const heldAnswer = want<Listening>(hub, 200, 'GET', `/workflows/${id}/triggers/h/listen/${open.id}?wait=25`);
      const sent = await outside(open.url, { n: 5 }, { authorization: 'Bearer geheim', 'x-shop': 'tea' });
      const second = await outside(open.url, { n: 6 });
      const heldBack = await heldAnswer;
      const view = (await settled(hub, heldBack.runId ?? '')) as unknown as { output: unknown; isTest?: boolean };
      return [
        ...same('sent', sent.status, 202),
        ...same('only one', second.status >= 400, true),
        ...same('received', [heldBack.status, heldBack.event?.body, heldBack.event?.test], ['received', { n: 5 }, true]),
        ...same('masked', [JSON.stringify(heldBack.event?.headers).includes('geheim'), heldBack.event?.headers['x-shop']], [false, 'tea']),
        ...same('output', view.output, { v: 'draft 5' }),
      ];
    },
  },
  {
    name: 'deliveries: secrets masked, what was refused is told with its reason; replay runs what is published now',
    run: async (hub) => {
      const triggers = [{ id: 'h', type: 'webhook', config: {} }];
      const inputs = { type: 'object', required: ['n'] };
      const { id, url } = await published(hub, graph([out('v', 1)], [], { triggers, inputs }));
      const headers = { authorization: 'Basic geheim', cookie: 'a=geheim', 'x-api-key': 'geheim', 'x-note': 'fine' };
      const taken = await outside(`${url}?token=geheim&a=1`, { n: 7 }, headers);
      const refused = await outside(url, {});
      type Delivery = { id: string; outcome: string; status: number; code: string | null; headers: Record<string, string>; body: unknown };
      const { items } = await want<{ items: Delivery[] }>(hub, 200, 'GET', `/workflows/${id}/triggers/h/deliveries`);
      const detail = await hub.call('GET', `/workflows/${id}/triggers/h/deliveries/${items[1]?.id ?? ''}`);
      await saveDraft(hub, id, graph([out('v', '{{ input.n + 1 }}')], [], { triggers, inputs }));
      await want(hub, 201, 'POST', `/workflows/${id}/publish`, {});
      const again = await want<{ id: string }>(hub, 202, 'POST', `/workflows/${id}/triggers/h/deliveries/${items[1]?.id ?? ''}/replay`);
      const not = await hub.call('POST', `/workflows/${id}/triggers/h/deliveries/${items[0]?.id ?? ''}/replay`);
      return [
        ...same('statuses', [taken.status, refused.status], [202, 422]),
        ...same(
          'list',
          items.map(({ outcome, status, code }) => [outcome, status, code]),
          [
            ['refused', 422, 'run.invalid-input'],
            ['started', 202, null],
          ],
        ),
        ...same('masked', [detail.text.includes('geheim'), (detail.body as Delivery).headers['x-note']], [false, 'fine']),
        ...same('body', (detail.body as Delivery).body, { n: 7 }),
        ...same('replayed', (await settled(hub, again.id)).output, { v: 8 }),
        ...refuses(not, 409, 'delivery.not-replayable'),
      ];
    },
  },
];

const versions: ScriptedCase[] = [
  {
    name: 'export and import: the same file again, secrets and ids of others as named placeholders, then connected',
    run: async (hub) => {
      const secret = randomUUID();
      const { id: credentialId } = await want<{ id: string }>(hub, 201, 'POST', '/credentials', {
        name: `c ${randomUUID()}`,
        kind: 'webhook-secret',
        values: { secret },
      });
      const other = await publish(hub, graph([out('v', '{{ input.n }}')]));
      const definition = graph(
        [node('s', 'subworkflow', { workflowId: other, input: { n: 3 } }), out('v', '{{ nodes.s.output.v }}')],
        chain('s', 'v'),
        {
          triggers: [{ id: 'h', type: 'webhook', config: { verify: { scheme: 'github', credentialId } } }],
          ui: { nodes: { s: { x: 10, y: 20 } }, notes: [{ id: 'n1', x: 0, y: 0, w: 100, h: 50, text: 'why' }] },
        },
      );
      const id = await publish(hub, definition);
      type File = { definition: unknown; placeholders: { kind: string; placeholder: string }[]; exportedAt?: string; name: string };
      const first = await hub.call('GET', `/workflows/${id}/export`);
      const file = first.body as File;
      const bare = await want<{ workflow: { id: string }; connect: unknown[]; errors: unknown[] }>(hub, 201, 'POST', '/workflows/import', { file });
      const second = (await hub.call('GET', `/workflows/${bare.workflow.id}/export`)).body as File;
      const connect = Object.fromEntries(
        file.placeholders.map(({ kind, placeholder }) => [placeholder, kind === 'credential' ? credentialId : other]),
      );
      const joined = await want<{ workflow: { id: string }; errors: unknown[] }>(hub, 201, 'POST', '/workflows/import', { file, connect });
      await want(hub, 201, 'POST', `/workflows/${joined.workflow.id}/publish`, {});
      const draft = await want<{ definition: unknown }>(hub, 200, 'GET', `/workflows/${joined.workflow.id}`);
      const run = await settled(hub, await start(hub, joined.workflow.id));
      return [
        ...same('kinds', file.placeholders.map(({ kind }) => kind).toSorted(), ['credential', 'workflow']),
        ...same(
          'ids in the file',
          [first.text.includes(credentialId), first.text.includes(other), first.text.includes(secret)],
          [false, false, false],
        ),
        ...same('to connect', bare.connect.length, 2),
        ...same('the same file', second.definition, file.definition),
        ...same('as it was', draft.definition, definition),
        ...same('runs', run.output, { v: 3 }),
      ];
    },
  },
  {
    name: 'versions: a run keeps its own over publish and rollback; the difference is told by node; the draft stays',
    run: async (hub) => {
      const made = (value: string): Part => graph([wait('w', { signal: 'go' }), out('v', value)], chain('w', 'v'));
      const id = await publish(hub, made('one'));
      const first = await start(hub, id);
      await saveDraft(hub, id, graph([wait('w', { signal: 'go' }), out('v', 'two'), out('more', 1)], chain('w', 'v')));
      const second = await want<{ version: number; note?: string }>(hub, 201, 'POST', `/workflows/${id}/publish`, { note: 'says two' });
      type Diff = {
        same: boolean;
        nodes: { added: { id: string }[]; changed: { id: string; fields: { name: string; before: unknown; after: unknown }[] }[] };
      };
      const diff = await want<Diff>(hub, 200, 'GET', `/workflows/${id}/versions/2/diff?against=1`);
      const later = await start(hub, id);
      await want(hub, 200, 'POST', `/workflows/${id}/rollback`, { version: 1 });
      const back = await start(hub, id);
      const draft = await want<{ definition: { nodes: unknown[] } }>(hub, 200, 'GET', `/workflows/${id}`);
      const outputs = [];
      for (const run of [first, later, back]) {
        await want(hub, 202, 'POST', `/runs/${run}/signals/go`, { messageId: 'm' });
        const view = (await settled(hub, run)) as unknown as { output: { v: string }; version: number };
        outputs.push([view.version, view.output.v]);
      }
      const copy = await want<{ id: string; status: string; name: string }>(hub, 201, 'POST', `/workflows/${id}/duplicate`, {});
      return [
        ...same('version', second.version, 2),
        ...same('diff', [diff.same, diff.nodes.added.map((one) => one.id), diff.nodes.changed.map((one) => one.id)], [false, ['more'], ['v']]),
        ...same('field', diff.nodes.changed[0]?.fields, [{ name: 'config.value', before: 'one', after: 'two' }]),
        ...same('outputs', outputs, [
          [1, 'one'],
          [2, 'two'],
          // Published anew: the history goes on.
          [3, 'one'],
        ]),
        ...same('draft', draft.definition.nodes.length, 3),
        ...same('copy', [copy.status, copy.name], ['draft', 'acceptance copy']),
      ];
    },
  },
];

export const doorCases: ScriptedCase[] = [...doors, ...versions].map((one) => ({ ...one, name: `together: ${one.name}` }));
