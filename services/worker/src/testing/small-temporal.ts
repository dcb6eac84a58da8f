/**
 * A small Temporal for tests of the interpreter: one workflow, its history, and tasks that are lost at any moment with what their local activities
 * have already done. The interpreter and the activities are the true ones; `stand` takes the place of `@temporalio/workflow`.
 */
import type { Message } from '@hub/dag/planner';

type Outcome = { ok: true; value: unknown } | { ok: false; failure: unknown };
type Recorded =
  | { kind: 'messages'; messages: Message[] }
  | { kind: 'cancel' }
  | { kind: 'task'; length: number }
  | { kind: 'local' | 'ordinary'; seq: number; outcome: Outcome }
  | { kind: 'timer'; seq: number };

interface Call {
  seq: number;
  name: string;
  input: unknown;
  settle: (outcome: Outcome) => void;
}

/** How one execution ended. */
export type Ended = { kind: 'returned' } | { kind: 'threw'; failure: unknown } | { kind: 'continued'; input: unknown };

class Continued {
  readonly input: unknown;
  constructor(input: unknown) {
    this.input = input;
  }
}

const mostSetBacks = 50;

/** What crosses between workflow and server is JSON. */
const plain = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

/** One execution in a worker's memory. */
class Execution {
  readonly locals = new Map<number, Call>();
  readonly ordinary = new Map<number, Call>();
  readonly timers = new Map<number, { ms: number; fire: () => void }>();
  readonly conditions = new Set<{ holds: () => boolean; go: () => void }>();
  hear: (messages: Message[]) => void = () => undefined;
  cancel: () => void = () => undefined;
  readonly cancelRequested = new Promise<void>((_, reject) => {
    this.cancel = () => reject(new Error('cancelled'));
  });
  historyLength = 3;
  ended: Ended | null = null;
  #seq = 0;

  constructor() {
    this.cancelRequested.catch(() => undefined);
  }

  async begin(workflow: (input: never) => Promise<void>, input: unknown): Promise<void> {
    enter(this);
    void workflow(plain(input) as never).then(
      () => (this.ended = { kind: 'returned' }),
      (failure: unknown) => (this.ended = failure instanceof Continued ? { kind: 'continued', input: failure.input } : { kind: 'threw', failure }),
    );
    await this.#rest();
  }

  async apply(event: Recorded): Promise<void> {
    enter(this);
    if (event.kind === 'messages') this.hear(plain(event.messages));
    else if (event.kind === 'cancel') this.cancel();
    else if (event.kind === 'task') this.historyLength = event.length;
    else if (event.kind === 'timer') {
      this.timers.get(event.seq)?.fire();
      this.timers.delete(event.seq);
    } else {
      const calls = event.kind === 'local' ? this.locals : this.ordinary;
      const call = calls.get(event.seq);
      if (call === undefined) throw new Error(`The history has an answer to nothing: ${event.kind} ${event.seq}`);
      calls.delete(event.seq);
      call.settle(event.outcome.ok ? { ok: true, value: plain(event.outcome.value) } : event.outcome);
    }
    await this.#rest();
  }

  call(calls: Map<number, Call>, name: string, input: unknown): Promise<unknown> {
    const seq = (this.#seq += 1);
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome): void => (outcome.ok ? resolve(outcome.value) : reject(outcome.failure as Error));
      calls.set(seq, { seq, name, input: plain(input), settle });
    });
  }

  sleep(ms: number, scope: Scope | null): Promise<void> {
    const seq = (this.#seq += 1);
    return new Promise((resolve, reject) => {
      this.timers.set(seq, { ms, fire: resolve });
      scope?.onCancel(() => {
        this.timers.delete(seq);
        reject(new Error('cancelled'));
      });
    });
  }

  /** Lets it run until nothing more follows. */
  async #rest(): Promise<void> {
    await settled();
    for (let open = [...this.conditions].find(({ holds }) => holds()); open !== undefined; open = [...this.conditions].find(({ holds }) => holds())) {
      this.conditions.delete(open);
      open.go();
      await settled();
    }
  }
}

/** Whose code runs at the moment. */
let current = new Execution();
let inside: Scope | null = null;

function enter(execution: Execution): void {
  current = execution;
}

function within<T>(scope: Scope, work: () => T): T {
  inside = scope;
  try {
    return work();
  } finally {
    inside = null;
  }
}

