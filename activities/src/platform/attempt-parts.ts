/** Small parts of an attempt that hold no state of their own. */
import type { Json } from '@hub/dag/planner';
import type { StepResult } from '@hub/runtime/types';

import type { BegunAttempt, CachedFrom, EndAttempt, ModelCall, RunFacts, Warning } from '../ports.ts';
import { finalFailure } from './failures.ts';

/** Characters of an error's details; more is left out. */
const maxDetails = 32 * 1024;

/** What an attempt gathered on its way, for its row. */
export interface Trace {
  input: Json;
  warnings: Warning[];
  modelCalls: ModelCall[];
  idempotent: boolean;
  /** `onError` is `branch`. */
  branches: boolean;
  /** The call to the outside has begun. */
  called: boolean;
  /** Tokens of one-time links that it saw: masked in what is stored. */
  tokens: string[];
  /** Its output was taken from the step cache, or from the run that this one continues. */
  cached: CachedFrom | null;
  /** Null before its config is filled, and for kinds that are only computed. */
  stepKey: string | null;
  /** Puts its output there, once its row is completed. */
  keep: (() => Promise<void>) | null;
}

/** What there is to report where nothing is left to do: an earlier worker died between its commit and its report. @throws `run.gone`. */
export function overOf({ gone, done }: BegunAttempt): StepResult | null {
  if (gone) throw finalFailure('run.gone', 'The run has ended already');
  if (done === undefined) return null;
  return done.port === null ? {} : { port: done.port };
}

/** A call with an effect was begun and it is not known how it went. */
export function isUnknown(trace: Trace): boolean {
  return trace.called && !trace.idempotent;
}

/** As it is stored: null where it is too long, or no JSON. */
export function asJson(details: unknown): Json {
  try {
    const text = JSON.stringify(details ?? null);
    return text.length > maxDetails ? null : (JSON.parse(text) as Json);
  } catch {
    return null;
  }
}

/** A price that is not known makes the sum unknown. */
export function totals(calls: ModelCall[]): Pick<EndAttempt, 'tokens' | 'costUsd' | 'model'> {
  if (calls.length === 0) return { tokens: null, costUsd: null, model: null };
  const tokens = calls.reduce((sum, call) => sum + call.inputTokens + call.outputTokens, 0);
  const costUsd = calls.reduce<number | null>((sum, call) => (sum === null || call.costUsd === null ? null : sum + call.costUsd), 0);
  const last = calls.at(-1);
  return { tokens, costUsd, model: last === undefined ? null : `${last.provider}/${last.model}` };
}

/** A completed step that is asked to run again must have its effect again: its key changes with every such wish, the last of which counts. */
export function generationOf({ generations }: RunFacts, nodeId: string, path: string): number {
  const of = generations.filter((one) => one.nodeId === nodeId && (one.within === null || path.startsWith(one.within)));
  return of.reduce((last, { n }) => Math.max(last, n), 0);
}
