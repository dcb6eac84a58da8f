/**
 * The interpreter: a thin loop around the pure planner. It turns commands into activities and their ends into events.
 * It decides nothing by itself; order of events is the order in which Temporal delivers them, so replay repeats it.
 */
import {
  advance,
  groupPath,
  nodeTable,
  startRun,
  type Command,
  type Message,
  type PendingRow,
  type PlanEdge,
  type PlanEvent,
  type PlanNode,
  type RunState,
  type StepError,
} from '@hub/dag/planner';
import { CancellationScope, condition, proxyActivities, proxyLocalActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { chunkOptions, gatherOptions, localOptions, stepOptions } from './activity-options.ts';
import { detailsOf } from './details.ts';
import { endOf, type StepEnd } from './failures.ts';
import { isTimer, Timers } from './timers.ts';
import type { CarriedState, Engine, HubActivities, LoopEnd, Observe, ReleaseResult, RunAt, RunInput } from './types.ts';

/** Continue-as-new at the first quiet moment from here (04, 6b). */
const softEvents = 2_000;
const softBytes = 2_000_000;
/** From five times as much nothing new is started, so that a quiet moment comes. */
const hardFactor = 5;

type Work = Exclude<
  Command,
  { kind: 'write-rows' | 'start-timer' | 'start-timer-at' | 'stop-timer' | 'hold-timer' | 'release-timer' | 'run-waits' | 'cancel' | 'finish' }
>;
type Waiting = Extract<Command, { kind: 'park' | 'release' | 'remind' | 'cancel-child' }>;
type Waits = Extract<Command, { kind: 'run-waits' }>;
type OwnEnd = Exclude<StepEnd, { kind: 'gone' }>;
type Finish = Extract<Command, { kind: 'finish' }>;

/**
 * What came, in order. The end of work takes its place here too and is acted on in its turn: on replay the ends of local activities come several at
 * once that came one by one at first, and what is done about them must not differ.
 */
interface Entry {
  event: PlanEvent | null;
  /** The work that ended. */
  key?: string;
  /** Rows that did not surely arrive: they are sent again with the next write (they are upserts). */
  rows?: PendingRow[];
  /** The run's row is terminal. */
  gone?: true;
}

/** One execution of the interpreter, up to the run's end or the next continue-as-new. */
export class RunLoop implements Engine {
  readonly #input: RunInput;
  readonly #at: RunAt;
  readonly #nodes: Map<string, PlanNode>;
  readonly #inbox: Entry[] = [];
  /** Entries that the turn in hand has put at the front. */
  #ahead = 0;
  /** Work by key; local work has no scope, because it is short and is waited for. */
  readonly #inFlight = new Map<string, CancellationScope | null>();
  readonly #timers = new Timers((key) => this.#inbox.push({ event: { kind: 'timer', key } }));
  readonly #softEvents: number;
  #writes = 0;
  #state: RunState;
  #held: Command[] = [];
  #rows: PendingRow[] = [];
  readonly #observe: Observe | undefined;

  constructor(input: RunInput, observe?: Observe) {
    this.#observe = observe;
    this.#input = input;
    this.#at = { team: input.team, run: input.run, rootRun: input.rootRun, versionId: input.versionId };
    this.#softEvents = input.continueAfter ?? softEvents;
    this.#nodes = new Map(input.plan.nodes.map((node) => [node.id, node]));
    const carried = input.carried;
    if (carried === undefined) {
      const first = startRun(input.plan, input.start);
      this.#state = first.state;
      this.#held = first.commands;
      observe?.(null, first.commands);
    } else {
      this.#state = carried.state as RunState;
      this.#held = carried.held;
      this.#rows = carried.rows;
      this.#timers.load(carried);
      this.#inbox.push(...(carried.inbox ?? []).map((event) => ({ event })));
    }
  }

  /** What was said to the run; the planner counts each message once. */
  hear(messages: Message[]): void {
    for (const message of messages) this.#inbox.push({ event: { kind: 'message', message } });
  }

  /** The person's or the API's wish to stop; the planner decides what that means. */
  requestCancel(): void {
    this.#inbox.push({ event: { kind: 'cancel-run' } });
  }

  async run(): Promise<LoopEnd> {
    let commands = this.#take();
    for (let turn = 1; ; turn += 1) {
      // An end that says nothing changes nothing; rows that came back with it wait for the next write.
      const finish = commands.length === 0 && turn > 1 ? null : this.#execute(commands);
      // A run that is not over after its first local work may go on for long: from here its time limits hold. One that was carried over may have
      // nothing to wait for but its timers.
      if (finish === null && (turn > 1 || this.#input.carried !== undefined)) this.#timers.start();
      if (finish !== null) {
        this.#describe();
        return this.#end(finish);
      }
      if (this.#inbox.length === 0) {
        this.#describe();
        await condition(() => this.#inbox.length > 0);
      }
      const next = this.#next();
      if (next === 'gone') return this.#stopAll();
      commands = [...this.#take(), ...next];
      if (this.#shouldContinueAsNew()) {
        this.#held = commands;
        return { kind: 'continue' };
      }
    }
  }

  #take(): Command[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  /** What follows from the next thing that came: one at a time, so that nothing depends on how many came together. */
  #next(): Command[] | 'gone' {
    const entry = this.#inbox.shift();
    if (entry === undefined) return [];
    if (entry.key !== undefined) this.#inFlight.delete(entry.key);
    if (entry.rows !== undefined) this.#rows.unshift(...entry.rows);
    if (entry.gone) return 'gone';
    if (entry.event === null) return [];
    const next = advance(this.#input.plan, this.#state, entry.event);
    this.#state = next.state;
    this.#observe?.(entry.event, next.commands);
    return next.commands;
  }

  #execute(commands: Command[]): Finish | null {
    this.#ahead = 0;
    const stopStarting = this.#isOver(hardFactor);
    for (const command of commands) if (command.kind === 'write-rows') this.#rows.push(...command.rows);
    let finish: Finish | null = null;
    let waits: Waits['reason'] | undefined;
    let carrier = false;
    for (const command of commands) {
      if (command.kind === 'write-rows') continue;
      if (command.kind === 'finish') finish = command;
      else if (command.kind === 'cancel') this.#cancel(command.path);
      else if (command.kind === 'run-waits') waits = command.reason;
      else if (isTimer(command)) this.#timers.turn(command);
      else if (stopStarting) this.#held.push(command);
      else {
        this.#begin(command);
        carrier = true;
      }
    }
    if (finish === null && (waits !== undefined || (!carrier && this.#rows.length > 0))) this.#flushRows(waits);
    return finish;
  }

  #begin(command: Work): void {
    const path = command.kind === 'run-group' ? groupPath(command.scope, command.group) : command.path;
    const key = `${command.kind} ${path} ${'index' in command ? command.index : ''}`;
    const rows = this.#rows;
    this.#rows = [];
    if (isLong(command)) this.#timers.start();
    const scope = isLong(command) ? new CancellationScope({ cancellable: true }) : null;
    const work = scope === null ? this.#perform(command, rows) : scope.run(() => this.#perform(command, rows));
    // A reminder that nobody got is no fault of the step.
    this.#track(key, rows, scope, work, (end) => (command.kind === 'remind' ? null : failureEvent(command, path, end)));
  }

  /** Notes work and takes its end. Promises are dear here (the SDK takes a stack trace of each), so there is one per end. */
  #track(
    key: string,
    rows: PendingRow[],
    scope: CancellationScope | null,
    work: Promise<PlanEvent | null>,
    eventOf: (end: OwnEnd) => PlanEvent | null,
  ): void {
    this.#inFlight.set(key, scope);
    void work.then(
      (event) => this.#inbox.push({ key, event }),
      (failure: unknown) => {
        const end = endOf(failure);
        this.#inbox.push(end.kind === 'gone' ? { key, rows, event: null, gone: true } : { key, rows, event: eventOf(end) });
      },
    );
  }

  #perform(command: Work, rows: PendingRow[]): Promise<PlanEvent | null> {
    const at = this.#at;
    switch (command.kind) {
      case 'run-step': {
        const node = this.#node(command.nodeId);
        const activities = proxyActivities<HubActivities>(stepOptions(node, this.#summary(node, command.frames.at(-1)?.index)));
        const { nodeId, path, frames, reads, sources } = command;
        const { type, retry, timeoutMs, idempotent } = node;
        const maxAttempts = retry?.maxAttempts ?? 1;
        const forgiven = command.forgiven === undefined ? {} : { forgiven: command.forgiven };
        const input = { ...at, nodeId, path, frames, reads, sources, rows, type, retry, maxAttempts, timeoutMs, idempotent, ...forgiven };
        return activities
          .runStep(input)
          .then(({ port, parked }) =>
            parked === undefined ? { kind: 'completed', path, ...(port === undefined ? {} : { port }) } : { kind: 'parked', path, facts: parked },
          );
      }
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
        return this.#local(summary)
          .runGroup(input)
          .then(({ results }) => ({ kind: 'group-settled', path: groupPath(scope, group), results }));
      }
      case 'open-loop': {
        const { nodeId, path, frames, reads } = command;
        return this.#local(`${this.#node(nodeId).label}: items`)
          .openLoop({ ...at, nodeId, path, frames, reads, rows })
          .then(({ count }) => ({ kind: 'loop-opened', path, count }));
      }
      case 'check-loop': {
        const { nodeId, path, frames, reads, index } = command;
        return this.#local(`${this.#node(nodeId).label}: condition ${index}`)
          .checkLoop({ ...at, nodeId, path, frames, reads, rows, index })
          .then(({ holds }) => ({ kind: 'loop-checked', path, index, holds }));
      }
      case 'close-iteration': {
        const { nodeId, path, frames, reads, index } = command;
        return this.#local(`${this.#node(nodeId).label}: result ${index}`)
          .closeIteration({ ...at, nodeId, path, frames, reads, rows, index })
          .then(() => ({ kind: 'iteration-closed', path, index }));
      }
      case 'run-chunk': {
        const { nodeId, path, group, from, to, frames, reads } = command;
        const { label, loop } = this.#node(nodeId);
        const { runChunk } = proxyActivities<HubActivities>(chunkOptions(`${label} · ${from} to ${to - 1}`));
        const input = { ...at, nodeId, path, frames, reads, rows, ...this.#group(group), from, to, onItemError: loop?.onItemError ?? 'fail' };
        return runChunk(input).then(({ next, failure }) => ({ kind: 'chunk-ended', path, next, ...(failure ? { failure } : {}) }));
      }
      case 'close-loop': {
        const { nodeId, path, frames, count, sink, notes, stored } = command;
        const { closeLoop } = proxyActivities<HubActivities>(gatherOptions(`${this.#node(nodeId).label}: gather ${count} results`));
        const input = { ...at, nodeId, path, frames, reads: [], rows, count, sink, notes, ...(stored ? { stored } : {}) };
        return closeLoop(input).then(() => ({ kind: 'loop-closed', path }));
      }
    }
  }

  #wait(command: Waiting, rows: PendingRow[]): Promise<PlanEvent | null> {
    const { path, nodeId, frames } = command;
    const at = { ...this.#at, nodeId, path };
    const { label, type } = this.#node(nodeId);
    switch (command.kind) {
      case 'park':
        return this.#local(`${label}: wait`)
          .park({ ...at, frames, reads: command.reads, sources: command.sources, rows, type })
          .then((end) => ('done' in end ? { kind: 'completed', path, port: end.done.port } : { kind: 'parked', path, facts: end.parked }));
      case 'release':
        return this.#local(`${label}: go on`)
          .release({ ...at, frames, rows, type, by: command.by })
          .then((end) => releaseEvent(path, end));
      case 'remind':
        return this.#local(`${label}: remind`)
          .remind(at)
          .then(() => null);
      case 'cancel-child':
        return this.#local(`${label}: cancel`)
          .cancelChild({ ...at, child: command.child })
          .then(() => ({ kind: 'cancelled', path }));
    }
  }

  /** The slice of the plan that computes a fused group. */
  #group(group: number): { nodes: PlanNode[]; edges: PlanEdge[] } {
    const nodes = (this.#input.plan.groups[group] ?? []).map((id) => this.#node(id));
    const ids = new Set(nodes.map((node) => node.id));
    return { nodes, edges: this.#input.plan.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)) };
  }

  #flushRows(waits: Waits['reason'] | undefined): void {
    const rows = this.#rows;
    this.#rows = [];
    const retryLater = (): null => null;
    const written = this.#local('Record states')
      .writeRows({ ...this.#at, rows, ...(waits === undefined ? {} : { waits }) })
      .then(() => null);
    this.#writes += 1;
    this.#track(`rows ${this.#writes}`, rows, null, written, retryLater);
  }

  #cancel(path: string): void {
    for (const [key, scope] of this.#inFlight) if (key.split(' ')[1] === path) scope?.cancel();
    const held = this.#held.filter((command) => 'path' in command && command.path === path);
    this.#held = this.#held.filter((command) => !held.includes(command));
    if (held.length === 0) return;
    // Before what came meanwhile, which may come only later in another delivery.
    this.#inbox.splice(this.#ahead, 0, { event: { kind: 'cancelled', path } });
    this.#ahead += 1;
  }

  async #end(finish: Finish): Promise<LoopEnd> {
    this.#timers.stop();
    const rows = this.#rows;
    const { status, error, outputs } = finish;
    const { parent } = this.#input;
    await this.#local(`End: ${status}`).finishRun({ ...this.#at, status, error, outputs, rows, ...(parent === undefined ? {} : { parent }) });
    return { kind: 'finished', finish };
  }

  /** The run's row is already terminal: end without effect. */
  async #stopAll(): Promise<LoopEnd> {
    this.#timers.stop();
    for (const scope of this.#inFlight.values()) scope?.cancel();
    while (this.#inFlight.size > 0) {
      await condition(() => this.#inbox.length > 0);
      for (const { key } of this.#inbox.splice(0)) if (key !== undefined) this.#inFlight.delete(key);
    }
    return { kind: 'gone' };
  }

  #isOver(factor: number): boolean {
    const info = workflowInfo();
    return info.historyLength >= this.#softEvents * factor || info.historySize >= softBytes * factor;
  }

  #shouldContinueAsNew(): boolean {
    return this.#inFlight.size === 0 && this.#inbox.length === 0 && (this.#isOver(1) || workflowInfo().continueAsNewSuggested);
  }

  /** What the next execution goes on from; taken in the very moment of continuing, so that nothing that was said is left behind. */
  carry(): CarriedState {
    this.#timers.stop();
    return {
      state: this.#state,
      held: this.#held,
      ...this.#timers.carry(),
      rows: this.#rows,
      inbox: this.#inbox.flatMap(({ event }) => (event === null ? [] : [event])),
    };
  }

  #describe(): void {
    setCurrentDetails(detailsOf(nodeTable(this.#input.plan, this.#state), this.#input.runUrl));
  }

  #node(id: string): PlanNode {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new Error(`The planner named a node that is not in the plan: ${id}`);
    return node;
  }

  #summary(node: PlanNode, index: number | undefined): string {
    return index === undefined ? node.label : `${node.label} · ${index}`;
  }

  #local(summary: string): HubActivities {
    return proxyLocalActivities<HubActivities>(localOptions(summary));
  }
}

function releaseEvent(path: string, end: ReleaseResult): PlanEvent {
  if ('reopened' in end) return { kind: 'reopened', path, ...(end.takenBy === undefined ? {} : { takenBy: end.takenBy }) };
  const unused = end.unused ? { unused: end.unused } : {};
  return 'error' in end ? { kind: 'failed', path, error: end.error, ...unused } : { kind: 'completed', path, port: end.port, ...unused };
}

/** Ordinary activities may take long and can be cancelled; all else is local. */
function isLong(command: Work): boolean {
  return command.kind === 'run-step' || command.kind === 'run-chunk' || command.kind === 'close-loop';
}

/** How an activity's failure reads to the planner. A group that could not be computed fails as a whole at its first node. */
function failureEvent(command: Work, path: string, end: { kind: 'cancelled' } | { kind: 'failed'; error: StepError }): PlanEvent {
  if (end.kind === 'cancelled') return { kind: 'cancelled', path };
  if (command.kind === 'close-iteration') return { kind: 'iteration-closed', path, index: command.index, error: end.error };
  if (command.kind === 'close-loop') return { kind: 'loop-closed', path, error: end.error };
  return { kind: 'failed', path, error: end.error };
}
