/**
 * What a proof or a bench started ends with it: after the last line, on Ctrl-C, at a time limit's SIGTERM, and when it is killed with -9. Every process
 * and folder is told to a keeper, a process of its own that holds a pipe to us; when the pipe closes it ends and removes what is left.
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTimeOf } from '../../bootstrap/process-table.mjs';

/** A line of JSON to the keeper. */
export interface KeptProcess {
  pid: number;
  startedAt: string;
  /** What it is told first; SIGKILL unless it keeps things of its own that it alone can end. */
  signal: NodeJS.Signals;
  /** Time until it is killed, in ms. */
  graceMs: number;
}

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let keeper: { child: ChildProcess; ended: Promise<void> } | undefined;
let stopping = false;
let lastWord: (() => string) | undefined;

/** Notes a process. Call it in the same turn as the start: nothing may come in between. While we are being stopped it is killed at once. */
export function keep(pid: number | undefined, how: { signal?: NodeJS.Signals; graceMs?: number } = {}): void {
  if (pid === undefined) return;
  const startedAt = startTimeOf(pid);
  if (startedAt === undefined) return;
  if (stopping) process.kill(pid, 'SIGKILL');
  else tell({ pid, startedAt, signal: how.signal ?? 'SIGKILL', graceMs: how.graceMs ?? 5_000 } satisfies KeptProcess);
}

/** `onSpawn` of `launchHub`: the launcher needs a while to stop a hub in order. */
export const keepHub = (pid: number): void => keep(pid, { signal: 'SIGTERM', graceMs: 60_000 });

/** `spawn`, kept. */
export function spawnKept(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  keep(child.pid);
  return child;
}

/** A new folder for temporary files, kept. */
export function keptFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  keepFolder(folder);
  return folder;
}

/** Notes a folder; it is removed after the processes have ended. */
export function keepFolder(folder: string): void {
  tell({ folder });
}

/** What is printed where a signal ends us before the end: how far it came. */
export function onStop(say: () => string): void {
  lastWord = say;
}

/** Ends and removes all that is left; resolves when it is gone. */
export async function endKept(): Promise<void> {
  keeper?.child.ref();
  keeper?.child.stdin?.end();
  await keeper?.ended;
  if (!stopping) keeper = undefined;
}

function tell(what: object): void {
  keeper ??= startKeeper();
  keeper.child.stdin?.write(`${JSON.stringify(what)}\n`);
}

function startKeeper(): { child: ChildProcess; ended: Promise<void> } {
  // Out of our group: a Ctrl-C at the terminal and a time limit's signal reach us alone.
  const child = spawn(process.execPath, [fileURLToPath(new URL('./keeper.ts', import.meta.url))], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  child.unref();
  child.stdin?.on('error', () => undefined);
  (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  for (const signal of endSignals) process.on(signal, onSignal);
  return { child, ended };
}

/** One stop reaches us several times (from the terminal or `timeout`, from npm, from the launcher): the first counts. */
function onSignal(signal: NodeJS.Signals): void {
  if (stopping) return;
  stopping = true;
  console.error(`\n${signal}: stopping everything that was started.`);
  if (lastWord !== undefined) console.log(lastWord());
  void endKept().finally(() => process.exit(128 + constants.signals[signal]));
}
