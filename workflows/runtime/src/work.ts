/** Commands of the planner as activities, and their results as events. It remembers nothing but the plan. */
import { groupPath, itemPath, type Command, type PendingRow, type PlanEdge, type PlanEvent, type PlanNode } from '@hub/dag/planner';
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { chunkOptions, gatherOptions, itemsOptions, localOptions, stepOptions, tryOptions, undoOptions } from './activity-options.ts';
import type { Answer, HubActivities, ReleaseResult, RunAt, RunInput, StepInput, StepResult, TryResult } from './types.ts';

/** Commands that are done by an activity. */
export type WorkCommand = Exclude<
  Command,
  { kind: 'write-rows' | 'start-timer' | 'start-timer-at' | 'stop-timer' | 'hold-timer' | 'release-timer' | 'run-waits' | 'cancel' | 'finish' }
>;
export type RunStep = Extract<Command, { kind: 'run-step' }>;
/** The end of a step, and what its activity said besides. */
export interface Said {
  event: PlanEvent | null;
  /** Nodes that the worker calls quick. */
  quick?: string[];
  /** How long a try took. */
  ms?: number;
  /** A try left it undone: it goes on as an ordinary activity after so many ms. */
  goOnAfter?: number;
  /** Its node is not quick any more. */
  notQuick?: string;
}

/** What a step's result means. */
export function said(path: string, { port, parked, quick, ms }: StepResult): Said {
  const event: PlanEvent =
    parked === undefined ? { kind: 'completed', path, ...(port === undefined ? {} : { port }) } : { kind: 'parked', path, facts: parked };
  return { event, ...(quick === undefined ? {} : { quick }), ...(ms === undefined ? {} : { ms }) };
}

type Waiting = Extract<Command, { kind: 'park' | 'release' | 'remind' | 'cancel-child' }>;

export class Work {
  readonly #input: RunInput;
  readonly #at: RunAt;
  readonly #nodes: Map<string, PlanNode>;

  constructor(input: RunInput) {
    this.#input = input;
    this.#at = { team: input.team, run: input.run, rootRun: input.rootRun, versionId: input.versionId };
    this.#nodes = new Map(input.plan.nodes.map((node) => [node.id, node]));
  }

  node(id: string): PlanNode {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new Error(`The planner named a node that is not in the plan: ${id}`);
    return node;
  }

  local(summary: string): HubActivities {
    return proxyLocalActivities<HubActivities>(localOptions(summary));
  }

