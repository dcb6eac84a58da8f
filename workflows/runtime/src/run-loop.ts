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
  type PlanEvent,
  type RunState,
  type StepError,
} from '@hub/dag/planner';
import { CancellationScope, condition, proxySinks, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import { detailsOf } from './details.ts';
import { endOf, goesOn, type StepEnd } from './failures.ts';
import { Placement } from './placement.ts';
import { isTimer, Timers } from './timers.ts';
import type { CarriedState, Engine, LoopEnd, Observe, RunAt, RunInput, StepInput, WorkerSinks } from './types.ts';
import { checkAnswer, said, Work, type RunStep, type Said, type WorkCommand } from './work.ts';

const { steps } = proxySinks<WorkerSinks>();

/** Continue-as-new at the first quiet moment from here (04, 6b). */
const softEvents = 2_000;
const softBytes = 2_000_000;
/** From five times as much nothing new is started, so that a quiet moment comes. */
const hardFactor = 5;

type Waits = Extract<Command, { kind: 'run-waits' }>;
type OwnEnd = Exclude<StepEnd, { kind: 'gone' | 'unknown' }>;
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
  /** What a step's activity said. */
  said?: Said;
  /** What no activity should give, and no engine should meet: it fails the workflow task, not the run. */
  fault?: unknown;
}

/** One execution of the interpreter, up to the run's end or the next continue-as-new. */
export class RunLoop implements Engine {
  readonly #input: RunInput;
  readonly #at: RunAt;
  readonly #work: Work;
  readonly #placement: Placement;
  readonly #inbox: Entry[] = [];
  /** Entries that the turn in hand has put at the front. */
  #ahead = 0;
  /** Work by key; local work has no scope, because it is short and is waited for. */
  readonly #inFlight = new Map<string, CancellationScope | null>();
  /** Steps tried as local activities, by key. */
  readonly #tried = new Map<string, { command: RunStep; input: StepInput; unwanted: boolean }>();
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
    this.#work = new Work(input);
    const carried = input.carried;
    this.#placement = new Placement(carried?.quick);
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
    if (entry.fault !== undefined) throw entry.fault;
    if (entry.key !== undefined) this.#inFlight.delete(entry.key);
    if (entry.rows !== undefined) this.#rows.unshift(...entry.rows);
    if (entry.gone) return 'gone';
    const event = entry.said === undefined || entry.key === undefined ? entry.event : this.#hearSaid(entry.key, entry.said);
    if (event === null) return [];
    const next = advance(this.#input.plan, this.#state, event);
    this.#state = next.state;
    this.#observe?.(event, next.commands);
    return next.commands;
  }