class Scope {
  readonly cancelRequested = new Promise<void>(() => undefined);
  readonly #ends: (() => void)[] = [];
  static current(): { cancelRequested: Promise<void> } {
    return current;
  }
  static nonCancellable<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
  run<T>(work: () => Promise<T>): Promise<T> {
    return within(this, work);
  }
  onCancel(end: () => void): void {
    this.#ends.push(end);
  }
  cancel(): void {
    for (const end of this.#ends.splice(0)) end();
  }
}

const calling = (calls: () => Map<number, Call>): unknown => {
  const made = current;
  return new Proxy({}, { get: (_, name) => (input: unknown) => made.call(calls(), String(name), input) });
};

/** What the workflow code finds instead of `@temporalio/workflow`. */
export const stand = {
  CancellationScope: Scope,
  condition: (holds: () => boolean): Promise<void> => (holds() ? Promise.resolve() : new Promise((go) => void current.conditions.add({ holds, go }))),
  sleep: (ms: number): Promise<void> => current.sleep(ms, inside),
  proxyLocalActivities: (): unknown => calling(() => current.locals),
  proxyActivities: (): unknown => calling(() => current.ordinary),
  setCurrentDetails: (): void => undefined,
  workflowInfo: () => ({
    historyLength: current.historyLength,
    historySize: 0,
    continueAsNewSuggested: false,
    typedSearchAttributes: { updateCopy: () => ({}) },
  }),
  defineSignal: (name: string): string => name,
  setHandler: (_: string, handler: (messages: Message[]) => void): void => {
    current.hear = handler;
  },
  makeContinueAsNewFunc:
    () =>
    (input: unknown): never => {
      throw new Continued(plain(input));
    },
};

export interface SmallTemporalOptions {
  workflow: (input: never) => Promise<void>;
  input: unknown;
  activities: Record<string, (input: never) => Promise<unknown>>;
  /** 0 to 1; the same seed gives the same story. */
  chance: () => number;
  /** Of a task to be lost, per local activity. */
  loss: number;
  /**
   * Of a delivery to be written in the history and not applied to the execution in memory (decision 023). A run that hangs then, or whose history does not
   * fit it, is set back to its first task, as the reconciler does.
   */
  deaf?: number;
  /** Timers up to this long may fire. */
  shortMs: number;
}

/** The server's side: what is written in the history is never lost, all else may be. */
export class SmallTemporal {
  readonly #options: SmallTemporalOptions;
  #input: unknown;
  #history: Recorded[] = [];
  #buffered: Recorded[] = [];
  /** What the last whole task left with the server. */
  #timers = new Map<number, number>();
  #ordinary = new Map<number, Call>();
  #lost = 0;
  #deafTimes = 0;
  #setBacks = 0;
  #executions = 1;
  #said: Message[] = [];
  #broke: unknown;

  constructor(options: SmallTemporalOptions) {
    this.#options = options;
    this.#input = options.input;
  }

