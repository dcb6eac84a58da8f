/** One attempt of a step that does work (04 B): begin its row, fill its config, do it under its own time-out, end its row. */
import { effectPath } from '@hub/dag/planner';
import type { Json, ParkFacts } from '@hub/dag/planner';
import { TransientError, UserError } from '@hub/kit/errors';
import type { StepInput, StepResult } from '@hub/runtime/types';

import type { ActivityDeps } from '../deps.ts';
import type { DataWire } from '../expressions/pool/jobs.ts';
import type { BegunAttempt, CachedFrom, EndAttempt, ModelCall, RunFacts, Warning } from '../ports.ts';
import type { OutwardOutcome } from '../steps/outward-step.ts';
import { outwardSteps } from '../steps/outward-steps.ts';
import type { AttemptContext } from './attempt-context.ts';
import { startHeartbeat } from './attempt-context.ts';
import type { RunCache } from './facts.ts';
import { finalFailure, retryFailure, toFailure } from './failures.ts';
import type { StepFailure } from './failures.ts';
import { patiently } from './patience.ts';
import { gather } from './place.ts';
import { purely } from './pure-attempt.ts';
import { resolve } from './resolve.ts';
import { linksFor, masked } from './resume-urls.ts';
import { cacheKey, type CachedWork, fromCache, toCache } from './step-cache.ts';
import { usesOf } from './uses.ts';
import type { Uses } from './uses.ts';

const maxLost = 5;
/** Characters of an error's details; more is left out. */
const maxDetails = 32 * 1024;
/** A call that may have an effect is given this long to end when its run is cancelled (03, Meaning 6). */
const windDownMs = 8_000;

/** What an attempt gathered on its way, for its row. */
interface Trace {
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
  /** Its output was taken from the step cache. */
  cached: CachedFrom | null;
  /** Puts its output there, once its row is completed. */
  keep: (() => Promise<void>) | null;
}

export async function runStep(deps: ActivityDeps, cache: RunCache, context: AttemptContext, input: StepInput): Promise<StepResult> {
  const stopHeartbeat = startHeartbeat(context);
  try {
    return await new Attempt(deps, cache, context, input).run();
  } finally {
    stopHeartbeat();
  }
}

/** See `ActivityDeps.quietMs`. */
const usualQuietMs = 250;

class Attempt {
  readonly #deps: ActivityDeps;
  readonly #cache: RunCache;
  readonly #context: AttemptContext;
  readonly #input: StepInput;
  readonly #trace: Trace;
  readonly #since = performance.now();
  /** The row's beginning; null where it is still to come. */
  #beginning: Promise<BegunAttempt> | null = null;

