/** Door: schedules without a clock of their own. Pure; API (preview, lists, backfill), worker (fires) and dispatcher (Temporal's spec) share it. */
export { firesBetween, isFire, nextFires } from './fires.ts';
export { durationMs, durationText, readRule, type RuleFault, type ScheduleRule } from './rule.ts';
export { temporalSpec, type TemporalSpec } from './temporal-spec.ts';
export { phraseOf, readPhrase, scheduleWords } from './words.ts';
export { farSideOf } from './far-side.ts';
