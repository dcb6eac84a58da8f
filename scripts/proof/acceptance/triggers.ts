/** 03, Triggers, over HTTP only: schedules, polls, events, continuous ones, overlap, the team's limit. Written before it was run. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { refuses, same, type ScriptedCase } from './api.ts';
import { broken, chain, check, edge, graph, http, out } from './cases.ts';
import { member } from './people.ts';
import { create, publish, settled, start, want, type Hub } from './run.ts';
import { until, wait, waiting, type Part } from './wait-words.ts';

interface Fire {
  outcome: string;
  scheduledAt: string | null;
  runId: string | null;
  code: string | null;
}
interface Trigger {
  id: string;
  status: string;
  nextFires: string[];
  failures: number;
  statusReason: string | null;
}
interface Listed {
  id: string;
  status: string;
  input?: unknown;
  seriesId?: string | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
}

const triggered = (type: string, config: Part, nodes: Part[], edges: Part[] = [], more: Part = {}): Part =>
  graph(nodes, edges, { triggers: [{ id: 't', type, config }], ...more });
const fires = async (hub: Hub, wf: string): Promise<Fire[]> =>
  (await want<{ items: Fire[] }>(hub, 200, 'GET', `/workflows/${wf}/triggers/t/events?limit=100`)).items;
const trigger = async (hub: Hub, wf: string): Promise<Trigger> => {
  const { items } = await want<{ items: Trigger[] }>(hub, 200, 'GET', `/workflows/${wf}/triggers`);
  const [first] = items;
  if (first === undefined) throw new Error('the workflow has no trigger');
  return first;
};
const runsOf = async (hub: Hub, wf: string, more = ''): Promise<Listed[]> =>
  (await want<{ items: Listed[] }>(hub, 200, 'GET', `/runs?workflowId=${wf}&limit=100${more}`)).items;
const inputs = async (hub: Hub, runs: Listed[]): Promise<unknown[]> =>
  Promise.all(runs.map(async ({ id }) => (await want<{ input: unknown }>(hub, 200, 'GET', `/runs/${id}`)).input));
const setRows = async (stub: string, rows: unknown[]): Promise<void> => {
  await (await fetch(`${stub}/rows?`, { method: 'PUT', body: JSON.stringify(rows) })).text();
};
/** Until somebody but us has read the rows so often since they were set. */
const asked = async (stub: string, times: number): Promise<unknown> => {
  let ours = 0;
  return until(
    async () => ((await (await fetch(`${stub}/rows?`)).json()) as { asked: number }).asked - ours++,
    (others) => others >= times,
  );
};
const hold = (hub: Hub, wf: string, how: 'pause' | 'resume'): Promise<unknown> => want(hub, 200, 'POST', `/workflows/${wf}/triggers/t/${how}`);