  constructor(deps: ActivityDeps, cache: RunCache, context: AttemptContext, input: StepInput) {
    this.#deps = deps;
    this.#cache = cache;
    this.#context = context;
    this.#input = input;
    this.#trace = {
      input: null,
      warnings: [],
      modelCalls: [],
      idempotent: input.idempotent,
      branches: false,
      called: false,
      tokens: [],
      cached: null,
      keep: null,
    };
  }

  async run(): Promise<StepResult> {
    const early = this.#mayComeInOne() ? null : await this.#row();
    const over = early === null ? null : overOf(early);
    if (over !== null) return over;
    let outcome: OutwardOutcome;
    const late = early === null ? setTimeout(() => void this.#row(), this.#deps.quietMs ?? usualQuietMs) : undefined;
    try {
      if (early !== null && early.lost > maxLost)
        throw new UserError('step.worker-lost', 'The worker running this step was lost more than five times');
      outcome = await this.#bounded(early);
    } catch (error) {
      // Nothing was written and nothing is lost: the next worker does it.
      if (this.#beginning === null && this.#isGoing()) return await this.#context.cancelled;
      const begun = await this.#row();
      return overOf(begun) ?? (await this.#failed(begun, error));
    } finally {
      clearTimeout(late);
    }
    // A row that cannot be written is no failure of the step: Temporal repeats the whole.
    const outputText = masked(outcome.outputText, this.#trace.tokens);
    const done = await this.#completed({ status: 'completed', port: outcome.port, outputText });
    if (done !== null) return done;
    await this.#trace.keep?.();
    this.#cache.remember(this.#input.team, this.#input.run, this.#input.path, outputText);
    return { port: outcome.port };
  }

  /** Never for a call that must not be repeated, the first work of a run, or what was given out before: their rows come before their calls. */
  #mayComeInOne(): boolean {
    const { team, run, idempotent, forgiven } = this.#input;
    return idempotent && forgiven === undefined && this.#context.delivery === 1 && this.#cache.hasRun(team, run);
  }

  /** The begun row; begins it where that has not been done. */
  #row(): Promise<BegunAttempt> {
    this.#beginning ??= this.#begin();
    // Whoever needs it awaits it again.
    this.#beginning.catch(() => undefined);
    return this.#beginning;
  }

  #elapsedMs(): number {
    return Math.round(performance.now() - this.#since);
  }

  #isGoing(): boolean {
    return this.#context.signal.aborted && this.#context.isShuttingDown();
  }

  /** Writes the end, with the beginning where that has not been written. What an earlier delivery of this step did, if it was over already. */
  async #completed(end: Pick<EndAttempt, 'status' | 'port' | 'outputText'>): Promise<StepResult | null> {
    if (this.#beginning === null && this.#trace.modelCalls.length === 0) {
      const whole = { ...this.#rowOf(1, end), elapsedMs: this.#elapsedMs(), rows: this.#input.rows };
      return overOf(await patiently(async () => await this.#deps.runs.writeWhole(whole)));
    }
    const begun = await this.#row();
    const over = overOf(begun);
    if (over === null) await this.#end(begun, end);
    return over;
  }

  async #begin(): Promise<BegunAttempt> {
    const { team, run, nodeId, type, path, frames, rows } = this.#input;
    const iteration = frames.at(-1)?.index ?? null;
    try {
      return await patiently(
        async () => await this.#deps.runs.begin({ team, run, nodeId, nodeType: type, path, iteration, rows, elapsedMs: this.#elapsedMs() }),
        this.#context.signal,
      );
    } catch (error) {
      const { code, message, retryable } = toFailure(error);
      if (!retryable) throw finalFailure(code, message);
      throw error;
    }
  }

  /** The work under the step's own timer: it ends in time even where a handler does not listen. */
  async #bounded(early: BegunAttempt | null): Promise<OutwardOutcome> {
    const { timeoutMs } = this.#input;
    const stop = new AbortController();
    const timer =
      timeoutMs > 0
        ? setTimeout(() => stop.abort(new TransientError('step.timeout', `The step ran longer than ${timeoutMs} ms`)), timeoutMs)
        : undefined;
    let windDown: NodeJS.Timeout | undefined;
    const onCancel = (): void => {
      const graceMs = this.#trace.called && !this.#trace.idempotent ? windDownMs : 0;
      windDown = setTimeout(() => stop.abort(new StoppedError()), graceMs);
    };
    if (this.#context.signal.aborted) onCancel();
    this.#context.signal.addEventListener('abort', onCancel, { once: true });
    const stopped = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () => reject(stop.signal.reason as Error), { once: true });
    });
    // Whoever loses the race may still reject.
    stopped.catch(() => undefined);
    const work = this.#work(early, stop.signal);
    work.catch(() => undefined);
    try {
      return await Promise.race([work, stopped]);
    } finally {
      clearTimeout(timer);
      clearTimeout(windDown);
      this.#context.signal.removeEventListener('abort', onCancel);
    }
  }

  async #work(early: BegunAttempt | null, signal: AbortSignal): Promise<OutwardOutcome> {
    const { team, run, rootRun, nodeId, path, frames, reads, sources, timeoutMs } = this.#input;
    const known = await patiently(async () => await this.#cache.run(team, run), signal);
    const node = known.definition.node(nodeId);
    this.#trace.branches = node.branches;
    const step = outwardSteps[node.type];
    const see = async (uses: Uses, also: typeof sources = []): Promise<DataWire> => {
      const links = linksFor(this.#deps.links, known, node, frames, uses);
      if (links !== null) this.#trace.tokens = links.tokens;
      const place = { frames, reads, also, uses, ...(links === null ? {} : { resumeUrls: links.urls }) };
      return await patiently(async () => await gather(this.#cache, this.#deps.runs, known, place), signal);
    };
    if (step === undefined) {
      const data = await see(usesOf(node, 'config', node.config), sources);
      return await purely(this.#deps, { node, data, sources, signal, note: (value) => (this.#trace.input = value) });
    }
    const toFill = step.toFill(node.config, this.#deps);
    const data = await see(step.uses?.(node) ?? usesOf(node, 'step', toFill.value));
    const { value: filled, warnings } = await resolve(this.#deps.pool, toFill, data, node.strict, signal);
    this.#trace.input = filled;
    this.#trace.warnings.push(...warnings);
    this.#trace.idempotent = step.isIdempotent(node.config, filled, this.#deps);
    const begun = early ?? (this.#trace.idempotent ? null : await this.#row());
    // Whoever awaits the row next says why.
    if (begun !== null && (begun.gone || begun.done !== undefined)) throw new StoppedError();
    if (begun !== null && begun.lost > (this.#input.forgiven ?? 0) && !this.#trace.idempotent) {
      throw new UserError(
        'step.unknown-outcome',
        'An earlier attempt was lost with its worker; whether its call had an effect is not known, so it is not repeated',
      );
    }
    const generation = generationOf(known.facts, nodeId, path);
    const cached = { team, run, path, workflowId: known.facts.workflowId, node, filled, data, afresh: generation > 0 };
    const taken = await this.#taken(cached);
    if (taken !== null) return taken;
    signal.throwIfAborted();
    this.#trace.called = true;
    const idempotencyKey = `${team}/${effectPath(rootRun, path, generation)}`;
    const { modelCalls } = this.#trace;
    const outcome = await step.run({
      node,
      path,
      facts: known.facts,
      filled,
      data,
      signal,
      timeoutMs,
      attempt: (begun?.failed ?? 0) + 1,
      idempotencyKey,
      modelCalls,
      deps: this.#deps,
    });
    this.#trace.warnings.push(...outcome.warnings);
    return outcome;
  }

  /** The output that the step cache has for it; where it has none, it will be kept there. */
  async #taken(work: CachedWork): Promise<OutwardOutcome | null> {
    const key = cacheKey(work);
    if (key === null) return null;
    const found = await fromCache(this.#deps, work, key);
    if (found === null) this.#trace.keep = async () => await toCache(this.#deps, work, key);
    this.#trace.cached = found?.from ?? null;
    return found?.outcome ?? null;
  }

  async #failed(begun: BegunAttempt, error: unknown): Promise<StepResult> {
    const { signal } = this.#context;
    // A going worker leaves the row open: the next attempt finds it lost, and it does not count.
    if (this.#isGoing()) {
      // What surely did nothing must not look like a call whose outcome is not known.
      if (!this.#trace.called && !this.#trace.idempotent) await this.#end(begun, { status: 'cancelled' });
      return await this.#context.cancelled;
    }
    const attempt = begun.failed + 1;
    if (error instanceof StoppedError || (signal.aborted && !isUnknown(this.#trace))) {
      const unknown = isUnknown(this.#trace);
      const note = unknown
        ? { code: 'step.unknown-outcome', message: 'Stopped while a call was in flight; whether it had an effect is not known', attempt }
        : null;
      await this.#end(begun, { status: 'cancelled', error: note });
      return await this.#context.cancelled;
    }
    const failure = this.#judged(toFailure(error));
    failure.message = masked(failure.message, this.#trace.tokens);
    if (failure.code === 'step.unknown-outcome') return await this.#park(begun, failure);
    const again = failure.retryable && attempt < this.#input.maxAttempts;
    const port = !again && this.#trace.branches ? 'error' : null;
    await this.#end(begun, {
      status: 'failed',
      port,
      error: { code: failure.code, message: failure.message, attempt, details: asJson(failure.details) },
    });
    if (again) throw retryFailure(failure, attempt, this.#input.retry);
    throw finalFailure(failure.code, failure.message, attempt);
  }

  /** Only a person can say what to do about a call that may have had an effect (03, Meaning 4): the step waits for that, and no attempt is spent. */
  async #park(begun: BegunAttempt, failure: StepFailure): Promise<StepResult> {
    const { team, run, nodeId, type, path, frames } = this.#input;
    const { input, warnings, tokens } = this.#trace;
    // The attempt at hand will count as lost when it is run again.
    const facts: ParkFacts = { reason: 'unknown-outcome', lost: begun.lost + 1 };
    const opened = await patiently(
      async () =>
        await this.#deps.waits.open({
          team,
          run,
          nodeId,
          nodeType: type,
          path,
          iteration: frames.at(-1)?.index ?? null,
          rows: [],
          facts,
          inputText: masked(JSON.stringify(input), tokens),
          warnings,
          attempt: begun.attempt,
          error: { code: failure.code, message: failure.message, attempt: begun.failed + 1 },
        }),
    );
    if ('gone' in opened) throw finalFailure('run.gone', 'The run has ended already');
    if ('failed' in opened) throw finalFailure(opened.failed.code, opened.failed.message, opened.failed.attempt);
    return 'done' in opened ? { port: opened.done } : { parked: opened.facts };
  }

  /** A call that is not idempotent is repeated only if it surely did nothing (03, Meaning 4). */
  #judged(failure: StepFailure): StepFailure {
    if (!failure.retryable || failure.didNothing || !isUnknown(this.#trace)) return failure;
    const message = `Whether the call had an effect is not known, so it is not repeated (${failure.code}: ${failure.message})`.slice(0, 500);
    return { ...failure, code: 'step.unknown-outcome', message, retryable: false };
  }

  async #end(begun: BegunAttempt, end: Pick<EndAttempt, 'status'> & Partial<EndAttempt>): Promise<void> {
    const row = this.#rowOf(begun.attempt, end);
    await patiently(async () => await this.#deps.runs.end(row));
  }

  #rowOf(attempt: number, end: Pick<EndAttempt, 'status'> & Partial<EndAttempt>): EndAttempt {
    const { team, run, nodeId, type, path, frames } = this.#input;
    const { input, warnings, modelCalls, tokens, cached } = this.#trace;
    return {
      team,
      run,
      nodeId,
      nodeType: type,
      path,
      iteration: frames.at(-1)?.index ?? null,
      attempt,
      port: null,
      inputText: masked(JSON.stringify(input), tokens),
      outputText: null,
      error: null,
      warnings,
      ...totals(modelCalls),
      modelCalls,
      ...(cached === null ? {} : { cached }),
      ...end,
    };
  }
}

/** What there is to report where nothing is left to do: an earlier worker died between its commit and its report. @throws `run.gone`. */
function overOf({ gone, done }: BegunAttempt): StepResult | null {
  if (gone) throw finalFailure('run.gone', 'The run has ended already');
  if (done === undefined) return null;
  return done.port === null ? {} : { port: done.port };
}

/** The run was stopped and the call did not end in time. */
class StoppedError extends Error {}

/** A call with an effect was begun and it is not known how it went. */
function isUnknown(trace: Trace): boolean {
  return trace.called && !trace.idempotent;
}

function asJson(details: unknown): Json {
  try {
    const text = JSON.stringify(details ?? null);
    return text.length > maxDetails ? null : (JSON.parse(text) as Json);
  } catch {
    return null;
  }
}

/** A price that is not known makes the sum unknown. */
function totals(calls: ModelCall[]): Pick<EndAttempt, 'tokens' | 'costUsd' | 'model'> {
  if (calls.length === 0) return { tokens: null, costUsd: null, model: null };
  const tokens = calls.reduce((sum, call) => sum + call.inputTokens + call.outputTokens, 0);
  const costUsd = calls.reduce<number | null>((sum, call) => (sum === null || call.costUsd === null ? null : sum + call.costUsd), 0);
  const last = calls.at(-1);
  return { tokens, costUsd, model: last === undefined ? null : `${last.provider}/${last.model}` };
}

/** A completed step that is asked to run again must have its effect again: its key changes with every such wish. */
function generationOf({ generations }: RunFacts, nodeId: string, path: string): number {
  const of = generations.filter((one) => one.nodeId === nodeId && (one.within === null || path.startsWith(one.within)));
  return of.reduce((sum, { n }) => sum + n, 0);
}
