/** What the fake answers for triggers: a schedule, a webhook, a form, a poll that failed. */
import type { OperationId } from '@hub/contract';
import type { FakeCall } from './answers.ts';
import { Refused } from './refused.ts';
import { boot, runs, uuid } from './store.ts';

type Answer = (call: FakeCall) => unknown;
const iso = (ms: number): string => new Date(ms).toISOString();
const dayMs = 86_400_000;
const list = <T>(items: T[], nextCursor: string | null = null) => ({ items, nextCursor });
const empty = (call: FakeCall): boolean => call.cookie.includes('fake=empty');
const nextDays = (): string[] => Array.from({ length: 5 }, (_, n) => iso(Math.ceil(boot / dayMs) * dayMs + n * dayMs + 6 * 3_600_000));

const event = (n: number, triggerId: string, outcome: string, message: string | null = null) => ({
  id: uuid(0xe00 + Math.round(n * 10)),
  triggerId,
  at: iso(boot - n * dayMs),
  scheduledAt: triggerId === 'daily' ? iso(boot - n * dayMs - 900) : null,
  outcome,
  runId: outcome === 'started' ? (runs[4] ?? runs[0])!.run.id : null,
  code: null,
  message,
});

const base = {
  version: 3,
  enabled: true,
  status: 'active' as string,
  statusReason: null as string | null,
  words: null as string | null,
  timeZone: null,
  nextFires: [] as string[],
  failures: 0,
  runningSeriesId: null,
  pending: false,
  push: null as { until: string | null; problem: string | null } | null,
};
const triggers = [
  {
    ...base,
    id: 'daily',
    type: 'schedule',
    config: { cron: '0 7 * * *', timeZone: 'Europe/Berlin' },
    words: 'At 07:00, Europe/Berlin',
    timeZone: 'Europe/Berlin',
    nextFires: nextDays(),
    lastFire: event(1, 'daily', 'started'),
    pending: true,
  },
  {
    ...base,
    id: 'hook',
    type: 'webhook',
    config: { verify: { scheme: 'hmac', header: 'x-signature', prefix: 'sha256=', credentialId: uuid(60) }, respond: 'accepted' },
    lastFire: event(0, 'hook', 'started'),
  },
  { ...base, id: 'ask', type: 'form', config: { title: 'New review', public: true }, status: 'paused', enabled: false, lastFire: null },
  {
    ...base,
    id: 'new_rows',
    type: 'poll',
    config: { connector: 'http', action: 'request', params: {}, every: '5m', cursor: 'id' },
    words: 'Every 5 minutes',
    status: 'stopped',
    enabled: false,
    statusReason: 'It failed 5 times in a row and waits until somebody resumes it.',
    failures: 5,
    lastFire: event(0.1, 'new_rows', 'failed', 'shop.example.com answered 503 to all of three tries.'),
  },
];
const of = ({ params }: FakeCall) => {
  const found = triggers.find(({ id }) => id === params['triggerId']);
  if (!found) throw new Refused(404, 'trigger.not-found', 'There is no such trigger.');
  return found;
};
const change = (call: FakeCall, status: string) => Object.assign(of(call), { status, enabled: status === 'active', statusReason: null, failures: 0 });

const delivery = (n: number, outcome: string, status: number, code: string | null = null) => ({
  id: uuid(0xd00 + n),
  at: iso(boot - n * 540_000),
  method: 'POST',
  contentType: 'application/json',
  bytes: 184 + n * 31,
  outcome,
  status,
  code,
  runId: outcome === 'started' ? (runs[4] ?? runs[0])!.run.id : null,
  ms: 11 + n * 3,
  test: false,
  replayOf: null,
  replayable: outcome !== 'refused',
});
const deliveries = [
  delivery(1, 'started', 202),
  delivery(2, 'repeated', 200),
  delivery(3, 'refused', 401, 'hook.bad-signature'),
  delivery(4, 'started', 202),
  delivery(5, 'refused', 403, 'hook.no-secret'),
];
const detail = (found = deliveries[0]!) => ({
  ...found,
  headers: { 'content-type': 'application/json', 'user-agent': 'shop/2.1', 'x-signature': '•••' },
  query: {},
  body: found.outcome === 'refused' ? null : { file: uuid(77), least: 3, customer: { name: 'Mona Weiss', city: 'Ulm' } },
});
const listening = (status: string, url: string | null) => ({
  id: uuid(0xd90),
  status,
  url,
  expiresAt: iso(Date.now() + 120_000),
  event: status === 'received' ? { ...detail(), outcome: 'shown', runId: null, test: true } : null,
  runId: null,
  problem: null,
});
const address = (token: string): string => `https://hub.example.com/hooks/whk_${token}`;