const schedules: ScriptedCase[] = [
  {
    name: 'schedule: overlap skip is logged with each time; pause takes the next times away, resume gives them back',
    run: async (hub, stub) => {
      const config = { every: '1s', jitter: '0s', overlap: 'skip', input: { n: 4 } };
      const wf = await publish(
        hub,
        triggered('schedule', config, [http('slow', `${stub}/?ms=2500`), out('v', '{{ input.n }}')], chain('slow', 'v'), {
          settings: { maxConcurrentRuns: 1 },
        }),
      );
      const seen = await until(
        () => fires(hub, wf),
        (list) => list.some(({ outcome }) => outcome === 'skipped') && list.some(({ outcome }) => outcome === 'started'),
      );
      const going = await trigger(hub, wf);
      await hold(hub, wf, 'pause');
      const paused = await trigger(hub, wf);
      await hold(hub, wf, 'resume');
      const again = await trigger(hub, wf);
      await want(hub, 200, 'POST', `/workflows/${wf}/archive`);
      const skipped = seen.find(({ outcome }) => outcome === 'skipped');
      const times = going.nextFires.map((at) => Date.parse(at));
      return [
        ...same('skip', [skipped?.code, skipped?.runId], ['workflow.busy', null]),
        ...same('next five', [times.length, times.every((at, n) => n === 0 || at - (times[n - 1] ?? 0) === 1_000)], [5, true]),
        ...same('paused', [paused.status, paused.nextFires], ['paused', []]),
        ...same('again', [again.status, again.nextFires.length], ['active', 5]),
      ];
    },
  },
  {
    name: 'schedule: backfill counts first, then makes one run per time, and never a second one',
    run: async (hub) => {
      const wf = await publish(
        hub,
        triggered('schedule', { cron: '0 * * * *', timeZone: 'Asia/Kolkata', input: { n: 1 } }, [out('at', '{{ trigger.scheduledAt }}')]),
      );
      const [from, to] = ['2026-11-01T00:00:00Z', '2026-11-01T05:30:00Z'];
      const path = `/workflows/${wf}/triggers/t/backfill`;
      type Told = { count: number; started: number; repeated: number; first: string; last: string };
      const counted = await want<Told>(hub, 200, 'POST', path, { from, to });
      const wrong = await hub.call('POST', path, { from, to, confirm: counted.count + 1 });
      const made = await want<Told>(hub, 200, 'POST', path, { from, to, confirm: counted.count });
      const again = await want<Told>(hub, 200, 'POST', path, { from, to, confirm: counted.count });
      const many = await hub.call('POST', path, { from: '2026-01-01T00:00:00Z', to });
      const runs = await runsOf(hub, wf);
      const outputs = await Promise.all(runs.map(async ({ id }) => ((await settled(hub, id)).output as { at: string }).at));
      const due = ['00:30', '01:30', '02:30', '03:30', '04:30', '05:30'].map((at) => `2026-11-01T${at}:00.000Z`);
      return [
        // A whole hour in India is half past one in UTC; both ends count.
        ...same('count', [counted.count, counted.started, counted.first, counted.last], [6, 0, due[0], due[5]]),
        ...refuses(wrong, 409, 'trigger.backfill-changed'),
        ...same('made', [made.started, made.repeated], [6, 0]),
        ...same('again', [again.started, again.repeated], [0, 6]),
        ...refuses(many, 422, 'trigger.backfill-too-many'),
        ...same('times', outputs.toSorted(), due),
      ];
    },
  },
  {
    name: 'schedule in words, both ways, and its next five times over a change of clocks',
    run: async (hub) => {
      type Preview = {
        ok: boolean;
        cron: string | null;
        every: string | null;
        words: string | null;
        text: string | null;
        nextFires: string[];
        faults: { path: string }[];
      };
      const look = (body: Part): Promise<Preview> => want<Preview>(hub, 200, 'POST', '/triggers/preview', body);
      const phrases: [string, string | null, string | null][] = [
        ['every weekday at 9', '0 9 * * 1-5', null],
        ['every 15 minutes', null, '15m'],
        ['Mondays and thursdays at 5:30pm', '30 17 * * 1,4', null],
        ['on the 1st of every month at noon', '0 12 1 * *', null],
        ['every day at 07:05', '5 7 * * *', null],
      ];
      const wrong: string[] = [];
      for (const [text, cron, every] of phrases) {
        const read = await look({ text });
        wrong.push(...same(text, [read.ok, read.cron, read.every], [true, cron, every]));
        const back = await look({ text: read.text ?? '' });
        wrong.push(...same(`${text} and back`, [back.cron, back.every], [cron, every]));
      }
      const nonsense = await look({ text: 'now and then' });
      const field = await look({ cron: '61 * * * *' });
      const spring = await look({ cron: '30 2 * * *', timeZone: 'Europe/Berlin', from: '2027-03-26T12:00:00Z' });
      const hourly = await look({ cron: '15 * * * *', timeZone: 'Europe/Berlin', from: '2027-10-31T00:00:00Z' });
      return [
        ...wrong,
        ...same('nonsense', [nonsense.ok, nonsense.faults[0]?.path], [false, '/text']),
        ...same('field', [field.ok, field.faults[0]?.path], [false, '/cron']),
        // 02:30 of the 28th is skipped; the day has its run all the same, at the hour that the clocks jump to.
        ...same('spring', [spring.nextFires[0], spring.nextFires[2]], ['2027-03-27T01:30:00.000Z', '2027-03-29T00:30:00.000Z']),
        ...same('every hour in autumn', hourly.nextFires.slice(0, 3), [
          '2027-10-31T00:15:00.000Z',
          '2027-10-31T01:15:00.000Z',
          '2027-10-31T02:15:00.000Z',
        ]),
      ];
    },
  },
];