  stepInput(command: RunStep, rows: PendingRow[], ask: boolean): StepInput {
    const { nodeId, path, frames, reads, sources, forgiven, after } = command;
    const { type, retry, timeoutMs, idempotent } = this.node(nodeId);
    const more = { ...(forgiven === undefined ? {} : { forgiven }), ...(ask ? { ask: true as const } : {}) };
    const before = after === undefined || after.failed === 0 ? {} : { triedBefore: after.failed };
    const place = { ...this.#at, nodeId, path, frames, reads, sources, rows };
    return { ...place, type, retry, maxAttempts: retry?.maxAttempts ?? 1, timeoutMs, idempotent, ...more, ...before };
  }

  step(command: RunStep, input: StepInput): Promise<StepResult> {
    return proxyActivities<HubActivities>(stepOptions(this.node(command.nodeId), this.#summary(command))).runStep(input);
  }

  tryStep(command: RunStep, input: StepInput): Promise<TryResult> {
    return proxyLocalActivities<HubActivities>(tryOptions(this.#summary(command))).tryStep(input);
  }

  perform(command: Exclude<WorkCommand, RunStep>, rows: PendingRow[]): Promise<PlanEvent | null> {
    const at = this.#at;
    switch (command.kind) {
      case 'park':
      case 'release':
      case 'remind':
      case 'cancel-child':
        return this.#wait(command, rows);
      case 'run-group': {
        const { group, scope, frames, reads, sources } = command;
        const { nodes, edges } = this.#group(group);
        const summary = nodes
          .map((node) => node.label)
          .join(' → ')
          .slice(0, 200);
        const input = { ...at, scope, nodes, edges, frames, reads, sources, rows };
        return this.local(summary)
          .runGroup(input)
          .then(({ results }) => ({ kind: 'group-settled', path: groupPath(scope, group), results }));
      }
      case 'open-loop': {
        const { nodeId, path, frames, reads } = command;
        return this.local(`${this.node(nodeId).label}: items`)
          .openLoop({ ...at, nodeId, path, frames, reads, rows })
          .then(({ count }) => ({ kind: 'loop-opened', path, count }));
      }
      case 'check-loop': {
        const { nodeId, path, frames, reads, index } = command;
        return this.local(`${this.node(nodeId).label}: condition ${index}`)
          .checkLoop({ ...at, nodeId, path, frames, reads, rows, index })
          .then(({ holds }) => ({ kind: 'loop-checked', path, index, holds }));
      }
      case 'close-iteration': {
        const { nodeId, path, frames, reads, index } = command;
        return this.local(`${this.node(nodeId).label}: result ${index}`)
          .closeIteration({ ...at, nodeId, path, frames, reads, rows, index })
          .then((end) => (checkAnswer(itemPath(path, index), end), { kind: 'iteration-closed', path, index }));
      }
      case 'undo': {
        const { undoRun } = proxyActivities<HubActivities>(undoOptions());
        return undoRun({ ...at, rows }).then(({ more }) => ({ kind: 'undone', round: command.round, more }));
      }
      case 'run-chunk': {
        const { nodeId, path, group, from, to, frames, reads } = command;
        const { label, loop } = this.node(nodeId);
        const { runChunk } = proxyActivities<HubActivities>(chunkOptions(`${label} · ${from} to ${to - 1}`));
        const input = { ...at, nodeId, path, frames, reads, rows, ...this.#group(group), from, to, onItemError: loop?.onItemError ?? 'fail' };
        return runChunk(input).then(({ next, failure }) => ({ kind: 'chunk-ended', path, next, ...(failure ? { failure } : {}) }));
      }
      case 'run-items': {
        const { nodeId, path, from, to, places, frames, reads, sources } = command;
        const { label, loop } = this.node(nodeId);
        const step = this.node(command.step);
        const { runItems } = proxyActivities<HubActivities>(itemsOptions(step, `${label} · from ${from}`));
        const policy = { onItemError: loop?.onItemError ?? ('fail' as const), self: loop?.body === 'self' };
        return runItems({ ...at, nodeId, path, frames, reads, rows, sources, step, from, to, places, ...policy }).then((end) => ({
          kind: 'chunk-ended',
          path,
          ...end,
        }));
      }
      case 'close-loop': {
        const { nodeId, path, frames, count, sink, notes, stored } = command;
        const { closeLoop } = proxyActivities<HubActivities>(gatherOptions(`${this.node(nodeId).label}: gather ${count} results`));
        const input = { ...at, nodeId, path, frames, reads: [], rows, count, sink, notes, ...(stored ? { stored } : {}) };
        return closeLoop(input).then(() => ({ kind: 'loop-closed', path }));
      }
    }
  }

  #wait(command: Waiting, rows: PendingRow[]): Promise<PlanEvent | null> {
    const { path, nodeId, frames } = command;
    const at = { ...this.#at, nodeId, path };
    const { label, type } = this.node(nodeId);
    switch (command.kind) {
      case 'park':
        return this.local(`${label}: wait`)
          .park({ ...at, frames, reads: command.reads, sources: command.sources, rows, type })
          .then((end) => {
            checkAnswer(path, end);
            return 'done' in end ? { kind: 'completed', path, port: end.done.port } : { kind: 'parked', path, facts: end.parked };
          });
      case 'release':
        return this.local(`${label}: go on`)
          .release({ ...at, frames, rows, type, by: command.by })
          .then((end) => releaseEvent(path, end));
      case 'remind':
        return this.local(`${label}: remind`)
          .remind(at)
          .then(() => null);
      case 'cancel-child':
        return this.local(`${label}: cancel`)
          .cancelChild({ ...at, child: command.child })
          .then(() => ({ kind: 'cancelled', path }));
    }
  }

  /** The slice of the plan that computes a fused group. */
  #group(group: number): { nodes: PlanNode[]; edges: PlanEdge[] } {
    const nodes = (this.#input.plan.groups[group] ?? []).map((id) => this.node(id));
    const ids = new Set(nodes.map((node) => node.id));
    return { nodes, edges: this.#input.plan.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)) };
  }

  #summary({ nodeId, frames }: RunStep): string {
    const index = frames.at(-1)?.index;
    const { label } = this.node(nodeId);
    return index === undefined ? label : `${label} · ${index}`;
  }
}

/**
 * Temporal gives a local activity's result by its number. Where a history was not applied whole (decision 023), a number may mean another call than it
 * did: the task fails then, before anything follows from it, and the reconciler sets the run back.
 */
export function checkAnswer(asked: string, answer: Answer | undefined): void {
  // Histories of before hold no answer at all for some calls.
  if (answer?.of !== undefined && answer.of !== asked) throw new Error(`The history answers ${answer.of} where ${asked} asked.`);
}

function releaseEvent(path: string, end: ReleaseResult): PlanEvent {
  checkAnswer(path, end);
  if ('reopened' in end) return { kind: 'reopened', path, ...(end.takenBy === undefined ? {} : { takenBy: end.takenBy }) };
  const unused = end.unused ? { unused: end.unused } : {};
  return 'error' in end ? { kind: 'failed', path, error: end.error, ...unused } : { kind: 'completed', path, port: end.port, ...unused };
}
