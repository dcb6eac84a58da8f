import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  describe as describeProcess,
  isAlive,
  liveProcess,
  liveProcesses,
  parseStat,
  recordProcess,
  startTimeOf,
  stopProcess,
} from './process-table.mjs';

const dir = mkdtempSync(join(tmpdir(), 'hub-processes-'));
afterAll(() => rmSync(dir, { recursive: true }));

const startSleeper = (script = 'setInterval(() => {}, 1000); console.log("up")') => {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise<{ pid: number; startedAt: string; ended: Promise<unknown> }>((done) => {
    const ended = new Promise((end) => child.once('exit', (code, signal) => end(signal ?? code)));
    child.stdout.once('data', () => done({ pid: Number(child.pid), startedAt: startTimeOf(Number(child.pid)) ?? '', ended }));
  });
};

describe('a pid', () => {
  it('counts as ours only with its start time', async () => {
    const sleeper = await startSleeper();
    recordProcess(dir, 'one', sleeper.pid, { port: 5 });
    expect(liveProcess(dir, 'one')).toMatchObject({ name: 'one', pid: sleeper.pid, port: 5 });
    // The same number after a reuse: another start time.
    const reused = { pid: sleeper.pid, startedAt: 'another time' };
    expect(isAlive(reused)).toBe(false);
    expect(await stopProcess(reused)).toBe('gone');
    expect(isAlive(sleeper)).toBe(true);
    expect(await stopProcess(sleeper, { graceMs: 5000 })).toBe('stopped');
    expect(await sleeper.ended).toBe('SIGTERM');
  });

  it('of a process that is gone removes its record', async () => {
    const sleeper = await startSleeper();
    recordProcess(dir, 'two', sleeper.pid);
    await stopProcess(sleeper);
    await sleeper.ended;
    expect(liveProcess(dir, 'two')).toBeUndefined();
    expect(readdirSync(dir)).not.toContain('two.json');
  });

  it('that does not listen is killed when its grace is over', async () => {
    const deaf = await startSleeper('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")');
    expect(await stopProcess(deaf, { graceMs: 200 })).toBe('killed');
    expect(await deaf.ended).toBe('SIGKILL');
  });

  it('in a damaged record is nobody', () => {
    for (const [name, text] of Object.entries({ a: '', b: '{"pid": 1', c: '{"pid": "1", "startedAt": 2}', d: '[]' }))
      writeFileSync(join(dir, `${name}.json`), text);
    expect(liveProcesses(dir)).toEqual([]);
    expect(liveProcesses(join(dir, 'nowhere'))).toEqual([]);
  });

  it('is described by command and parent', () => {
    expect(describeProcess(process.pid)?.parent).toBe(process.ppid);
    expect(describeProcess(2 ** 30)).toBeUndefined();
  });
});

describe('the line of /proc/<pid>/stat', () => {
  const after = 'S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20';
  it('is cut behind a command name with brackets and blanks', () => {
    expect(parseStat(`77 (we ) ird (x)) ${after}`, 'b')).toBe('b:4242');
  });
  it('of a zombie is nobody', () => {
    expect(parseStat(`77 (x) Z${after.slice(1)}`, 'b')).toBeUndefined();
  });
});
