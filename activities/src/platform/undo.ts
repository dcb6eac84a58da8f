/** Undoing what a run did (03, Meaning 6): compensations of completed actions, one by one, the last completed first. */
import { setTimeout as sleep } from 'node:timers/promises';
import { effectPath } from '@hub/dag/planner';
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';
import type { UndoInput, UndoResult } from '@hub/runtime/types';

import { isIdempotent, parseParams } from '../connectors/params.ts';
import type { ActivityDeps } from '../deps.ts';
import { actionOf, performAction } from '../steps/connector/run.ts';
import type { Undoable, UndoStep } from '../undo-ports.ts';
import { isObject, own } from '../values/json.ts';
import { type AttemptContext, startHeartbeat } from './attempt-context.ts';
import { generationOf } from './attempt-parts.ts';
import { bounded, StoppedError } from './bounded.ts';
import type { DefinitionView, NodeDefinition } from './definition.ts';
import type { KnownRun, RunCache } from './facts.ts';
import { retryDelayMs, toFailure } from './failures.ts';
import { patiently } from './patience.ts';
import { windDownMs } from './wind-down.ts';

/** A compensation is tried so often, with the waits of a step's default policy between (03, Meaning 4). */
const maxAttempts = 5;
const maxLost = 5;
const attemptMs = 60_000;
/** A round begins nothing new after this; the planner asks for another. */
const usualRoundMs = 60_000;

interface Compensation {
  connector: string;
  action: string;
  from: (params: Json, output: Json) => Json;
}

/** One round. What it did stands in the rows, so a round that is repeated goes on where the last one was. */
export async function undoRun(deps: ActivityDeps, cache: RunCache, context: AttemptContext, input: UndoInput): Promise<UndoResult> {
  const stopHeartbeat = startHeartbeat(context);
  try {
    return await new Round(deps, cache, context, input).run();
  } finally {
    stopHeartbeat();
  }
}

class Round {
  readonly #deps: ActivityDeps;
  readonly #cache: RunCache;
  readonly #context: AttemptContext;
  readonly #input: UndoInput;

  constructor(deps: ActivityDeps, cache: RunCache, context: AttemptContext, input: UndoInput) {
    this.#deps = deps;
    this.#cache = cache;
    this.#context = context;
    this.#input = input;
  }

  async run(): Promise<UndoResult> {
    const { team, run, rows } = this.#input;
    const { undo } = this.#deps;
    const known = await patiently(async () => await this.#cache.run(team, run));
    const end = performance.now() + (this.#deps.undoRoundMs ?? usualRoundMs);
    const left = await patiently(async () => await undo.open(team, run, undoables(known.definition, this.#deps), rows));
    if (left === 0) return { more: false };
    while (performance.now() < end) {
      if (this.#context.signal.aborted) return await this.#context.cancelled;
      const step = await patiently(async () => await undo.next(team, run));
      if (step === null) return { more: false };
      const waitMs = await this.#undo(known, step);
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: this.#context.signal }).catch(() => undefined);
    }
    return { more: true };
  }

  /** Answers how long to wait before the next try of it; 0: it is over. */
  async #undo(known: KnownRun, step: UndoStep): Promise<number> {
    const trace = { called: false, idempotent: true };
    try {
      if (step.lost > maxLost) throw new UserError('step.worker-lost', 'The worker undoing this step was lost more than five times');
      await bounded(async (signal) => await this.#call(known, step, signal, trace), {
        timeoutMs: attemptMs,
        tryMs: null,
        signal: this.#context.signal,
        graceMs: () => (trace.called ? windDownMs : 0),
      });
      await this.#end(step, 'completed', null);
      return 0;
    } catch (thrown) {
      return await this.#failed(step, thrown, trace);
    }
  }

  async #failed(step: UndoStep, thrown: unknown, { called, idempotent }: { called: boolean; idempotent: boolean }): Promise<number> {
    if (thrown instanceof StoppedError) {
      // A call in the air counts as lost with this worker; one that had not begun leaves no trace.
      if (!called) await this.#end(step, 'left', null);
      return await this.#context.cancelled;
    }
    const failure = toFailure(thrown);
    const error = { code: failure.code, message: failure.message };
    const mayRepeat = idempotent || !called || failure.didNothing;
    if (failure.code === 'step.unknown-outcome' || (failure.retryable && !mayRepeat)) {
      await this.#end(step, 'unknown', error);
      return 0;
    }
    const again = failure.retryable && step.failed + 1 < maxAttempts;
    await this.#end(step, again ? 'waiting' : 'failed', error);
    return again ? Math.min(60_000, retryDelayMs(step.failed + 1, null, failure.retryAfterMs)) : 0;
  }

  async #call({ facts, definition }: KnownRun, step: UndoStep, signal: AbortSignal, trace: { called: boolean; idempotent: boolean }): Promise<void> {
    const node = definition.node(step.nodeId);
    const declared = compensationOf(node, this.#deps);
    if (declared === null) throw new UserError('undo.not-possible', 'The action of this step has nothing any more that undoes it.');
    const { spec: done } = actionOf(node.config, this.#deps);
    const given = declared.from(parseParams(done, JSON.parse(step.inputText)) as Json, JSON.parse(step.outputText) as Json);
    if (given === 'nothing') return;
    if (!isObject(given)) throw new UserError('undo.not-possible', 'What the step gave back does not say enough to undo it.');
    const action = this.#deps.connectors(declared.connector, declared.action);
    const params = parseParams(action.spec, given);
    trace.idempotent = isIdempotent(action.spec, params);
    if (step.lost > 0 && !trace.idempotent) {
      throw new UserError(
        'step.unknown-outcome',
        'An earlier attempt to undo this was lost with its worker; whether it had an effect is not known, so it is not repeated',
      );
    }
    signal.throwIfAborted();
    trace.called = true;
    const { team, rootRun } = this.#input;
    const generation = generationOf(facts, step.nodeId, step.path);
    await performAction(
      action,
      { node, path: step.path, facts, signal, deps: this.#deps, idempotencyKey: `${team}/${effectPath(rootRun, step.path, generation)}/undo` },
      params,
    );
  }

  async #end(
    { n, attempt }: UndoStep,
    status: Parameters<ActivityDeps['undo']['end']>[2]['status'],
    error: { code: string; message: string } | null,
  ) {
    const { team, run } = this.#input;
    await patiently(async () => await this.#deps.undo.end(team, run, { n, attempt, status, error }));
  }
}

/** Nodes of a definition whose action declares what undoes it. */
function undoables(definition: DefinitionView, deps: ActivityDeps): Undoable[] {
  return definition.all().flatMap((node) => {
    const found = node.type === 'action' ? compensationOf(node, deps) : null;
    return found === null
      ? []
      : [{ nodeId: node.id, action: `${found.connector}.${found.action}`, items: own(node.config, 'forEach') !== undefined }];
  });
}

/** null where the action declares none, or is not there any more. */
function compensationOf(node: NodeDefinition, deps: ActivityDeps): Compensation | null {
  let spec: ReturnType<typeof actionOf>['spec'];
  try {
    ({ spec } = actionOf(node.config, deps));
  } catch {
    return null;
  }
  const { compensation } = spec;
  return compensation === undefined ? null : { connector: String(node.config['connector']), action: compensation.action, from: compensation.from };
}
