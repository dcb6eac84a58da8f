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
  type PendingRow,
  type PlanEvent,
  type PlanNode,
  type RunState,
  type StepError,
} from '@hub/dag/planner';
import { CancellationScope, condition, proxyActivities, proxyLocalActivities, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import { gatherOptions, localOptions, stepOptions } from './activity-options.ts';
import { detailsOf } from './details.ts';
import { endOf, type StepEnd } from './failures.ts';
import type { CarriedState, HubActivities, RunAt, RunInput } from './types.ts';

/** Continue-as-new at the first quiet moment from here (04, 6b). */
const softEvents = 2_000;
const softBytes = 2_000_000;
/** From here nothing new is started, so that a quiet moment comes. */
const hardEvents = 10_000;
const hardBytes = 10_000_000;

type Work = Exclude<Command, { kind: 'write-rows' | 'start-timer' | 'cancel' | 'finish' }>;
type OwnEnd = Exclude<StepEnd, { kind: 'gone' }>;
type Finish = Extract<Command, { kind: 'finish' }>;

export type LoopEnd = { kind: 'finished'; finish: Finish } | { kind: 'continue'; carried: CarriedState } | { kind: 'gone' };

/** One execution of the interpreter, up to the run's end or the next continue-as-new. */
export class RunLoop {
  readonly #input: RunInput;
  readonly #at: RunAt;
  readonly #nodes: Map<string, PlanNode>;
  readonly #inbox: PlanEvent[] = [];
  /** Work by key; local work has no scope, because it is short and is waited for. */
  readonly #inFlight = new Map<string, CancellationScope | null>();
  readonly #deadlines = new Map<string, number>();
  readonly #unstarted: string[] = [];
  #timers: CancellationScope | null = null;
  #state: RunState;
  #held: Command[] = [];
  #rows: PendingRow[] = [];
  #gone = false;

  constructor(input: RunInput) {
    this.#input = input;
    this.#at = { team: input.team, run: input.run, rootRun: input.rootRun, versionId: input.versionId };
    this.#nodes = new Map(input.plan.nodes.map((node) => [node.id, node]));
    const carried = input.carried;
    if (carried === undefined) {
      const first = startRun(input.plan, input.start);
      this.#state = first.state;
      this.#held = first.commands;
    } else {
      this.#state = carried.state as RunState;
      this.#held = carried.held;
      this.#rows = carried.rows;
      for (const { key, at } of carried.deadlines) this.#setDeadline(key, at - Date.now());
    }
  }

  /** The person's or the API's wish to stop; the planner decides what that means. */
  requestCancel(): void {
    this.#inbox.push({ kind: 'cancel-run' });
  }

  async run(): Promise<LoopEnd> {
    let commands = this.#take();
    for (let turn = 1; ; turn += 1) {
      const finish = this.#execute(commands);
      // A run that is not over after its first local work may go on for long: from here its time limits hold.
      if (finish === null && turn > 1) this.#startTimers();
      this.#describe();
      if (finish !== null) return this.#end(finish);
      await condition(() => this.#inbox.length > 0 || this.#gone);
      if (this.#gone) return this.#stopAll();
      commands = [...this.#take(), ...this.#drain()];
      if (this.#shouldContinueAsNew()) return { kind: 'continue', carried: this.#carry(commands) };
    }
  }

  #take(): Command[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  #drain(): Command[] {
    const commands: Command[] = [];
    for (let event = this.#inbox.shift(); event !== undefined; event = this.#inbox.shift()) {
      const next = advance(this.#input.plan, this.#state, event);
      this.#state = next.state;
      commands.push(...next.commands);
    }
    return commands;
  }

  #execute(commands: Command[]): Finish | null {
    const stopStarting = this.#isOver(hardEvents, hardBytes);
    for (const command of commands) if (command.kind === 'write-rows') this.#rows.push(...command.rows);
    let finish: Finish | null = null;
    let carrier = false;
    for (const command of commands) {
      if (command.kind === 'write-rows') continue;
      if (command.kind === 'finish') finish = command;
      else if (command.kind === 'start-timer') this.#setDeadline(command.key, command.ms);
      else if (command.kind === 'cancel') this.#cancel(command.path);
      else if (stopStarting) this.#held.push(command);
      else {
        this.#begin(command);
        carrier = true;
      }
    }
    if (finish === null && !carrier && this.#rows.length > 0) this.#flushRows();
    return finish;
  }

  #begin(command: Work): void {
    const path = command.kind === 'run-group' ? groupPath(command.scope, command.group) : command.path;
    const key = `${command.kind} ${path} ${'index' in command ? command.index : ''}`;
    const rows = this.#rows;
    this.#rows = [];
    if (isLong(command)) this.#startTimers();
    const scope = isLong(command) ? new CancellationScope({ cancellable: true }) : null;
    const work = scope === null ? this.#perform(command, rows) : scope.run(() => this.#perform(command, rows));
    this.#track(key, rows, scope, work, (end) => this.#inbox.push(failureEvent(command, path, end)));
  }

  /**
   * Notes work and takes its end; rows that did not surely arrive are sent again with the next write (they are upserts). Promises are dear here
   * (the SDK takes a stack trace of each), so there is one per end.
   */
  #track(key: string, rows: PendingRow[], scope: CancellationScope | null, work: Promise<PlanEvent | null>, onEnd: (end: OwnEnd) => void): void {
    this.#inFlight.set(key, scope);
    void work.then(
      (event) => {
        this.#inFlight.delete(key);
        if (event !== null) this.#inbox.push(event);
      },
      (failure: unknown) => {
        this.#inFlight.delete(key);
        this.#rows.unshift(...rows);
        const end = endOf(failure);
        if (end.kind === 'gone') this.#gone = true;
        else onEnd(end);
      },
    );
  }

  #perform(command: Work, rows: PendingRow[]): Promise<PlanEvent> {
    const at = this.#at;
    switch (command.kind) {
      case 'run-step': {
        const node = this.#node(command.nodeId);
        const activities = proxyActivities<HubActivities>(stepOptions(node, this.#summary(node, command.frames.at(-1)?.index)));
        const { nodeId, path, frames, reads, sources } = command;
        const { type, retry, timeoutMs, idempotent } = node;
        const maxAttempts = retry?.maxAttempts ?? 1;
        const input = { ...at, nodeId, path, frames, reads, sources, rows, type, retry, maxAttempts, timeoutMs, idempotent };
        return activities.runStep(input).then(({ port }) => ({ kind: 'completed', path, ...(port === undefined ? {} : { port }) }));
      }
      case 'run-group': {
        const { group, scope, frames, reads, sources } = command;
        const nodes = (this.#input.plan.groups[group] ?? []).map((id) => this.#node(id));
        const ids = new Set(nodes.map((node) => node.id));
        const edges = this.#input.plan.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
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
      case 'close-loop': {
        const { nodeId, path, frames, count, sink, notes } = command;
        const { closeLoop } = proxyActivities<HubActivities>(gatherOptions(`${this.#node(nodeId).label}: gather ${count} results`));
        return closeLoop({ ...at, nodeId, path, frames, reads: [], rows, count, sink, notes }).then(() => ({ kind: 'loop-closed', path }));
      }
    }
  }

  #flushRows(): void {
    const rows = this.#rows;
    this.#rows = [];
    const retryLater = (): void => undefined;
    const written = this.#local('Record states')
      .writeRows({ ...this.#at, rows })
      .then(() => null);
    this.#track(`rows ${workflowInfo().historyLength}`, rows, null, written, retryLater);
  }

  /** A deadline counts from now; its timer begins with the first work that may take long, or with the second turn, so that the shortest runs need none. */
  #setDeadline(key: string, ms: number): void {
    if (this.#deadlines.has(key)) return;
    this.#deadlines.set(key, Date.now() + ms);
    this.#unstarted.push(key);
  }

  #startTimers(): void {
    for (const key of this.#unstarted.splice(0)) {
      this.#timers ??= new CancellationScope();
      const ms = (this.#deadlines.get(key) ?? 0) - Date.now();
      void this.#timers
        .run(() => sleep(Math.max(1, ms)))
        .then(
          () => {
            this.#deadlines.delete(key);
            this.#inbox.push({ kind: 'timer', key });
          },
          () => undefined,
        );
    }
  }

  #cancel(path: string): void {
    for (const [key, scope] of this.#inFlight) if (key.split(' ')[1] === path) scope?.cancel();
    const held = this.#held.filter((command) => 'path' in command && command.path === path);
    this.#held = this.#held.filter((command) => !held.includes(command));
    if (held.length > 0) this.#inbox.push({ kind: 'cancelled', path });
  }

  async #end(finish: Finish): Promise<LoopEnd> {
    this.#timers?.cancel();
    const rows = this.#rows;
    await this.#local(`End: ${finish.status}`).finishRun({ ...this.#at, status: finish.status, error: finish.error, outputs: finish.outputs, rows });
    return { kind: 'finished', finish };
  }

  /** The run's row is already terminal: end without effect. */
  async #stopAll(): Promise<LoopEnd> {
    this.#timers?.cancel();
    for (const scope of this.#inFlight.values()) scope?.cancel();
    await condition(() => this.#inFlight.size === 0);
    return { kind: 'gone' };
  }

  #isOver(events: number, bytes: number): boolean {
    const info = workflowInfo();
    return info.historyLength >= events || info.historySize >= bytes;
  }

  #shouldContinueAsNew(): boolean {
    return this.#inFlight.size === 0 && (this.#isOver(softEvents, softBytes) || workflowInfo().continueAsNewSuggested);
  }

  #carry(commands: Command[]): CarriedState {
    this.#timers?.cancel();
    const deadlines = [...this.#deadlines].map(([key, at]) => ({ key, at }));
    return { state: this.#state, held: commands, deadlines, rows: this.#rows };
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

/** Ordinary activities may take long and can be cancelled; all else is local. */
function isLong(command: Work): boolean {
  return command.kind === 'run-step' || command.kind === 'close-loop';
}

/** How an activity's failure reads to the planner. A group that could not be computed fails as a whole at its first node. */
function failureEvent(command: Work, path: string, end: { kind: 'cancelled' } | { kind: 'failed'; error: StepError }): PlanEvent {
  if (end.kind === 'cancelled') return { kind: 'cancelled', path };
  if (command.kind === 'close-iteration') return { kind: 'iteration-closed', path, index: command.index, error: end.error };
  if (command.kind === 'close-loop') return { kind: 'loop-closed', path, error: end.error };
  return { kind: 'failed', path, error: end.error };
}