  get figures(): { lost: number; executions: number; setBacks: number } {
    return { lost: this.#lost, executions: this.#executions, setBacks: this.#setBacks };
  }

  /** A signal of the workflow; now and then what was said comes again, as the sweep sends it. */
  signal(messages: Message[]): void {
    this.#said.push(...messages);
    this.#buffered.push({ kind: 'messages', messages });
    if (this.#options.chance() < 0.1)
      this.#buffered.push({ kind: 'messages', messages: this.#said.filter(() => this.#options.chance() < 0.3).toReversed() });
  }

  cancel(): void {
    this.#buffered.push({ kind: 'cancel' });
  }

  /** Runs to the end. `outside` is asked whenever something may happen there; it answers false when nothing is left to happen. Throws where the run hangs. */
  async run(outside: () => Promise<boolean>): Promise<Ended> {
    for (let tasks = 0; tasks < 3_000; tasks += 1) {
      const ended = await this.#onward(outside);
      if (ended === null) continue;
      if (ended.kind !== 'continued') return ended;
      [this.#input] = [ended.input];
      this.#executions += 1;
      [this.#history, this.#timers, this.#ordinary] = [[], new Map(), new Map()];
    }
    throw new Error('The run does not come to its end.', { cause: this.#broke });
  }

  /** A replay and what follows; null: the execution is to be taken up again. */
  async #onward(outside: () => Promise<boolean>): Promise<Ended | null> {
    try {
      return await this.#task(await this.#replay(), outside);
    } catch (failure) {
      if (this.#deafTimes === 0 || this.#setBacks === mostSetBacks) throw failure;
      this.#setBack();
      return null;
    }
  }

  /** What was said to the run is said again, as the sweep tells it (an execution before this one may not have heard it); all else begins anew. */
  #setBack(): void {
    this.#setBacks += 1;
    this.#buffered = [...this.#history, { kind: 'messages' as const, messages: this.#said }, ...this.#buffered].filter(
      ({ kind }) => kind === 'messages' || kind === 'cancel',
    );
    [this.#history, this.#timers, this.#ordinary] = [[], new Map(), new Map()];
  }

  async #replay(): Promise<Execution> {
    const execution = new Execution();
    await execution.begin(this.#options.workflow, this.#input);
    for (const event of this.#history) await execution.apply(event);
    return execution;
  }

  /** One workflow task after another of an execution in memory, until it ends or is lost (null). */
  async #task(execution: Execution, outside: () => Promise<boolean>): Promise<Ended | null> {
    const { chance, loss, activities } = this.#options;
    for (;;) {
      await this.#hand(execution);
      // What was done since the history was last written.
      const fresh: Recorded[] = [];
      while (execution.locals.size > 0 && execution.ended === null) {
        const calls = [...execution.locals.values()];
        const call = calls[Math.floor(chance() * calls.length)];
        if (call === undefined) break;
        const outcome = await this.#perform(activities, call);
        if (chance() < 0.4) await outside();
        if (outcome === null || chance() < loss) return this.#lose();
        const event: Recorded = { kind: 'local', seq: call.seq, outcome };
        await execution.apply(event);
        fresh.push(event);
        // A task that takes long is written in between, and hears what came.
        if (execution.ended === null && chance() < 0.15) {
          this.#history.push(...fresh.splice(0));
          await this.#hand(execution);
        }
      }
      if (execution.ended?.kind === 'threw' && !(execution.ended.failure instanceof Error && 'category' in execution.ended.failure))
        throw execution.ended.failure;
      // The server takes no end of an execution that has not heard everything.
      if (execution.ended !== null && this.#buffered.length > 0) return this.#lose();
      this.#history.push(...fresh);
      if (execution.ended !== null) return execution.ended;
      this.#timers = new Map([...execution.timers].map(([seq, { ms }]) => [seq, ms]));
      this.#ordinary = new Map(execution.ordinary);
      await this.#wait(outside);
      if (chance() < 0.2) return null;
    }
  }

  #lose(): null {
    this.#lost += 1;
    return null;
  }

  /** Begins a task with what came since the last one: all that was said first, and at once, as an activation brings it. */
  async #hand(execution: Execution): Promise<void> {
    const { chance, deaf = 0 } = this.#options;
    const events = this.#buffered.splice(0);
    const messages = events.flatMap((event) => (event.kind === 'messages' ? event.messages : []));
    const length = 3 + 2 * (this.#history.length + events.length);
    const said: Recorded[] = messages.length > 0 ? [{ kind: 'messages', messages }] : [];
    for (const event of [{ kind: 'task', length } as const, ...said, ...events.filter(({ kind }) => kind !== 'messages')]) {
      if (event.kind === 'timer' && !execution.timers.has(event.seq)) continue;
      this.#history.push(event);
      if (event.kind === 'messages' && chance() < deaf) this.#deafTimes += 1;
      else await execution.apply(event);
    }
  }

  /** Between tasks: ordinary activities end, short timers fire, the outside acts. */
  async #wait(outside: () => Promise<boolean>): Promise<void> {
    const { chance, activities, shortMs } = this.#options;
    while (this.#buffered.length === 0) {
      const call = [...this.#ordinary.values()][0];
      if (call !== undefined) {
        const outcome = await this.#perform(activities, call);
        if (outcome === null) continue;
        this.#ordinary.delete(call.seq);
        this.#buffered.push({ kind: 'ordinary', seq: call.seq, outcome });
        return;
      }
      const acted = await outside();
      if (this.#buffered.length > 0 && chance() < 0.7) return;
      const due = [...this.#timers].filter(([, ms]) => ms <= shortMs);
      const timer = due[Math.floor(chance() * due.length)];
      if (timer !== undefined && (!acted || chance() < 0.3)) {
        this.#timers.delete(timer[0]);
        this.#buffered.push({ kind: 'timer', seq: timer[0] });
      } else if (!acted && this.#buffered.length === 0) throw new Error('The run hangs: nothing is under way and nothing will come.');
    }
  }

  /** Null: it broke in the middle, and is done again. */
  async #perform(activities: SmallTemporalOptions['activities'], { name, input }: Call): Promise<Outcome | null> {
    const activity = activities[name];
    if (activity === undefined) throw new Error(`There is no activity ${name}.`);
    try {
      return { ok: true, value: await activity(input as never) };
    } catch (failure) {
      if ((failure as { nonRetryable?: boolean }).nonRetryable === true) return { ok: false, failure };
      this.#broke = failure;
      return null;
    }
  }
}