  #execute(commands: Command[]): Finish | null {
    this.#ahead = 0;
    const stopStarting = this.#isOver(hardFactor);
    for (const command of commands) if (command.kind === 'write-rows') this.#rows.push(...command.rows);
    let finish: Finish | null = null;
    let waits: Waits['reason'] | undefined;
    let carrier = false;
    const tried = !stopStarting && this.#areTried(commands);
    for (const command of commands) {
      if (command.kind === 'write-rows') continue;
      if (command.kind === 'finish') finish = command;
      else if (command.kind === 'cancel') this.#cancel(command.path);
      else if (command.kind === 'run-waits') waits = command.reason;
      else if (isTimer(command)) this.#timers.turn(command);
      else if (stopStarting) this.#held.push(command);
      else {
        this.#begin(command, tried);
        carrier = true;
      }
    }
    if (finish === null && (waits !== undefined || (!carrier && this.#rows.length > 0))) this.#flushRows(waits);
    return finish;
  }

  /** Whether the steps among these commands are tried as local activities: only where no ordinary activity would wait behind them. */
  #areTried(commands: Command[]): boolean {
    const long = commands.filter(isLong);
    if (long.length === 0) return false;
    for (const scope of this.#inFlight.values()) if (scope !== null) return false;
    return this.#placement.takes(long.map((command) => (command.kind === 'run-step' && isFirst(command) ? this.#work.node(command.nodeId) : null)));
  }

  #begin(command: WorkCommand, tried: boolean): void {
    const path = command.kind === 'run-group' ? groupPath(command.scope, command.group) : command.path;
    const key = `${command.kind} ${path} ${'index' in command ? command.index : ''}`;
    const rows = this.#rows;
    this.#rows = [];
    const isTry = tried && command.kind === 'run-step';
    const scope = isLong(command) && !isTry ? this.#ordinary() : null;
    const perform = (): Promise<PlanEvent | Said | null> => {
      if (command.kind !== 'run-step') return this.#work.perform(command, rows);
      const input = this.#work.stepInput(command, rows, this.#placement.asks(this.#work.node(command.nodeId)));
      if (isTry) return this.#try(command, key, input);
      const delayMs = command.after?.ms ?? 0;
      return delayMs > 0 ? sleep(delayMs).then(() => this.#step(command, input)) : this.#step(command, input);
    };
    const work = scope === null ? perform() : scope.run(perform);
    // A reminder that nobody got is no fault of the step.
    this.#track(key, rows, scope, work, (end) => (command.kind === 'remind' ? null : failureEvent(command, path, end)));
  }

  /** Notes work and takes its end. Promises are dear here (the SDK takes a stack trace of each), so there is one per end. */
  #track(
    key: string,
    rows: PendingRow[],
    scope: CancellationScope | null,
    work: Promise<PlanEvent | Said | null>,
    eventOf: (end: OwnEnd) => PlanEvent | null,
  ): void {
    this.#inFlight.set(key, scope);
    void work.then(
      (end) => this.#inbox.push(end !== null && 'event' in end ? { key, event: end.event, said: end } : { key, event: end }),
      (failure: unknown) => {
        const end = endOf(failure);
        if (end.kind === 'unknown') this.#inbox.push({ key, event: null, fault: failure });
        else this.#inbox.push(end.kind === 'gone' ? { key, rows, event: null, gone: true } : { key, rows, event: eventOf(end) });
      },
    );
  }

  /** A step as a local activity; where that leaves it undone, it goes on as an ordinary one. */
  #try(command: RunStep, key: string, input: StepInput): Promise<Said> {
    this.#tried.set(key, { command, input, unwanted: false });
    return this.#work.tryStep(command, input).then(
      (result) => {
        checkAnswer(command.path, result);
        return result.later ? { ...said(command.path, result), event: null, goOnAfter: 0 } : said(command.path, result);
      },
      (failure: unknown) => {
        const next = goesOn(failure);
        if (next === null) throw failure;
        if (next.failed > 0) input.triedBefore = next.failed;
        return { event: null, goOnAfter: next.afterMs, notQuick: command.nodeId };
      },
    );
  }

  /** What a step's activity said besides its end; the event that is left to act on. */
  #hearSaid(key: string, saying: Said): PlanEvent | null {
    this.#placement.learn(saying);
    const tried = this.#tried.get(key);
    this.#tried.delete(key);
    if (tried === undefined || saying.goOnAfter === undefined) return saying.event;
    const { command, input } = tried;
    if (tried.unwanted) {
      this.#rows.unshift(...input.rows);
      return { kind: 'cancelled', path: command.path };
    }
    const scope = this.#ordinary();
    const { goOnAfter } = saying;
    const step = (): Promise<Said> => this.#step(command, input);
    const work = scope.run(() => (goOnAfter > 0 ? sleep(goOnAfter).then(step) : step()));
    this.#track(key, input.rows, scope, work, (end) => failureEvent(command, command.path, end));
    return null;
  }

  /** A scope for ordinary work; the task at hand ends with it. */
  #ordinary(): CancellationScope {
    this.#timers.start();
    this.#placement.endRow();
    return new CancellationScope({ cancellable: true });
  }

  #step(command: RunStep, input: StepInput): Promise<Said> {
    return this.#work.step(command, input).then((result) => said(command.path, result));
  }

  #flushRows(waits: Waits['reason'] | undefined): void {
    const rows = this.#rows;
    this.#rows = [];
    const retryLater = (): null => null;
    const written = this.#work
      .local('Record states')
      .writeRows({ ...this.#at, rows, ...(waits === undefined ? {} : { waits }) })
      .then(() => null);
    this.#writes += 1;
    this.#track(`rows ${this.#writes}`, rows, null, written, retryLater);
  }

  #cancel(path: string): void {
    for (const [key, scope] of this.#inFlight) {
      if (key.split(' ')[1] !== path) continue;
      const tried = this.#tried.get(key);
      if (tried !== undefined) tried.unwanted = true;
      stop(scope);
    }
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
    await this.#work.local(`End: ${status}`).finishRun({ ...this.#at, status, error, outputs, rows, ...(parent === undefined ? {} : { parent }) });
    return { kind: 'finished', finish };
  }

  /** The run's row is already terminal: end without effect. */
  async #stopAll(): Promise<LoopEnd> {
    this.#timers.stop();
    for (const scope of this.#inFlight.values()) stop(scope);
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
    const quick = this.#placement.carry();
    return {
      state: this.#state,
      held: this.#held,
      ...this.#timers.carry(),
      rows: this.#rows,
      inbox: this.#inbox.flatMap(({ event }) => (event === null ? [] : [event])),
      ...(quick === undefined ? {} : { quick }),
    };
  }

  #describe(): void {
    setCurrentDetails(detailsOf(nodeTable(this.#input.plan, this.#state), this.#input.runUrl));
  }
}

/** Stops ordinary work, and says so in this process: its activity, if it is here, need not wait for its next heartbeat (infra/decisions/034). */
function stop(scope: CancellationScope | null): void {
  if (scope === null) return;
  scope.cancel();
  if (!workflowInfo().unsafe.isReplaying) steps.stopping();
}

/** Ordinary activities may take long and can be cancelled; all else is local. */
function isLong(command: Command): boolean {
  return command.kind === 'run-step' || command.kind === 'close-loop' || command.kind === 'undo' || isShared(command);
}

/** Many items of a loop in one activity. */
function isShared(command: Command): boolean {
  return command.kind === 'run-chunk' || command.kind === 'run-items';
}

/** Nothing of this step has begun before. */
function isFirst({ forgiven, after }: RunStep): boolean {
  return forgiven === undefined && after === undefined;
}

/** How an activity's failure reads to the planner. A group that could not be computed fails as a whole at its first node. */
function failureEvent(command: WorkCommand, path: string, end: { kind: 'cancelled' } | { kind: 'failed'; error: StepError }): PlanEvent {
  // What could not even be begun stands open in the rows; the run must end all the same.
  if (command.kind === 'undo') return { kind: 'undone', round: command.round, more: false };
  if (end.kind === 'cancelled') return { kind: 'cancelled', path };
  if (command.kind === 'close-iteration') return { kind: 'iteration-closed', path, index: command.index, error: end.error };
  if (command.kind === 'close-loop') return { kind: 'loop-closed', path, error: end.error };
  return { kind: 'failed', path, error: end.error };
}
