/** 03: kinds inside one another, and what people and programs from outside do to a run. Over HTTP only; written before it was run. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { refuses, same, type ScriptedCase } from './api.ts';
import { broken, calc, chain, graph, node, out } from './cases.ts';
import { member, nobody, outside, published } from './people.ts';
import { publish, settled, start, want, type Answer, type Hub } from './run.ts';
import { ask, pending, until, wait, waiting, type Part } from './wait-words.ts';

type Called = { headers: Record<string, string>; body: string };
const loop = (id: string, config: Part, more: Part = {}): Part => node(id, 'loop', config, more);
const child = (id: string, workflowId: string, more: Part = {}, rest: Part = {}): Part =>
  node(id, 'subworkflow', { workflowId, input: {}, ...more }, rest);
const heard = (stub: string, key: string): Promise<Called> =>
  until(
    async () => (await (await fetch(`${stub}/heard?key=${key}`)).json()) as Called,
    (found) => found !== null,
  );
const openUntil = async (hub: Hub, run: string, nodeId: string): Promise<string | null> => {
  const { items } = await want<{ items: { nodeId: string; waits?: { until: string | null } | null }[] }>(
    hub,
    200,
    'GET',
    `/runs/${run}/node-summaries`,
  );
  return items.find((one) => one.nodeId === nodeId)?.waits?.until ?? null;
};

const slow: ScriptedCase[] = [
  {
    name: 'approvals in a loop remind those asked, and the signed link of each iteration answers that one, once',
    run: async (hub, stub) => {
      const { hub: own } = await member(hub);
      const key = randomUUID();
      const url = `${stub}/link?key=${key}-{{ item }}`;
      const tell = node(
        'tell',
        'action',
        { connector: 'http', action: 'request', params: { method: 'PUT', url, body: { link: '{{ run.resumeUrls.ok }}' } } },
        { parent: 'l' },
      );
      const definition = graph(
        [
          loop('l', { mode: 'for_each', items: [0, 1], concurrency: 2, result: '{{ nodes.ok.output }}' }),
          tell,
          ask(
            'ok',
            {
              approvers: ['owner'],
              remindEvery: '1m',
              timeout: '1h',
              form: { type: 'object', properties: { why: { type: 'string' } }, required: ['why'] },
            },
            { parent: 'l' },
          ),
          out('v', '{{ nodes.l.output }}'),
        ],
        [...chain('tell', 'ok'), ...chain('l', 'v')],
      );
      const run = await start(own, await publish(own, definition), { input: { what: 'tea' } });
      await until(
        () => pending(own, run),
        (items) => items.length === 2,
      );
      const links = [];
      for (const item of [0, 1]) links.push((JSON.parse((await heard(stub, `${key}-${item}`)).body) as { link: string }).link);
      const page = await fetch(links[1] ?? '', { redirect: 'manual' });
      const [, id = '', token = ''] = /\/approvals\/([0-9a-f-]{36})\?token=([\w-]+)$/.exec(page.headers.get('location') ?? '') ?? [];
      const shown = await (await fetch(`${hub.url}/approvals/${id}?token=${token}`)).text();
      const link = (more: Part): Promise<Answer> => nobody(hub).call('POST', `/approvals/${id}/link`, { token, messageId: randomUUID(), ...more });
      const formless = await link({ decision: 'approved' });
      const rejected = await link({ decision: 'rejected' });
      const second = await link({ decision: 'approved', form: { why: 'late' } });
      const left = await pending(own, run);
      const notices = async (): Promise<string[]> =>
        (await want<{ items: { kind: string }[] }>(own, 200, 'GET', '/notices?limit=50')).items.map(({ kind }) => kind).toSorted();
      const early = await notices();
      await delay(45_000);
      const told = await until(notices, (kinds) => kinds.includes('approval.reminder'));
      await want(own, 202, 'POST', `/runs/${run}/nodes/ok/answer`, {
        path: left[0]?.path,
        decision: 'approved',
        form: { why: 'fine' },
        messageId: 'm',
      });
      const end = (await settled(own, run)).output as { v: { decision: string; by: string; form: unknown }[] };
      return [
        ...same('page', [page.status, shown.includes('Sure about tea?')], [303, true]),
        ...refuses(formless, 422, 'approval.invalid-form'),
        ...same('rejected', rejected.status, 200),
        ...refuses(second, 409, 'approval.settled'),
        ...same(
          'left',
          left.map(({ path }) => path),
          ['l[0].ok'],
        ),
        ...same('asked', early, ['approval.asked', 'approval.asked']),
        ...same('reminded', told.filter((kind) => kind === 'approval.reminder').length, 1),
        ...same(
          'output',
          end.v.map(({ decision, form }) => [decision, form]),
          [
            ['approved', { why: 'fine' }],
            ['rejected', null],
          ],
        ),
      ];
    },
  },
  {
    name: 'respond: "result" answers 202 { id, status } after 30 s; the respond that comes later only warns',
    run: async (hub) => {
      const nodes = [wait('w', { signal: 'go' }), node('r', 'respond', { body: 1 }), out('v', '{{ nodes.r.output.answered }}')];
      const { url } = await published(
        hub,
        graph(nodes, chain('w', 'r', 'v'), { triggers: [{ id: 'h', type: 'webhook', config: { respond: 'result' } }] }),
      );
      const began = performance.now();
      const answer = await outside(url, {});
      const took = (performance.now() - began) / 1_000;
      const { id, status } = answer.body as { id: string; status: string };
      await want(hub, 202, 'POST', `/runs/${id}/signals/go`, { messageId: 'm' });
      return [
        ...same('status', [answer.status, status], [202, 'waiting']),
        ...same('after 30 s', took >= 29 && took < 36, true),
        ...same('output', (await settled(hub, id)).output, { v: false }),
      ];
    },
  },
];

const nested: ScriptedCase[] = [
  {
    name: 'an until in a for_each in a subworkflow in a for_each',
    run: async (hub) => {
      const inner = await publish(
        hub,
        graph(
          [
            loop('each', { mode: 'for_each', items: '{{ input.list }}', concurrency: 3, result: '{{ nodes.count.output }}' }),
            loop(
              'count',
              {
                mode: 'until',
                condition: { left: '{{ previous }}', op: 'gte', right: '{{ loops.each.item }}' },
                initial: 0,
                result: '{{ nodes.inc.output }}',
              },
              { parent: 'each' },
            ),
            calc('inc', 'previous + 1', { parent: 'count' }),
            out('v', '{{ nodes.each.output }}'),
          ],
          chain('each', 'v'),
        ),
      );
      const outer = graph(
        [
          loop('all', { mode: 'for_each', items: '{{ input.lists }}', concurrency: 2, result: '{{ nodes.sub.output.v }}' }),
          child('sub', inner, { input: { list: '{{ item }}' } }, { parent: 'all' }),
          out('v', '{{ nodes.all.output }}'),
        ],
        chain('all', 'v'),
      );
      const run = await start(hub, await publish(hub, outer), { input: { lists: [[1, 3], [0, 2], []] } });
      return same('output', (await settled(hub, run)).output, { v: [[1, 3], [1, 2], []] });
    },
  },
  {
    name: 'a child run ends with its parent: when the step’s time is over, and when another step fails the run',
    run: async (hub) => {
      const parked = await publish(hub, graph([wait('w', { signal: 'never' })]));
      const late = graph([child('s', parked, {}, { timeoutMs: 700 })]);
      const failing = graph([child('s', parked), wait('t', { for: '700ms' }), broken('x')], chain('t', 'x'));
      const wrong: string[] = [];
      for (const [definition, code] of [
        [late, 'step.timeout'],
        [failing, 'code.threw'],
      ] as const) {
        const run = await start(hub, await publish(hub, definition));
        const view = await settled(hub, run);
        const below = await until(
          async () =>
            (
              await want<{ items: { id: string; status: string; trigger?: { runId?: string } }[] }>(
                hub,
                200,
                'GET',
                `/runs?workflowId=${parked}&limit=20`,
              )
            ).items,
          (items) => items.every(({ status }) => status === 'cancelled'),
        );
        wrong.push(...same('status', [view.status, view.error?.['code']], ['failed', code]), ...same('below', below.length > 0, true));
      }
      return wrong;
    },
  },
  {
    name: 'wait until a local time: a skipped hour comes as much later, of an hour that comes twice the first',
    run: async (hub) => {
      const at = (id: string, until: string): Part => wait(id, { until, timeZone: 'Europe/Berlin' });
      const run = await start(
        hub,
        await publish(
          hub,
          graph([
            at('skipped', '2027-03-28T02:30:00'),
            at('after', '2027-03-28T03:00'),
            at('twice', '2027-10-31T02:30'),
            at('own', '2027-10-31T02:30:00+01:00'),
          ]),
        ),
      );
      await waiting(hub, run, 'timer');
      const found = await Promise.all(['skipped', 'after', 'twice', 'own'].map((id) => openUntil(hub, run, id)));
      await want(hub, 202, 'POST', `/runs/${run}/cancel`);
      return same('until', found, ['2027-03-28T01:30:00.000Z', '2027-03-28T01:00:00.000Z', '2027-10-31T00:30:00.000Z', '2027-10-31T01:30:00.000Z']);
    },
  },
];

/** The slow ones first: they run beside the others. */
export const togetherCases: ScriptedCase[] = [...slow, ...nested].map((one) => ({ ...one, name: `together: ${one.name}` }));
