/** The runtime's and the API's side of waiting, under the oracle's virtual clock: timers, what is parked, and messages. */
import type { Command, Message, ParkFacts, PlanEvent } from '@hub/dag/planner';
import { durationOf } from '../../oracle/parking.ts';
import type { Behaviour, Definition, InterpretOptions, Script } from '../../oracle/types.ts';

/** Something that is going to happen. */
export interface Due {
  at: number;
  /** Its place in the order of one moment. */
  path: string;
  /** In flight for the planner, which may cancel it. */
  work?: true;
  /** The timer that it is. */
  timer?: string;
  /** Null: nothing reaches the planner. */
  events: () => PlanEvent | null;
}

type Timer = Extract<Command, { kind: 'start-timer' | 'start-timer-at' | 'stop-timer' | 'hold-timer' | 'release-timer' }>;
type Park = Extract<Command, { kind: 'park' }>;

export class DriveWaits {
  readonly #definition: Definition;
  readonly #script: Script;
  readonly #due: Due[];
  readonly #held = new Map<string, number>();
  /** The number of each message: one id has one number, however often it is sent. */
  readonly #numbers = new Map<string, number>();
  /** How a parked node ends when message `n` releases it. */
  readonly #ends = new Map<number, (path: string) => PlanEvent>();
  readonly #parked = new Map<string, ParkFacts['reason']>();

  constructor(definition: Definition, script: Script, due: Due[]) {
    this.#definition = definition;
    this.#script = script;
    this.#due = due;
  }

  /** What is sent to the run whatever it does. */
  disturb({ messages = [], pauses = [] }: InterpretOptions): void {
    for (const { at, messageId, path, signal, decision } of messages) {
      const events = (): PlanEvent | null =>
        signal === undefined ? this.#answer(messageId, path ?? '', decision) : this.#signal(messageId, signal, path);
      this.#due.push({ at, path: '', events });
    }
    pauses.forEach(({ at, until }, index) => {
      this.#due.push({ at, path: '', events: () => this.#message(`pause ${index}`, { kind: 'pause' }) });
      this.#due.push({ at: until, path: '', events: () => this.#message(`resume ${index}`, { kind: 'resume' }) });
    });
  }

  turn(command: Timer, now: number): void {
    const { key } = command;
    if (command.kind === 'start-timer') return this.#start(key, now + command.ms);
    if (command.kind === 'start-timer-at') return this.#start(key, Math.max(now, command.at));
    if (command.kind === 'release-timer') {
      const left = this.#held.get(key);
      this.#held.delete(key);
      return left === undefined ? undefined : this.#start(key, now + left);
    }
    const at = this.#due.findIndex((due) => due.timer === key);
    const [stopped] = at < 0 ? [] : this.#due.splice(at, 1);
    if (command.kind === 'hold-timer' && stopped !== undefined) this.#held.set(key, stopped.at - now);
  }

