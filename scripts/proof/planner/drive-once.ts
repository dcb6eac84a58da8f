/** Every piece of work is asked for once. */
import type { Command } from '@hub/dag/planner';

/** Commands that change nothing when they come again. */
const repeatable: ReadonlySet<Command['kind']> = new Set(['write-rows', 'run-waits', 'stop-timer', 'hold-timer', 'release-timer']);

export class Once {
  readonly #said = new Set<string>();

  /** Throws where a command comes again. */
  say(command: Command, now: number): void {
    if (repeatable.has(command.kind)) return;
    const key = JSON.stringify([
      command.kind,
      'path' in command ? command.path : '',
      'index' in command ? command.index : '',
      'scope' in command ? [command.scope, command.group] : '',
      'from' in command ? command.from : '',
      'key' in command ? [command.key, now] : '',
      'forgiven' in command ? command.forgiven : '',
    ]);
    if (this.#said.has(key)) throw new Error(`The command ${key} came twice.`);
    this.#said.add(key);
  }
}
