/** Triggers from db to the contract's shapes, with words and next times. */
import { type ConnectorManifest, findConnector } from '@hub/activities/catalogue';
import { durationText, nextFires, phraseOf, readPhrase, readRule, type ScheduleRule, scheduleWords } from '@hub/activities/schedules';
import type { SchedulePreview, Trigger, TriggerEvent } from '@hub/contract';
import { isPublicHttps } from '@hub/kit/http';
import type { TriggerEventRead, TriggerRead } from '@hub/db/read';
import { instant, instantOf } from '../http/shapes.ts';

const shownFires = 5;

/** One fire. */
export function triggerEventShape(row: TriggerEventRead): TriggerEvent {
  return { ...row, at: instant(row.at), scheduledAt: instantOf(row.scheduledAt) };
}

/** A trigger with what comes next. Times of a held or paused trigger are not promised. */
export function triggerShape(row: TriggerRead, now: Date, hubUrl: string): Trigger {
  const rule = ruleOf(row);
  const status = statusOf(row);
  return {
    id: row.triggerId,
    type: row.type,
    config: row.config,
    version: row.version,
    enabled: status === 'active',
    status,
    statusReason: reasonOf(row, status),
    words: rule === null ? null : scheduleWords(rule),
    timeZone: row.type === 'schedule' ? (rule?.timeZone ?? null) : null,
    nextFires: rule === null || status !== 'active' ? [] : nextFires(rule, now, shownFires).map((at) => at.toISOString()),
    lastFire: row.lastFire === null ? null : triggerEventShape(row.lastFire),
    failures: row.failures,
    runningSeriesId: row.seriesId,
    pending: row.pending,
    push: pushOf(row, status, hubUrl),
  };
}

function pushOf({ type, config, pushedUntil, pushProblem }: TriggerRead, status: Trigger['status'], hubUrl: string): Trigger['push'] {
  const { connector, action } = (config ?? {}) as Record<string, unknown>;
  const manifest: ConnectorManifest | null = type === 'poll' ? findConnector(String(connector)) : null;
  if (manifest?.push?.actions.includes(String(action)) !== true) return null;
  const until = instantOf(pushedUntil);
  if (!isPublicHttps(hubUrl))
    return { until: null, problem: `${manifest.title} tells only a public https address of changes, and the hub has none (HUB_URL).` };
  return { until, problem: until !== null || status !== 'active' ? null : pushProblem };
}

function ruleOf({ type, config }: TriggerRead): ScheduleRule | null {
  const given = config as Record<string, unknown>;
  if (type === 'schedule') return readRule(given).rule;
  return type === 'poll' ? readRule({ every: given['every'] }).rule : null;
}

function statusOf(row: TriggerRead): Trigger['status'] {
  if (row.status === 'removed') return 'removed';
  if (row.pausedAt !== null) return 'paused';
  if (row.stoppedAt !== null) return 'stopped';
  return row.workflowStatus === 'active' ? 'active' : 'held';
}

function reasonOf(row: TriggerRead, status: Trigger['status']): string | null {
  if (status === 'stopped') return row.stopReason;
  if (status === 'held') return `The workflow is ${row.workflowStatus}.`;
  if (status === 'removed') return 'The published version has it no more.';
  return status === 'paused' ? 'Paused by a person.' : null;
}

/** What an editor shows while someone types. */
export function previewOf(
  given: {
    cron?: string | undefined;
    every?: string | undefined;
    calendar?: object | undefined;
    text?: string | undefined;
    timeZone?: string | undefined;
    jitter?: string | undefined;
  },
  from: Date,
): SchedulePreview {
  const { text, ...config } = given;
  const timeZone = given.timeZone ?? 'UTC';
  const nothing: SchedulePreview = {
    ok: false,
    cron: null,
    every: null,
    timeZone,
    words: null,
    text: null,
    jitterMs: null,
    nextFires: [],
    faults: [],
  };
  const meant = text === undefined ? {} : readPhrase(text);
  if (meant === null) {
    const message = 'is not understood; write "every weekday at 9", "every 15 minutes" or "Monday and Friday at 18:00"';
    return { ...nothing, faults: [{ path: '/text', code: 'trigger.bad-words', message }] };
  }
  const { rule, faults } = readRule({ ...config, ...meant });
  if (rule === null) return { ...nothing, faults: faults.map(({ path, message }) => ({ path, code: 'trigger.bad-schedule', message })) };
  return {
    ok: true,
    cron: rule.cron,
    every: rule.everyMs === null ? null : durationText(rule.everyMs),
    timeZone: rule.timeZone,
    words: scheduleWords(rule),
    text: phraseOf(rule),
    jitterMs: rule.jitterMs,
    nextFires: nextFires(rule, from, shownFires).map((at) => at.toISOString()),
    faults: [],
  };
}
