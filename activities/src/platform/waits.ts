/** The hub's own work around waiting: opening what a node waits for, ending it, reminding, passing a cancel down (02, "Parking"). */
import type { Json, ParkFacts } from '@hub/dag/planner';
import { isHubError, UserError } from '@hub/kit/errors';
import { sha256Hex } from '@hub/kit/crypto';
import type { CancelChildInput, ParkInput, ParkResult, ReleaseInput, ReleaseResult } from '@hub/runtime/types';

import type { ActivityDeps } from '../deps.ts';
import type { Opening, ParkStep } from '../steps/park-step.ts';
import { parkSteps } from '../steps/park-steps.ts';
import type { ClosedWait } from '../wait-ports.ts';
import type { Warning } from '../ports.ts';
import type { RunCache } from './facts.ts';
import { finalFailure, toFailure } from './failures.ts';
import { gather } from './place.ts';
import { resolve } from './resolve.ts';
import { usesOf } from './uses.ts';

const never = new AbortController().signal;

interface Opened {
  opening: Opening;
  filled: Json;
  warnings: Warning[];
}

/** Evaluates what a node waits for and opens its row. Repeated, it answers as the first time. */
export async function park(deps: ActivityDeps, cache: RunCache, input: ParkInput): Promise<ParkResult> {
  let opened: Opened;
  try {
    opened = await evaluate(deps, cache, input);
  } catch (error) {
    if (!isHubError(error) || error.kind !== 'user') throw error;
    return await failed(deps, input, error);
  }
  const { opening, filled, warnings } = opened;
  const { team, run, nodeId, path, frames, rows, type } = input;
  const iteration = frames.at(-1)?.index ?? null;
  if (!('facts' in opening)) return await atOnce(deps, cache, input, opened, opening);
  const { facts, approval } = opening;
  const place = { team, run, path };
  const token = opening.link === undefined ? {} : { tokenHash: sha256Hex(deps.links.token(place)) };
  const asked = approval === undefined ? {} : { approval };
  const inputText = JSON.stringify(shown(filled, facts));
  const answer = await deps.waits.open({ ...place, nodeId, nodeType: type, iteration, rows, facts, inputText, warnings, ...token, ...asked });
  if ('gone' in answer) throw finalFailure('run.gone', 'The run has ended already');
  if ('failed' in answer) throw finalFailure(answer.failed.code, answer.failed.message, answer.failed.attempt);
  return 'done' in answer ? { done: { port: answer.done } } : { parked: answer.facts };
}

async function evaluate(deps: ActivityDeps, cache: RunCache, input: ParkInput): Promise<Opened> {
  const { team, run, nodeId, path, frames, reads } = input;
  const known = await cache.run(team, run);
  const node = known.definition.node(nodeId);
  const step = stepOf(input.type);
  const toFill = step.toFill(node.config);
  const data = await gather(cache, deps.runs, known, { frames, reads, uses: usesOf(node, 'park', toFill) });
  const { value: filled, warnings } = await resolve(deps.pool, { value: toFill, literal: [] }, data, node.strict, never);
  const opening = await step.open({ config: node.config, filled, team, run, path, now: (deps.now ?? Date.now)(), deps });
  return { opening, filled, warnings };
}

/** What people see of a wait. */
function shown(filled: Json, facts: ParkFacts): Json {
  const { at, child, signal } = facts;
  return {
    ...(typeof filled === 'object' && filled !== null && !Array.isArray(filled) ? filled : {}),
    ...(at === undefined ? {} : { waitsUntil: new Date(at).toISOString() }),
    ...(signal === undefined ? {} : { signal: signal.name }),
    ...(child === undefined ? {} : { runId: child }),
  };
}

function stepOf(type: ParkInput['type']): ParkStep {
  const step = parkSteps[type];
  if (step === undefined) throw new UserError('step.invalid-config', `Nodes of type ${type} do not wait`);
  return step;
}