const sources: ScriptedCase[] = [
  {
    name: 'poll: a rising key that is a number in text, each item once, over pause and resume',
    run: async (hub, stub) => {
      await setRows(stub, [{ id: '9' }]);
      const config = {
        connector: 'http',
        action: 'request',
        params: { method: 'GET', url: `${stub}/rows?&since={{ cursor }}` },
        every: '1s',
        cursor: { key: 'id', order: 'rising', from: 'start' },
      };
      const wf = await publish(hub, triggered('poll', config, [out('v', '{{ input.items }}')]));
      const count = (n: number): Promise<Listed[]> =>
        until(
          () => runsOf(hub, wf),
          (list) => list.length >= n,
        );
      await count(1);
      await setRows(stub, [{ id: '10' }, { id: '9' }, { id: '11' }]);
      await count(2);
      await hold(hub, wf, 'pause');
      await setRows(stub, [{ id: '100' }]);
      await delay(2_500);
      const held = (await runsOf(hub, wf)).length;
      await hold(hub, wf, 'resume');
      const all = await count(3);
      await want(hub, 200, 'POST', `/workflows/${wf}/archive`);
      return [
        ...same('while paused', held, 2),
        ...same('items', (await inputs(hub, all)).toReversed(), [
          { items: [{ id: '9' }] },
          { items: [{ id: '10' }, { id: '11' }] },
          { items: [{ id: '100' }] },
        ]),
      ];
    },
  },
  {
    name: 'poll: what is there at the first look is not new; what was seen is not given again',
    run: async (hub, stub) => {
      await setRows(stub, [{ key: 'a' }, { key: 'b' }]);
      const config = { connector: 'http', action: 'request', params: { method: 'GET', url: `${stub}/rows?by=hub` }, every: '1s', cursor: 'key' };
      const wf = await publish(hub, triggered('poll', config, [out('v', 1)]));
      await asked(stub, 1);
      const before = (await runsOf(hub, wf)).length;
      await setRows(stub, [{ key: 'c' }, { key: 'a' }]);
      await until(
        () => runsOf(hub, wf),
        (list) => list.length > 0,
      );
      await setRows(stub, [{ key: 'b' }, { key: 'c' }, { key: 'a' }]);
      await asked(stub, 2);
      const all = await runsOf(hub, wf);
      await want(hub, 200, 'POST', `/workflows/${wf}/archive`);
      return [...same('before', before, 0), ...same('runs', await inputs(hub, all), [{ items: [{ key: 'c' }] }])];
    },
  },
  {
    name: 'event: the end of another workflow, and its waiting, each once; a test run fires nothing',
    run: async (hub) => {
      const source = await publish(
        hub,
        graph(
          [
            check('fails', 'input.how = "fail"'),
            broken('x'),
            check('waits', 'input.how = "wait"'),
            wait('w', { signal: 'go' }),
            out('v', '{{ input.how }}'),
          ],
          [edge('fails', 'true', 'x'), edge('fails', 'false', 'waits'), edge('waits', 'true', 'w'), ...chain('w', 'v'), edge('waits', 'false', 'v')],
        ),
      );
      const on = ['completed', 'failed', 'waiting'];
      const wf = await publish(hub, triggered('event', { workflowId: source, on }, [out('v', '{{ input.status }}')]));
      await settled(hub, await start(hub, source, { draft: true, input: { how: 'ok' } }));
      const ok = await start(hub, source, { input: { how: 'ok' } });
      const bad = await start(hub, source, { input: { how: 'fail' } });
      const parked = await start(hub, source, { input: { how: 'wait' } });
      await waiting(hub, parked, 'signal');
      await until(
        () => runsOf(hub, wf),
        (list) => list.length >= 3,
      );
      await want(hub, 202, 'POST', `/runs/${parked}/signals/go`, { messageId: 'm' });
      const all = await until(
        () => runsOf(hub, wf),
        (list) => list.length >= 4,
      );
      const told = ((await inputs(hub, all)) as { id: string; status: string; output: unknown; error: { code: string } | null }[])
        .map(({ id, status, error }) => `${[ok, bad, parked].indexOf(id)} ${status} ${error?.code ?? ''}`.trim())
        .toSorted();
      await want(hub, 200, 'POST', `/workflows/${wf}/archive`);
      return same('told', told, ['0 completed', '1 failed code.threw', '2 completed', '2 waiting'].toSorted());
    },
  },
];

