/**
 * A poll: one reading action of a connector, what is new in its answer, one run for the new items. The first look only remembers what is there (unless
 * `cursor.from` says "start"). Where it stands moves in the transaction of the start, so no item is lost and none comes twice.
 */
import { randomUUID } from 'node:crypto';
import { parseParams } from '@hub/activities';
import type { Json } from '@hub/dag/planner';
import type { TriggerForFire } from '@hub/db/read';
import { type Fired, movePollCursor, noteTriggerEvent, noteTriggerState, stopTrigger } from '@hub/db/write';
import { errorCode } from '@hub/kit/errors';
import type { TriggerPlace } from '@hub/runtime/trigger-types';
import type { TriggerDeps } from './deps.ts';
import { cursorRule, itemsOf, type PollPlace, remember, whatIsNew } from './news.ts';
import { start } from './start.ts';

const timeoutMs = 60_000;
const mostFailures = 10;
const backoffMs = { least: 30_000, most: 3_600_000 };

/** Answers what became of it; `gone` where there was nothing to fire. */
export async function firePoll(deps: TriggerDeps, place: TriggerPlace, trigger: TriggerForFire, signal: AbortSignal): Promise<Fired['outcome']> {
  const now = (deps.now ?? Date.now)();
  if (trigger.workflowStatus !== 'active') return 'gone';
  if (trigger.notBefore !== null && Date.parse(trigger.notBefore) > now) return 'gone';
  const rule = cursorRule(trigger.config['cursor']);
  let items: Json[];
  try {
    items = itemsOf(await read(deps, place, trigger, signal), rule);
  } catch (error) {
    if (signal.aborted) throw error;
    await noteFailure(deps, place, trigger, error, now);
    return 'gone';
  }
  if (trigger.failures > 0) await noteTriggerState(deps.sql, place, { failures: 0, notBefore: null });
  const before = trigger.cursor.value as unknown as PollPlace;
  const isFirst = before.source !== trigger.source;
  const { fresh, after } = whatIsNew(items, rule, isFirst ? { source: trigger.source } : before);
  if (isFirst && !rule.fromStart) {
    await movePollCursor(deps.sql, place, {
      version: trigger.version,
      seq: trigger.cursor.seq,
      value: remember(after, rule, items) as unknown as Json,
    });
    return 'gone';
  }
  if (fresh.length === 0) return 'gone';
  const fired = await start(deps, place, trigger, {
    triggeredBy: 'poll',
    key: `poll ${trigger.source} ${trigger.cursor.seq}`,
    input: { items: fresh },
    cursor: { seq: trigger.cursor.seq, value: after as unknown as Json },
  });
  return fired.outcome;
}

async function read(
  deps: TriggerDeps,
  { team, workflowId, triggerId }: TriggerPlace,
  { config, cursor, source }: TriggerForFire,
  signal: AbortSignal,
): Promise<Json> {
  const place = cursor.value as unknown as PollPlace;
  const last = place.source === source ? place.last : undefined;
  const { spec, run } = deps.connectors(String(config['connector']), String(config['action']));
  const params = parseParams(spec, withCursor((config['params'] ?? {}) as Json, last));
  const id = config['credentialId'];
  const credential = typeof id === 'string' ? await deps.credentials.use(team, id, { run: workflowId, nodeId: triggerId }) : null;
  const log = (message: string, more: Record<string, unknown> = {}): void =>
    deps.log.info({ team, workflowId, trigger: triggerId, ...more }, message);
  const { output } = await run({
    params,
    credential,
    ...(credential === null ? {} : { renew: () => deps.credentials.renew(team, credential) }),
    http: deps.http,
    files: deps.files,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    idempotencyKey: randomUUID(),
    team,
    run: workflowId,
    log,
    warn: () => undefined,
  });
  return output;
}

/** `{{ cursor }}` in a text of the params is the greatest key so far (nothing at first), so that a source need not give everything each time. */
function withCursor(value: Json, last: Json | undefined): Json {
  if (typeof value === 'string')
    return value.replace(/\{\{\s*cursor\s*\}\}/g, () => (last === undefined ? '' : typeof last === 'string' ? last : JSON.stringify(last)));
  if (Array.isArray(value)) return value.map((item) => withCursor(item, last));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withCursor(item, last)]));
}

/** Counts failures, waits longer after each, and stops after many with a notice to whoever keeps the workflow. */
async function noteFailure(deps: TriggerDeps, place: TriggerPlace, trigger: TriggerForFire, error: unknown, now: number): Promise<void> {
  const failures = trigger.failures + 1;
  const code = errorCode(error) ?? 'poll.failed';
  const message = error instanceof Error ? error.message : String(error);
  const notBefore = new Date(now + Math.min(backoffMs.most, backoffMs.least * 2 ** Math.min(failures - 1, 10)));
  await noteTriggerState(deps.sql, place, { failures, notBefore });
  await noteTriggerEvent(deps.sql, place, { outcome: 'failed', code, message });
  if (failures < mostFailures) return;
  const reason = `${failures} polls in a row did not get through. The last one said: ${message}`;
  const title = `${trigger.workflowName}: the poll ${place.triggerId} was stopped`;
  await stopTrigger(deps.sql, place, { reason, notice: { kind: 'trigger.stopped', title, body: reason } });
}