/** There is nothing to wait for: the row begins and ends in one. */
async function atOnce(
  deps: ActivityDeps,
  cache: RunCache,
  input: ParkInput,
  { filled, warnings }: Opened,
  end: Extract<Opening, { port: string }>,
): Promise<ParkResult> {
  const begun = await begin(deps, input);
  if (begun.done !== undefined) return { done: { port: begun.done.port ?? 'out' } };
  await deps.runs.end({
    ...rowOf(input, begun.attempt),
    status: 'completed',
    port: end.port,
    inputText: JSON.stringify(filled),
    outputText: end.outputText,
    error: null,
    warnings,
  });
  cache.remember(input.team, input.run, input.path, end.outputText);
  return { done: { port: end.port } };
}

async function failed(deps: ActivityDeps, input: ParkInput, error: unknown): Promise<never> {
  const { code, message } = toFailure(error);
  const begun = await begin(deps, input);
  await deps.runs.end({
    ...rowOf(input, begun.attempt),
    status: 'failed',
    port: null,
    inputText: null,
    outputText: null,
    error: { code, message, attempt: 1 },
    warnings: [],
  });
  throw finalFailure(code, message);
}

async function begin(deps: ActivityDeps, input: ParkInput): ReturnType<ActivityDeps['runs']['begin']> {
  const { team, run, nodeId, path, frames, rows, type } = input;
  const begun = await deps.runs.begin({ team, run, nodeId, nodeType: type, path, iteration: frames.at(-1)?.index ?? null, rows });
  if (begun.gone) throw finalFailure('run.gone', 'The run has ended already');
  return begun;
}

function rowOf({ team, run, nodeId, path, frames, type }: ParkInput, attempt: number) {
  const spent = { tokens: null, costUsd: null, model: null, modelCalls: [] };
  return { team, run, nodeId, nodeType: type, path, iteration: frames.at(-1)?.index ?? null, attempt, ...spent };
}

/** The end of a wait: by a message, by its time, or by the answer that came just before its time was up. */
export async function release(deps: ActivityDeps, cache: RunCache, input: ReleaseInput): Promise<ReleaseResult> {
  const { team, run, nodeId, path, frames, rows, type } = input;
  const by = input.by === 'timer' ? null : input.by;
  if (rows.length > 0) await deps.runs.writeRows(team, run, rows);
  const closed = await deps.waits.close(team, run, path, by);
  if (closed.outcome === 'ended') return closed.unused ? { ...closed.end, unused: true } : closed.end;
  if (closed.outcome !== 'closed') {
    if (closed.outcome === 'reopened') return { reopened: true, ...(closed.takenBy === null ? {} : { takenBy: closed.takenBy }) };
    throw finalFailure('run.gone', 'The run has ended already');
  }
  const row = { team, run, nodeId, path, iteration: frames.at(-1)?.index ?? null, attempt: closed.attempt };
  try {
    const { port, outputText } = closed.reason === 'unknown-outcome' ? judged(closed) : stepOf(type).close(closed, by);
    await deps.waits.end({ ...row, status: 'completed', port, outputText, error: null });
    cache.remember(team, run, path, outputText);
    return closed.unused ? { port, unused: true } : { port };
  } catch (error) {
    if (!isHubError(error) || error.kind !== 'user') throw error;
    const { code, message } = error;
    await deps.waits.end({ ...row, status: 'failed', port: null, outputText: null, error: { code, message, attempt: closed.attempt } });
    throw finalFailure(code, message, closed.attempt);
  }
}

/** What a person found out about a call whose outcome was not known. */
function judged({ message }: ClosedWait): { port: string; outputText: string } {
  if (message?.decision === 'done') return { port: 'out', outputText: message.text ?? 'null' };
  throw new UserError('step.unknown-outcome', `${message?.by ?? 'Somebody'} judged that the call had no effect, or that it cannot be known.`);
}

export async function cancelChild(deps: ActivityDeps, { team, child }: CancelChildInput): Promise<void> {
  await deps.children.cancel(team, child);
}
