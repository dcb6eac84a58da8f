/** One attempt of a step that does work (04 B): begin its row, fill its config, do it under its own time-out, end its row. */
import { effectPath } from '@hub/dag/planner';
import type { ParkFacts } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';
import type { StepInput, StepResult, TryResult } from '@hub/runtime/types';

import type { ActivityDeps } from '../deps.ts';
import type { DataWire } from '../expressions/pool/jobs.ts';
import type { BegunAttempt, EndAttempt, WholeAttempt } from '../ports.ts';
import type { OutwardOutcome } from '../steps/outward-step.ts';
import { outwardSteps } from '../steps/outward-steps.ts';
import type { AttemptContext } from './attempt-context.ts';
import { asJson, generationOf, isUnknown, overOf, totals } from './attempt-parts.ts';
import type { Trace } from './attempt-parts.ts';
import { startHeartbeat } from './attempt-context.ts';
import { bounded, LaterError, StoppedError } from './bounded.ts';
import type { RunCache } from './facts.ts';
import { finalFailure, retryFailure, toFailure } from './failures.ts';
import type { StepFailure } from './failures.ts';
import { patiently } from './patience.ts';
import { gather } from './place.ts';
import { purely } from './pure-attempt.ts';
import type { QuickNodes } from './quick-nodes.ts';
import { resolve } from './resolve.ts';
import { linksFor, masked } from './resume-urls.ts';
import { cacheKey, type CachedWork, fromCache, type StepCacheUse, toCache } from './step-cache.ts';
import { sameStep, stepKey } from './step-key.ts';
import { usesOf } from './uses.ts';
import type { Uses } from './uses.ts';
import { windDown } from './wind-down.ts';

const maxLost = 5;
/** A try ends within this time, or is as if it had never begun (infra/decisions/014). */
const usualTryMs = 1_000;

/** What steps of one worker share. */
export interface StepParts {
  deps: ActivityDeps;
  cache: RunCache;
  quick: QuickNodes;
  /** Instead of the store's own, where many are written together. */
  writeWhole?: (whole: WholeAttempt) => Promise<BegunAttempt>;
}

export async function runStep(parts: StepParts, context: AttemptContext, input: StepInput): Promise<StepResult> {
  const stopHeartbeat = startHeartbeat(context);
  try {
    const result = await new Attempt(parts, context, input).run();
    return input.ask === true ? { ...result, quick: parts.quick.of(input.versionId) } : result;
  } finally {
    stopHeartbeat();
  }
}

/** The same attempt as a local activity, where this worker has seen the node end quickly: it holds up nothing of its run for longer than a try takes. */
export async function tryStep(parts: StepParts, context: AttemptContext, input: StepInput): Promise<TryResult> {
  const { quick } = parts;
  const { versionId, nodeId } = input;
  if (!quick.isQuick(versionId, nodeId)) return { later: true, quick: quick.of(versionId) };
  const began = performance.now();
  const result = await new Attempt(parts, context, input).try();
  const ms = Math.round(performance.now() - began);
  if (result === null) return { later: true, ms, quick: quick.of(versionId) };
  return input.ask === true ? { ...result, ms, quick: quick.of(versionId) } : { ...result, ms };
}

/** See `ActivityDeps.quietMs`. */
const usualQuietMs = 250;

class Attempt {
  readonly #deps: ActivityDeps;
  readonly #cache: RunCache;
  readonly #quick: QuickNodes;
  readonly #context: AttemptContext;
  readonly #input: StepInput;
  readonly #trace: Trace;
  readonly #writeWhole: (whole: WholeAttempt) => Promise<BegunAttempt>;
  readonly #since = performance.now();
  /** The row's beginning; null where it is still to come. */
  #beginning: Promise<BegunAttempt> | null = null;
  #isTry = false;
  /** How long the call took. */
  #callMs = 0;

  constructor({ deps, cache, quick, writeWhole }: StepParts, context: AttemptContext, input: StepInput) {
    this.#writeWhole = writeWhole ?? (async (whole) => await deps.runs.writeWhole(whole));
    this.#deps = deps;
    this.#cache = cache;
    this.#quick = quick;
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
      stepKey: null,
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
      outcome = await this.#bounded(async (signal) => await this.#work(early, signal));
    } catch (error) {
      // Nothing was written and nothing is lost: the next worker does it.
      if (this.#beginning === null && this.#isGoing()) return await this.#context.cancelled;
      const begun = await this.#row();
      return overOf(begun) ?? (await this.#failed(begun, error));
    } finally {
      clearTimeout(late);
    }
    return await this.#give(outcome);
  }

  /** null: it is left to an ordinary activity, as if it had never begun. */
  async try(): Promise<StepResult | null> {
    this.#isTry = true;
    let outcome: OutwardOutcome | 'found';
    try {
      outcome = await this.#bounded(async (signal) => ((await this.#isFound()) ? 'found' : await this.#work(null, signal)));
    } catch (error) {
      if (!(error instanceof LaterError)) return await this.#failed(await this.#row(), error);
      this.#trouble();
      return null;
    }
    return outcome === 'found' ? { port: 'out' } : await this.#give(outcome);
  }

  /** A worker that died did it, and had no time to say so. Only a run that was under way before this worker met it can hold such a step. */
  async #isFound(): Promise<boolean> {
    const { team, run, path } = this.#input;
    const { facts } = await this.#cache.run(team, run);
    if (!facts.underWay && !facts.continues) return false;
    return (await this.#deps.runs.outputs(team, run, [path])).has(path);
  }

  /** Writes what it gave. A row that cannot be written is no failure of the step: Temporal repeats the whole. */
  async #give(outcome: OutwardOutcome): Promise<StepResult> {
    const outputText = masked(outcome.outputText, this.#trace.tokens);
    const done = await this.#completed({ status: 'completed', port: outcome.port, outputText });
    if (done !== null) return done;
    const { team, run, path, versionId, nodeId } = this.#input;
    await this.#trace.keep?.();
    this.#cache.remember(team, run, path, outputText);
    if (this.#mayBeQuick()) this.#quick.learn(versionId, nodeId, this.#callMs);
    return { port: outcome.port };
  }

  #mayBeQuick(): boolean {
    return this.#input.type === 'data_source' && this.#trace.idempotent && this.#trace.called;
  }

  #trouble(): void {
    if (this.#input.type === 'data_source') this.#quick.trouble(this.#input.versionId, this.#input.nodeId);
  }

  /** A try waits for nothing: what cannot be had at once is left to the ordinary activity. */
  async #stored<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#isTry ? await work() : await patiently(work, signal);
  }

