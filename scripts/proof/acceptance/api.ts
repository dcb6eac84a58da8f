/** 03 "Core HTTP API" and "Triggers and the input of a run": what clients lean on. */
import { isDeepStrictEqual } from 'node:util';
import { calc, chain, graph, out } from './cases.ts';
import { type Answer, create, type Hub, problem, publish, saveDraft, settled, start, want } from './run.ts';

/** A case that needs more than one definition and one run; answers what is wrong. */
export interface ScriptedCase {
  name: string;
  run: (hub: Hub, stub: string) => Promise<string[]>;
}
type Wf = { id: string; status: string; revision: number; publishedVersion: number | null };
export type Page = { items: { id: string; version?: number }[]; nextCursor: string | null };

export const same = (what: string, got: unknown, wanted: unknown): string[] =>
  isDeepStrictEqual(got, wanted) ? [] : [`${what} is ${JSON.stringify(got)?.slice(0, 300)}, not ${JSON.stringify(wanted)?.slice(0, 300)}`];
/** This status, and problem+json where it is an error. */
export const refuses = (answer: Answer, status: number, code?: string): string[] => [
  ...same('status', answer.status, status),
  ...problem(answer),
  ...(code === undefined ? [] : same('code', (answer.body as { code?: string }).code, code)),
];
const simple = (value: unknown = '{{ input }}'): object => graph([out('v', value)]);
const inputs = {
  inputs: {
    type: 'object',
    properties: {
      name: { type: 'string' },
      n: { type: 'integer', default: 7 },
      deep: { type: 'object', properties: { list: { type: 'array', items: { type: 'number' } } } },
    },
    required: ['name'],
  },
};

const starts: ScriptedCase[] = [
  {
    name: 'Defaults of inputs are filled in, then it is checked',
    run: async (hub) => {
      const id = await start(hub, await publish(hub, graph([out('v', '{{ input }}')], [], inputs)), { input: { name: 'a' } });
      return same('output', (await settled(hub, id)).output, { v: { name: 'a', n: 7 } });
    },
  },
  {
    name: 'A wrong input is 422 with errors[].path of each fault',
    run: async (hub) => {
      const wf = await publish(hub, graph([out('v', 1)], [], inputs));
      const answer = await hub.call('POST', `/workflows/${wf}/runs`, { input: { n: 'x', deep: { list: [1, 'two'] } } });
      const paths = ((answer.body as { errors?: { path: string }[] }).errors ?? []).map((fault) => fault.path).toSorted();
      return [...refuses(answer, 422), ...same('paths', paths, ['/input/deep/list/1', '/input/n', '/input/name'])];
    },
  },
  {
    name: 'Idempotency-Key: the same key and body give the same run, another body 422',
    run: async (hub) => {
      const wf = await publish(hub, simple());
      const key = { 'idempotency-key': `k-${wf}` };
      const first = await start(hub, wf, { input: { a: 1 } }, key);
      const again = await start(hub, wf, { input: { a: 1 } }, key);
      const other = await hub.call('POST', `/workflows/${wf}/runs`, { input: { a: 2 } }, key);
      return [...same('run', again, first), ...refuses(other, 422)];
    },
  },
  {
    name: 'Only a published workflow is started: a draft is 409',
    run: async (hub) => refuses(await hub.call('POST', `/workflows/${await create(hub, simple())}/runs`, { input: {} }), 409),
  },
  {
    name: 'A start may name a version and a trigger',
    run: async (hub) => {
      const triggers = {
        triggers: [
          { id: 'one', type: 'manual' },
          { id: 'two', type: 'api' },
        ],
      };
      const wf = await publish(hub, graph([out('v', '{{ trigger.id & " 1" }}')], [], triggers));
      await saveDraft(hub, wf, graph([out('v', '{{ trigger.id & " 2" }}')], [], triggers));
      await want(hub, 201, 'POST', `/workflows/${wf}/publish`, { note: '' });
      const old = await settled(hub, await start(hub, wf, { input: {}, version: 1, trigger: 'two' }));
      const now = await settled(hub, await start(hub, wf, { input: {} }));
      const none = await hub.call('POST', `/workflows/${wf}/runs`, { input: {}, trigger: 'three' });
      return [...same('old', old.output, { v: 'two 1' }), ...same('now', now.output, { v: 'one 2' }), ...refuses(none, 422)];
    },
  },
];

const drafts: ScriptedCase[] = [
  {
    name: 'PATCH wants If-Match: 428 without, 412 when somebody else saved in between',
    run: async (hub) => {
      const wf = await create(hub, simple());
      const { revision } = await want<Wf>(hub, 200, 'GET', `/workflows/${wf}`);
      const first = await hub.call('PATCH', `/workflows/${wf}`, { definition: simple(1) }, { 'if-match': `"${revision}"` });
      const late = await hub.call('PATCH', `/workflows/${wf}`, { definition: simple(2) }, { 'if-match': `"${revision}"` });
      const bare = await hub.call('PATCH', `/workflows/${wf}`, { definition: simple(2) });
      return [...same('first', first.status, 200), ...refuses(late, 412), ...refuses(bare, 428)];
    },
  },
  {
    name: 'A change of ui alone is no new version; versions are listed; rollback makes an old one run',
    run: async (hub) => {
      const wf = await publish(hub, simple(1));
      const patch = async (definition: object): Promise<void> => {
        await saveDraft(hub, wf, definition);
        await want(hub, 201, 'POST', `/workflows/${wf}/publish`, { note: '' });
      };
      await patch({ ...simple(1), ui: { nodes: { v: { x: 9, y: 9 } } } });
      const one = await want<Page>(hub, 200, 'GET', `/workflows/${wf}/versions`);
      await patch(simple(2));
      await want(hub, 200, 'POST', `/workflows/${wf}/rollback`, { version: 1 });
      const back = await settled(hub, await start(hub, wf));
      return [
        ...same('versions', one.items.length, 1),
        ...same('output', back.output, { v: 1 }),
        ...refuses(await hub.call('POST', `/workflows/${wf}/rollback`, { version: 99 }), 422),
      ];
    },
  },
  {
    name: 'pause refuses new starts with 409, activate resumes, archive hides it',
    run: async (hub) => {
      const wf = await publish(hub, simple(1));
      await want(hub, 200, 'POST', `/workflows/${wf}/pause`);
      const paused = await hub.call('POST', `/workflows/${wf}/runs`, { input: {} });
      await want(hub, 200, 'POST', `/workflows/${wf}/activate`);
      const run = await settled(hub, await start(hub, wf));
      await want(hub, 200, 'POST', `/workflows/${wf}/archive`);
      const listed = await want<Page>(hub, 200, 'GET', '/workflows?limit=200');
      return [
        ...refuses(paused, 409),
        ...same('run', run.status, 'completed'),
        ...refuses(await hub.call('POST', `/workflows/${wf}/runs`, { input: {} }), 409),
        ...same(
          'listed',
          listed.items.some((one) => one.id === wf),
          false,
        ),
      ];
    },
  },
  {
    name: 'Publish answers warnings: graph.unconnected for an edgeless node beside connected ones',
    run: async (hub) => {
      const wf = await create(hub, graph([calc('a', '1'), out('b', 1), calc('alone', '1')], chain('a', 'b')));
      const { warnings } = await want<{ warnings: { code: string }[] }>(hub, 201, 'POST', `/workflows/${wf}/publish`, { note: '' });
      return same(
        'codes',
        warnings.map((one) => one.code),
        ['graph.unconnected'],
      );
    },
  },
];

export const apiCases: ScriptedCase[] = [...starts, ...drafts];