  #start(key: string, at: number): void {
    const path = key === 'run' ? '' : key.replace(/^(limit|remind):/, '');
    this.#due.push({ at, path, timer: key, events: () => ({ kind: 'timer', key }) });
  }

  /** The activity that opens a wait, an approval or a child run. */
  open({ path, nodeId }: Park, now: number): void {
    const behaviour = this.#script.behave(nodeId, path);
    const { type, config } = this.#node(nodeId);
    if (type === 'subworkflow' && config['wait'] === false) {
      const events = (): PlanEvent => ended(path, behaviour, behaviour.errorCode ?? 'step.failed');
      this.#due.push({ at: now + behaviour.durationMs, path, work: true, events });
      return;
    }
    const fails = behaviour.outcome === 'fail' && type !== 'subworkflow';
    const events = (): PlanEvent => (fails ? ended(path, behaviour, behaviour.errorCode ?? 'step.failed') : this.#park(path, nodeId, now, behaviour));
    this.#due.push({ at: now, path, work: true, events });
  }

  #park(path: string, nodeId: string, now: number, behaviour: Behaviour): PlanEvent {
    const { type, config } = this.#node(nodeId);
    if (type === 'subworkflow') {
      const events = (): PlanEvent => this.#message(`child ${path}`, { kind: 'child', path }, () => ended(path, behaviour, 'subworkflow.failed'));
      this.#due.push({ at: now + behaviour.durationMs, path, events });
      return this.parked(path, { reason: 'child', child: path });
    }
    if (config['for'] !== undefined || config['until'] !== undefined) {
      return this.parked(path, { reason: 'timer', at: now + (config['for'] === undefined ? behaviour.durationMs : durationOf(config['for'])) });
    }
    for (const { afterMs, messageId, signal, decision } of behaviour.messages ?? []) {
      const events = (): PlanEvent | null =>
        signal === undefined ? this.#answer(messageId, path, decision) : this.#signal(messageId, signal.name, signal.toPath ? path : undefined);
      this.#due.push({ at: now + afterMs, path, events });
    }
    const timeout = config['timeout'] === undefined ? {} : { at: now + durationOf(config['timeout']) };
    const key = config['key'] === undefined ? null : 'hash';
    if (type === 'approval') return this.parked(path, { reason: 'approval', ...timeout });
    return this.parked(path, { reason: 'signal', signal: { name: String(config['signal']), key }, ...timeout });
  }

  parked(path: string, facts: ParkFacts): PlanEvent {
    this.#parked.set(path, facts.reason);
    return { kind: 'parked', path, facts };
  }

  /** A step whose outcome nobody knows is parked, and answered by somebody. */
  unknown(path: string, now: number, { afterMs, decision }: NonNullable<Behaviour['unknown']>): PlanEvent {
    const events = (): PlanEvent | null => {
      if (this.#parked.get(path) !== 'unknown-outcome') return null;
      const error = { code: 'step.unknown-outcome', message: 'unknown', attempt: 1 };
      const end = (): PlanEvent => (decision === 'done' ? { kind: 'completed', path, port: 'out' } : { kind: 'failed', path, error });
      return this.#message(`unknown ${path}`, { kind: 'answer', path, ...(decision === 'retry' ? { again: true } : {}) }, end);
    };
    this.#due.push({ at: now + afterMs, path, events });
    return this.parked(path, { reason: 'unknown-outcome', lost: 1 });
  }

  /** What the activity that ends a parked node answers. */
  released({ path, by }: Extract<Command, { kind: 'release' }>): PlanEvent {
    const reason = this.#parked.get(path);
    this.forget(path);
    if (by === 'timer') return { kind: 'completed', path, port: reason === 'timer' ? 'out' : 'timeout' };
    const end = this.#ends.get(by);
    if (end === undefined) throw new Error(`${path} is released by message ${by}, which releases nothing.`);
    return end(path);
  }

  forget(path: string): void {
    this.#parked.delete(path);
  }

  #signal(messageId: string, name: string, path: string | undefined): PlanEvent {
    return this.#message(messageId, { kind: 'signal', name, ...(path === undefined ? {} : { path }) }, (to) => ({
      kind: 'completed',
      path: to,
      port: 'out',
    }));
  }

  /** The API refuses what does not wait. */
  #answer(messageId: string, path: string, decision = 'approved'): PlanEvent | null {
    if (this.#parked.get(path) !== 'approval') return null;
    return this.#message(messageId, { kind: 'answer', path }, (to) => ({ kind: 'completed', path: to, port: decision }));
  }

  #message(messageId: string, message: Omit<Message, 'n'>, end?: (path: string) => PlanEvent): PlanEvent {
    const n = this.#numbers.get(messageId) ?? this.#numbers.size + 1;
    this.#numbers.set(messageId, n);
    if (end !== undefined && !this.#ends.has(n)) this.#ends.set(n, end);
    return { kind: 'message', message: { n, ...message } };
  }

  #node(nodeId: string): Definition['nodes'][number] {
    const node = this.#definition.nodes.find(({ id }) => id === nodeId);
    if (node === undefined) throw new Error(`no node ${nodeId}`);
    return node;
  }
}

function ended(path: string, { outcome }: Behaviour, code: string): PlanEvent {
  return outcome === 'ok' ? { kind: 'completed', path, port: 'out' } : { kind: 'failed', path, error: { code, message: code, attempt: 1 } };
}