  /** Never for a call that must not be repeated, the first work of a run, or what may have a row: their rows come before their calls. */
  #mayComeInOne(): boolean {
    const { team, run, idempotent, forgiven } = this.#input;
    return idempotent && forgiven === undefined && this.#context.delivery === 1 && this.#cache.isFresh(team, run);
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
      return overOf(await this.#stored(async () => await this.#writeWhole(whole)));
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
      return await this.#stored(
        async () => await this.#deps.runs.begin({ team, run, nodeId, nodeType: type, path, iteration, rows, elapsedMs: this.#elapsedMs() }),
        this.#context.signal,
      );
    } catch (error) {
      const { code, message, retryable } = toFailure(error);
      if (!retryable) throw finalFailure(code, message);
      throw error;
    }
  }

  async #bounded<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { team, run } = this.#input;
    return await bounded(work, {
      timeoutMs: this.#input.timeoutMs,
      tryMs: this.#isTry ? (this.#deps.tryMs ?? usualTryMs) : null,
      signal: this.#context.signal,
      graceMs: () => (this.#trace.called && !this.#trace.idempotent ? windDown(() => this.#deps.runs.cancelAge(team, run)) : 0),
    });
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
    if (this.#isTry && !this.#trace.idempotent) throw new LaterError();
    const begun = early ?? (this.#trace.idempotent ? null : await this.#row());
    // Whoever awaits the row next says why.
    if (begun !== null && (begun.gone || begun.done !== undefined)) throw new StoppedError();
    if (begun !== null && begun.lost > (this.#input.forgiven ?? 0) && !this.#trace.idempotent) {
      throw new UserError(
        'step.unknown-outcome',
        'An earlier attempt ended without an answer; whether its call had an effect is not known, so it is not repeated',
      );
    }
    const generation = generationOf(known.facts, nodeId, path);
    this.#trace.stepKey = stepKey({ node, filled, data: step.seesData === true ? data : null });
    const cached = { team, run, path, workflowId: known.facts.workflowId, node, filled, data, afresh: generation > 0 };
    const taken = await this.#taken(
      cached,
      await this.#stored(async () => await sameStep(this.#deps.runs, known.facts, this.#input, this.#trace.stepKey), signal),
    );
    if (taken !== null) return taken;
    signal.throwIfAborted();
    this.#trace.called = true;
    const idempotencyKey = `${team}/${effectPath(rootRun, path, generation)}`;
    const { modelCalls } = this.#trace;
    const calledAt = performance.now();
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
    this.#callMs = performance.now() - calledAt;
    this.#trace.warnings.push(...outcome.warnings);
    return outcome;
  }

  /** The output that stands for its own: of the run that this one continues, else of the step cache; where that has none, it will be kept there. */
  async #taken(work: CachedWork, same: StepCacheUse | null): Promise<OutwardOutcome | null> {
    const key = cacheKey(work);
    const found = same ?? (await fromCache(this.#deps, work, key));
    if (found === null && key !== null) this.#trace.keep = async () => await toCache(this.#deps, work, key);
    this.#trace.cached = found?.from ?? null;
    return found?.outcome ?? null;
  }

  async #failed(begun: BegunAttempt, error: unknown): Promise<StepResult> {
    const { signal } = this.#context;
    // A going worker leaves the row open: the next attempt finds it lost, and it does not count.
    if (!this.#isTry && this.#isGoing()) {
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
    if (failure.retryable) this.#trouble();
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
    await this.#stored(async () => await this.#deps.runs.end(row));
  }

  #rowOf(attempt: number, end: Pick<EndAttempt, 'status'> & Partial<EndAttempt>): EndAttempt {
    const { team, run, nodeId, type, path, frames } = this.#input;
    const { input, warnings, modelCalls, tokens, cached, stepKey: key } = this.#trace;
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
      ...(key === null || end.status !== 'completed' ? {} : { stepKey: key }),
      ...end,
    };
  }
}