const continuous: ScriptedCase[] = [
  {
    name: 'continuous: again after each end with the pause between, one logical run in the list of the team; pausing lets the last one end',
    run: async (hub, stub) => {
      const nodes = [http('slow', `${stub}/?ms=300`), out('v', '{{ input.n }}')];
      const wf = await publish(hub, triggered('continuous', { pauseMs: 400, input: { n: 2 } }, nodes, chain('slow', 'v')));
      const [newest] = await until(
        () => runsOf(hub, wf),
        (list) => list.length > 0,
      );
      const series = newest?.seriesId ?? '';
      const cycles = (): Promise<Listed[]> => runsOf(hub, wf, `&seriesId=${series}`);
      await until(cycles, (list) => list.filter(({ status }) => status === 'completed').length >= 3);
      const listed = (await want<{ items: { workflowId: string }[] }>(hub, 200, 'GET', '/runs?limit=100')).items.filter(
        ({ workflowId }) => workflowId === wf,
      );
      await hold(hub, wf, 'pause');
      const drained = await until(cycles, (list) => list.every(({ status }) => status === 'completed'));
      await delay(1_500);
      const all = (await cycles()).toReversed();
      const gaps = all.slice(1).map((one, n) => Date.parse(one.createdAt) - Date.parse(all[n]?.completedAt ?? ''));
      return [
        ...same('in the list', listed.length, 1),
        ...same('series', typeof series === 'string' && series !== '', true),
        ...same(
          'pause between',
          gaps.every((ms) => ms >= 395),
          true,
        ),
        ...same('after the pause', all.length, drained.length),
      ];
    },
  },
  {
    name: 'continuous: waits longer after each failure, stops after the last allowed one, and goes on by resume',
    run: async (hub) => {
      const wf = await publish(hub, triggered('continuous', { pauseMs: 0, maxFailures: 3 }, [broken('x')]));
      const stopped = await until(
        () => trigger(hub, wf),
        ({ status }) => status === 'stopped',
      );
      const [newest] = await runsOf(hub, wf);
      const all = (await runsOf(hub, wf, `&seriesId=${newest?.seriesId ?? ''}`)).toReversed();
      const gaps = all.slice(1).map((one, n) => Date.parse(one.createdAt) - Date.parse(all[n]?.completedAt ?? ''));
      await hold(hub, wf, 'resume');
      const [other] = await until(
        () => runsOf(hub, wf),
        (list) => list[0]?.seriesId !== newest?.seriesId,
      );
      await want(hub, 200, 'POST', `/workflows/${wf}/archive`);
      return [
        ...same(
          'runs',
          all.map(({ status }) => status),
          ['failed', 'failed', 'failed'],
        ),
        ...same('failures', [stopped.failures, stopped.statusReason !== null], [3, true]),
        ...same('longer each time', (gaps[0] ?? 0) >= 995 && (gaps[1] ?? 0) >= 1_995, true),
        ...same('again', other !== undefined, true),
      ];
    },
  },
];

const limits: ScriptedCase[] = [
  {
    name: 'overlap of a trigger wins over the settings, for API starts and webhooks alike',
    run: async (hub) => {
      const triggers = [
        { id: 'api', type: 'api', config: { overlap: 'skip' } },
        { id: 'hook', type: 'webhook', config: { overlap: 'cancel_older' } },
      ];
      const id = await create(hub, graph([wait('w', { signal: 'go' })], [], { triggers, settings: { maxConcurrentRuns: 1, overlap: 'queue' } }));
      const { urls } = await want<{ urls: { url: string }[] }>(hub, 201, 'POST', `/workflows/${id}/publish`, {});
      const first = await start(hub, id, { input: {} });
      const busy = await hub.call('POST', `/workflows/${id}/runs`, { input: {} });
      const taken = await fetch(urls[0]?.url ?? '', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
      const second = ((await taken.json()) as { id: string }).id;
      const older = await settled(hub, first);
      await waiting(hub, second, 'signal');
      const refused = await create(hub, graph([out('v', 1)], [], { triggers: [{ id: 'api', type: 'api', config: { overlap: 'never' } }] }));
      await want(hub, 202, 'POST', `/runs/${second}/cancel`);
      return [
        ...refuses(busy, 409, 'workflow.busy'),
        ...same('older', older.status, 'cancelled'),
        ...refuses(await hub.call('POST', `/workflows/${refused}/publish`, {}), 422),
      ];
    },
  },
  {
    name: 'a team runs so many at once as its limit says, over its workflows; a higher limit lets the queue go, priority first',
    run: async (hub) => {
      const { hub: own } = await member(hub);
      const definition = graph([wait('w', { signal: randomUUID() })]);
      const workflows = [await publish(own, definition), await publish(own, definition), await publish(own, definition)];
      await want(own, 200, 'PATCH', '/team/limits', { runsAtOnce: 1 });
      const [first, low, high] = [
        await start(own, workflows[0] ?? '', { input: {} }),
        await start(own, workflows[1] ?? '', { input: {}, priority: 5 }),
        await start(own, workflows[2] ?? '', { input: {}, priority: 1 }),
      ];
      await waiting(own, first, 'signal');
      const state = async (run: string): Promise<string> => (await want<{ status: string }>(own, 200, 'GET', `/runs/${run}`)).status;
      const queued = [await state(low), await state(high)];
      await want(own, 200, 'PATCH', '/team/limits', { runsAtOnce: 2 });
      await waiting(own, high, 'signal');
      const still = await state(low);
      await want(own, 202, 'POST', `/runs/${first}/cancel`);
      await waiting(own, low, 'signal');
      for (const run of [low, high]) await want(own, 202, 'POST', `/runs/${run}/cancel`);
      return [...same('queued', queued, ['queued', 'queued']), ...same('the low one', still, 'queued')];
    },
  },
];

export const triggerCases: ScriptedCase[] = [...continuous, ...schedules, ...sources, ...limits].map((one) => ({
  ...one,
  name: `triggers: ${one.name}`,
}));
