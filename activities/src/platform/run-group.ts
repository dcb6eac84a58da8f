/** A fused group: one call to the pool, one statement with the final rows. */
import { childPath } from '@hub/dag/planner';
import type { PendingRow } from '@hub/dag/planner';
import { isHubError } from '@hub/kit/errors';
import type { GroupInput, GroupResult } from '@hub/runtime/types';

import type { ActivityDeps } from '../deps.ts';
import { limits } from '../expressions/names.ts';
import type { GroupAnswer, GroupJob, NodeOutcome } from '../expressions/pool/jobs.ts';
import type { PureRow } from '../ports.ts';
import type { RunCache } from './facts.ts';
import { finalFailure } from './failures.ts';
import { gather } from './place.ts';
import { joined, usesOf } from './uses.ts';

/** Codes with which a whole job is lost, so that the guilty node must be looked for. */
const lostJob = new Set(['expression.timeout', 'expression.memory', 'expression.too-large', 'expression.internal']);
/** Leaves room in the local activity's 15 s for its rows: all jobs have ended by then. */
const searchMs = 13_000;
/** Where a node has less than this left, it is not tried any more. */
const leastMs = 2_200;

export async function runGroup(deps: ActivityDeps, cache: RunCache, input: GroupInput): Promise<GroupResult> {
  const { team, run, nodes, edges, scope, frames, reads, sources } = input;
  const known = await cache.run(team, run);
  const definitions = nodes.map((node) => known.definition.node(node.id));
  const data = await gather(cache, deps.runs, known, {
    frames,
    reads,
    also: sources,
    uses: joined(definitions.map((node) => usesOf(node, 'config', node.config))),
  });
  const configs = Object.fromEntries(definitions.map(({ id, config, strict, fallbackText }) => [id, { config, strict, fallbackText }]));
  const outcomes = await outcomesOf(deps, { kind: 'group', nodes, edges, scope, sources, configs, data, done: [], most: nodes.length + 1 });
  const isAlive = await deps.runs.writePure(team, run, pureRows(input, outcomes), input.rows);
  if (!isAlive) throw finalFailure('run.gone', 'The run has ended already');
  // Their values are taken from rows that must be there first.
  const passed = disabledRows(input, outcomes);
  if (passed.length > 0) await deps.runs.writeRows(team, run, passed);
  for (const { nodeId, status, outputText } of outcomes)
    if (status === 'completed' && outputText !== null) cache.remember(team, run, childPath(scope, nodeId), outputText);
  return {
    results: outcomes.map(({ nodeId, status, port, error }) => ({
      nodeId,
      status,
      ...(port === undefined ? {} : { port }),
      ...(error === undefined ? {} : { error }),
    })),
  };
}

/** Looks for the guilty node where the job as a whole was lost. */
export async function outcomesOf(deps: ActivityDeps, job: GroupJob): Promise<NodeOutcome[]> {
  const until = Date.now() + searchMs;
  try {
    return (await deps.pool.run(job)).outcomes;
  } catch (error) {
    if (!isLostJob(error)) throw error;
    return await oneByOne(deps, job, until);
  }
}

/** Finds the node that took the job down: each one gets a job of its own, and the one that does not come back has failed. */
async function oneByOne(deps: ActivityDeps, job: GroupJob, until: number): Promise<NodeOutcome[]> {
  let answer: GroupAnswer = await deps.pool.run({ ...job, most: 0 });
  for (let next = answer.next; next !== null; next = answer.next) {
    const startedAt = new Date().toISOString();
    try {
      const leftMs = until - Date.now();
      if (leftMs < leastMs) throw timedOut();
      answer = await deps.pool.run({ ...job, done: answer.outcomes, most: 1 }, { mostMs: Math.min(limits.expressionMostMs, leftMs) });
    } catch (error) {
      if (!isLostJob(error)) throw error;
      const failure = { code: error.code, message: error.message.slice(0, 500), attempt: 1 };
      const failed: NodeOutcome = {
        nodeId: next,
        status: 'failed',
        error: failure,
        outputText: null,
        inputText: null,
        warnings: [],
        startedAt,
        completedAt: new Date().toISOString(),
      };
      answer = await deps.pool.run({ ...job, done: [...answer.outcomes, failed], most: 0 });
    }
  }
  return answer.outcomes;
}

/** True for what takes a whole job down. */
export function isLostJob(error: unknown): error is Error & { code: string } {
  return isHubError(error) && lostJob.has(error.code);
}

function timedOut(): Error {
  return Object.assign(new Error('The steps of this group together ran too long'), { kind: 'user', code: 'expression.timeout' });
}

/** The final rows of a group's nodes. */
export function pureRows({ nodes, scope, frames }: Pick<GroupInput, 'nodes' | 'scope' | 'frames'>, outcomes: NodeOutcome[]): PureRow[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return (
    outcomes
      // In a loop skipped nodes have no row (02); disabled ones are written after these.
      .filter(({ status, disabled }) => disabled !== true && !(status === 'skipped' && frames.length > 0))
      .map((outcome) => ({
        nodeId: outcome.nodeId,
        nodeType: byId.get(outcome.nodeId)?.type ?? 'transform',
        path: childPath(scope, outcome.nodeId),
        iteration: frames.at(-1)?.index ?? null,
        attempt: outcome.status === 'skipped' ? 0 : 1,
        status: outcome.status,
        port: outcome.port ?? (outcome.status === 'failed' && byId.get(outcome.nodeId)?.onError === 'branch' ? 'error' : null),
        inputText: outcome.inputText,
        outputText: outcome.outputText,
        error: outcome.error ?? null,
        warnings: outcome.warnings,
        tokens: null,
        costUsd: null,
        model: null,
        modelCalls: [],
        startedAt: outcome.startedAt,
        completedAt: outcome.completedAt,
      }))
  );
}

function disabledRows({ scope }: GroupInput, outcomes: NodeOutcome[]): PendingRow[] {
  return outcomes
    .filter(({ disabled }) => disabled === true)
    .map(({ nodeId, port, value }) => ({
      nodeId,
      path: childPath(scope, nodeId),
      status: 'completed',
      disabled: true,
      ...(port === undefined ? {} : { port }),
      ...(value === undefined ? {} : { value }),
    }));
}