export const triggerAnswers: Partial<Record<OperationId, Answer>> = {
  listTriggers: (call) => list(empty(call) || call.params['id'] !== uuid(1) ? [] : triggers),
  listTriggerEvents: (call) => {
    const { id } = of(call);
    return list(
      [
        event(1, id, 'started'),
        event(2, id, 'skipped', 'A run of it was still going on.'),
        event(3, id, 'missed', 'Due 26 h before the hub came back.'),
        event(4, id, 'started'),
      ],
      '4',
    );
  },
  pauseTrigger: (call) => change(call, 'paused'),
  resumeTrigger: (call) => change(call, 'active'),
  backfillTrigger: (call) => ({
    count: 7,
    limit: 1000,
    first: String(call.body['from']),
    last: String(call.body['to']),
    started: call.body['confirm'] === undefined ? 0 : 6,
    repeated: call.body['confirm'] === undefined ? 0 : 1,
    skipped: 0,
    failed: 0,
  }),
  previewSchedule: (call) => {
    const { cron, every, text, timeZone } = call.body as Record<string, string | undefined>;
    const ok = text === undefined ? /^(\S+\s+){4}\S+$|^\d+[smhd]$/.test(cron ?? every ?? '') : /^every|^at/i.test(text);
    return {
      ok,
      cron: ok && text !== undefined ? '0 9 * * 1-5' : (cron ?? null),
      every: every ?? null,
      timeZone: timeZone ?? 'UTC',
      words: ok
        ? text === undefined
          ? `As ${cron ?? every} says, ${timeZone ?? 'UTC'}`
          : `At 09:00, Monday through Friday, ${timeZone ?? 'UTC'}`
        : null,
      text: ok ? 'every weekday at 09:00' : null,
      jitterMs: null,
      nextFires: ok ? nextDays() : [],
      faults: ok
        ? []
        : [{ path: '', code: 'schedule.invalid', message: text === undefined ? 'Expected five fields.' : 'These words are not a schedule.' }],
    };
  },
  getTriggerAddress: (call) => {
    const { id, type, status } = of(call);
    const isForm = type === 'form';
    return {
      triggerId: id,
      type,
      url: isForm ? 'https://hub.example.com/forms/frm_3q2Vb9mHq5rN8wJtY4uE7iOp' : null,
      hint: isForm ? null : 'whk_3q2Vb9…',
      status: status === 'paused' ? 'paused' : 'active',
      verify: isForm
        ? { scheme: 'none', ready: true, problem: null }
        : { scheme: 'hmac', ready: false, problem: 'The credential "Shop secret" is revoked.' },
      lastFiredAt: iso(boot - 6e5),
    };
  },
  rotateTriggerToken: (call) => ({ triggerId: of(call).id, type: of(call).type, url: address('3q2Vb9mHq5rN8wJtY4uE7iOpLkJhGfDsAzXcVbNmQwE') }),
  listDeliveries: (call) => list(empty(call) ? [] : deliveries, '5'),
  getDelivery: (call) => detail(deliveries.find(({ id }) => id === call.params['deliveryId'])),
  replayDelivery: () => ({ id: (runs[4] ?? runs[0])!.run.id, status: 'queued' }),
  listenTrigger: () => listening('waiting', address('testtesttesttesttesttesttest')),
  getListening: () => listening('received', null),
};
