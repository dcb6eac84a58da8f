/** The timers of a run, by key and absolute time: they are carried over continue-as-new, and one may be held while its time does not count. */
import type { Command } from '@hub/dag/planner';
import { CancellationScope, sleep } from '@temporalio/workflow';
import type { CarriedState } from './types.ts';

type Timer = Extract<Command, { kind: 'start-timer' | 'start-timer-at' | 'stop-timer' | 'hold-timer' | 'release-timer' }>;

/** True for what `Timers.turn` takes. */
export function isTimer(command: Command): command is Timer {
  return command.kind.endsWith('-timer') || command.kind === 'start-timer-at';
}

export class Timers {
  readonly #fire: (key: string) => void;
  /** Ms since the epoch. */
  readonly #deadlines = new Map<string, number>();
  /** Held: ms left. */
  readonly #kept = new Map<string, number>();
  readonly #clocks = new Map<string, CancellationScope>();
  #unstarted: string[] = [];

  constructor(fire: (key: string) => void) {
    this.#fire = fire;
  }

  load({ deadlines, kept }: CarriedState): void {
    for (const { key, at } of deadlines) this.#set(key, at);
    for (const { key, left } of kept ?? []) this.#kept.set(key, left);
  }

  carry(): Pick<CarriedState, 'deadlines' | 'kept'> {
    const deadlines = [...this.#deadlines].map(([key, at]) => ({ key, at }));
    return { deadlines, kept: [...this.#kept].map(([key, left]) => ({ key, left })) };
  }

  /** Does what a command says. A timer's time counts from here; its clock begins with `start`. */
  turn(command: Timer): void {
    const { key } = command;
    const now = Date.now();
    switch (command.kind) {
      case 'start-timer':
        return this.#set(key, now + command.ms);
      case 'start-timer-at':
        return this.#set(key, command.at);
      case 'stop-timer':
        return this.#drop(key);
      case 'hold-timer': {
        const at = this.#deadlines.get(key);
        this.#drop(key);
        if (at !== undefined) this.#kept.set(key, Math.max(0, at - now));
        return;
      }
      case 'release-timer': {
        const left = this.#kept.get(key);
        this.#kept.delete(key);
        if (left !== undefined) this.#set(key, now + left);
      }
    }
  }

  /** Begins the clocks of what was set: with the first work that may take long, or with the second turn, so that the shortest runs need none. */
  start(): void {
    if (this.#unstarted.length === 0) return;
    for (const key of this.#unstarted.splice(0)) this.#begin(key, (this.#deadlines.get(key) ?? 0) - Date.now());
  }

  /** Ends the clocks; the deadlines stay. */
  stop(): void {
    for (const clock of this.#clocks.values()) clock.cancel();
    this.#clocks.clear();
  }

  #begin(key: string, ms: number): void {
    const clock = new CancellationScope();
    this.#clocks.set(key, clock);
    void clock
      .run(() => sleep(Math.max(1, ms)))
      .then(
        () => {
          if (this.#clocks.get(key) !== clock) return;
          this.#clocks.delete(key);
          this.#deadlines.delete(key);
          this.#fire(key);
        },
        () => undefined,
      );
  }

  #set(key: string, at: number): void {
    if (this.#deadlines.has(key)) return;
    this.#deadlines.set(key, at);
    this.#unstarted.push(key);
  }

  #drop(key: string): void {
    this.#deadlines.delete(key);
    this.#kept.delete(key);
    this.#unstarted = this.#unstarted.filter((other) => other !== key);
    this.#clocks.get(key)?.cancel();
    this.#clocks.delete(key);
  }
}
