import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterEach, expect, it, vi } from 'vitest';
import { startTimeOf } from '../../bootstrap/process-table.mjs';

const kept = new URL('./kept.ts', import.meta.url).href;
/** A proof with three processes (one deaf to SIGTERM, one in a group of its own, one that is asked first) and a folder; it says what they are. */
const proof = `
  import { keep, keptFolder, spawnKept } from ${JSON.stringify(kept)};
  import { spawn } from 'node:child_process';
  const node = (script, options = {}) => [process.execPath, ['-e', script + ';setInterval(() => {}, 1000)'], { stdio: 'ignore', ...options }];
  const deaf = spawnKept(...node('process.on("SIGTERM", () => {})'));
  const server = spawnKept(...node('', { detached: true }));
  const asked = spawn(...node(''));
  keep(asked.pid, { signal: 'SIGTERM' });
  console.log(JSON.stringify({ pids: [deaf.pid, server.pid, asked.pid], folder: keptFolder('hub-kept-test-') }));
`;
const started: ChildProcess[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

async function start(rest: string): Promise<{ child: ChildProcess; pids: number[]; folder: string; ended: Promise<unknown[]> }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', proof + rest], { stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) return { child, ended, ...JSON.parse(line) };
  throw new Error('It said nothing.');
}

const gone = (pids: number[], folder: string): boolean => !existsSync(folder) && pids.every((pid) => startTimeOf(pid) === undefined);

it('a proof that is stopped, by a signal that comes twice, ends only when all it started has ended', async () => {
  const { child, pids, folder, ended } = await start('setInterval(() => {}, 1000);');
  child.kill('SIGTERM');
  child.kill('SIGTERM');
  expect(await ended).toEqual([143, null]);
  expect(gone(pids, folder)).toBe(true);
});

it('a proof that is killed with -9 leaves nothing behind either', async () => {
  const { child, pids, folder, ended } = await start('setInterval(() => {}, 1000);');
  child.kill('SIGKILL');
  await ended;
  await vi.waitFor(() => expect(gone(pids, folder)).toBe(true), 60_000);
});

it('a proof that just comes to its end takes its keeper and its folder with it', async () => {
  const { pids, folder, ended } = await start('');
  // Its children hold it open, nothing of the keeper does.
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  expect(await ended).toEqual([0, null]);
  await vi.waitFor(() => expect(gone(pids, folder)).toBe(true), 60_000);
});

it('what is started while the proof is being stopped is killed at once', async () => {
  const { child, ended } = await start(
    `process.on('SIGTERM', () => { const late = spawnKept(...node('')); late.once('exit', (code, signal) => process.stdout.write(JSON.stringify(signal) + '\\n')); });`,
  );
  let said = '';
  child.stdout?.on('data', (chunk) => (said += String(chunk)));
  child.stdout?.resume();
  child.kill('SIGTERM');
  await ended;
  expect(said.trim()).toBe('"SIGKILL"');
});

it('a proof that a time limit ends says how far it came', async () => {
  const { child, ended } = await start(`const { onStop } = await import(${JSON.stringify(kept)}); onStop(() => 'kill 7 of 60');`);
  let said = '';
  child.stdout?.on('data', (chunk) => (said += String(chunk)));
  child.stdout?.resume();
  child.kill('SIGTERM');
  await ended;
  expect(said.trim()).toBe('kill 7 of 60');
});
