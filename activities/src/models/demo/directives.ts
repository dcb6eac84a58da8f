/** How the demo provider is told to fail: by the model's name (`demo/fail-429`) or by a word in a message (`[demo:fail-429 2]`: the first two attempts). */
import { setTimeout as sleep } from 'node:timers/promises';

import { TransientError } from '@hub/kit/errors';

export type Failure = 'fail-429' | 'overload' | 'refusal' | 'bad-json' | 'slow';

export interface Directive {
  failure: Failure;
  /** fail-429, overload, refusal, bad-json: how many attempts fail (all when absent). slow: milliseconds. */
  amount: number | null;
}

const names: ReadonlySet<string> = new Set(['fail-429', 'overload', 'refusal', 'bad-json', 'slow']);
const defaultSlowMs = 10_000;
const maxSlowMs = 600_000;

/** The failure that model and text ask for; the model's name comes first. */
export function directiveOf(model: string, text: string): Directive | null {
  const byName = /^(fail-429|overload|refusal|bad-json|slow)(?:-(\d{1,6}))?$/.exec(model);
  const asked = byName ?? /\[demo:(fail-429|overload|refusal|bad-json|slow)(?: (\d{1,6}))?\]/.exec(text);
  const failure = asked?.[1];
  return failure !== undefined && names.has(failure)
    ? { failure: failure as Failure, amount: asked?.[2] === undefined ? null : Number(asked[2]) }
    : null;
}

/** True when this attempt is one that shall fail. */
export function failsNow(directive: Directive, attempt: number): boolean {
  return directive.amount === null || attempt <= directive.amount;
}

/** Throws or waits as told. `refusal` and `bad-json` are the caller's, for they are answers. */
export async function obey(directive: Directive, attempt: number, signal: AbortSignal): Promise<void> {
  if (directive.failure === 'slow') {
    await sleep(Math.min(directive.amount ?? defaultSlowMs, maxSlowMs), undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    return;
  }
  if (!failsNow(directive, attempt)) return;
  if (directive.failure === 'fail-429')
    throw new TransientError('model.rate-limited', 'Demo: told to answer 429.', { retryAfterMs: 1_000, didNothing: true });
  if (directive.failure === 'overload') throw new TransientError('model.overloaded', 'Demo: told to be overloaded (529).', { didNothing: true });
}
