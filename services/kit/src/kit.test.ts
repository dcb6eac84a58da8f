import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { readEnv, tellStartFault } from './env.ts';
import { BugError, TransientError, UserError, toProblem } from './errors.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { onShutdown } from './shutdown.ts';

const quiet = { info: () => undefined, error: () => undefined };

describe('a process that cannot start', () => {
  it('tells what its operator can mend in words, and gives the code by which nobody starts it again', () => {
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    expect(tellStartFault(new UserError('env.invalid', 'PORT is wrong.', { remedy: 'Set it.' }), say)).toBe(78);
    expect(tellStartFault(new Error('our own'), say)).toBe(1);
    expect([said[0], said[1]?.split('\n')[0]]).toEqual(['PORT is wrong.\nSet it.', 'Error: our own']);
  });
});

describe('readEnv', () => {
  const schema = z.object({
    PORT: z.coerce.number().int().max(65_535),
    HUB_SESSION_KEY: z.string().min(40).describe('base64 of 32 bytes'),
    MODE: z.enum(['a', 'b']).optional(),
  });

  it('names all faults together and never a value', () => {
    try {
      readEnv(schema, { PORT: '99999999', MODE: 'my-secret-mode' });
      expect.unreachable();
    } catch (error) {
      const text = String(error);
      expect(text).toContain('PORT');
      expect(text).toContain('HUB_SESSION_KEY: is not set (base64 of 32 bytes)');
      expect(text).toContain('MODE: wants one of a, b');
      expect(text).not.toContain('my-secret-mode');
      expect(text).not.toContain('99999999');
    }
  });

  it('reads what is right and takes empty as not set', () => {
    expect(readEnv(schema, { PORT: '80', HUB_SESSION_KEY: 'k'.repeat(44), MODE: '', OTHER: 'x' })).toEqual({
      PORT: 80,
      HUB_SESSION_KEY: 'k'.repeat(44),
    });
  });
});

describe('toProblem', () => {
  it('gives each kind its status and hides bugs', () => {
    const details = [{ path: '/nodes/0', code: 'graph.cycle', message: 'a cycle', nodeId: 'a' }];
    expect(toProblem(new UserError('graph.invalid', 'no', { status: 422, details, remedy: 'fix it' }))).toMatchObject({
      status: 422,
      code: 'graph.invalid',
      errors: details,
      remedy: 'fix it',
    });
    expect(toProblem(new TransientError('model.overloaded', 'busy')).status).toBe(503);
    for (const error of [new BugError('x.y', 'secret'), new Error('secret'), 'secret', null]) {
      expect(toProblem(error)).toMatchObject({ status: 500, code: 'internal' });
      expect(JSON.stringify(toProblem(error))).not.toContain('secret');
    }
  });
});

describe('createLog', () => {
  it('takes secrets out by name at three depths', () => {
    const lines: string[] = [];
    const log = createLog({ name: 'test', destination: { write: (line: string) => lines.push(line) } });
    log.info({ password: 'S1', headers: { authorization: 'S2', cookie: 'S3' }, req: { headers: { 'x-api-key': 'S4' } }, kept: 'fine' }, 'hello');
    log.error({ err: new UserError('a.b', 'message', { cause: new Error('deeper') }) }, 'failed');
    expect(lines.join('')).not.toMatch(/S[1-4]/);
    expect(lines[0]).toContain('fine');
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ err: { code: 'a.b', status: 400, cause: { message: 'deeper' } } });
  });
});

describe('createMetrics', () => {
  it('prints counters, gauges and histograms of its own registry', async () => {
    const metrics = createMetrics({ processName: 'test', defaults: false });
    metrics.counter('runs_total', 'Runs', ['status']).inc({ status: 'ok' });
    metrics.gauge('slots', 'Slots', [], () => 7);
    metrics.histogram('step_seconds', 'Steps').observe(0.2);
    const text = await metrics.text();
    expect(text).toContain('hub_runs_total{status="ok",process="test"} 1');
    expect(text).toMatch(/hub_slots\{process="test"\} 7/);
    expect(text).toContain('hub_step_seconds_count');
  });
});

describe('onShutdown', () => {
  function start(steps: { name: string; run: () => Promise<void> | void }[], timeoutMs = 1_000) {
    const ended = Promise.withResolvers<number>();
    const end = onShutdown({ timeoutMs, log: quiet, steps, exit: ended.resolve, on: () => undefined });
    return { end, code: ended.promise };
  }

  it('runs the steps in order, once, and exits 0', async () => {
    const seen: string[] = [];
    const { end, code } = start([
      { name: 'a', run: () => void seen.push('a') },
      { name: 'b', run: async () => void seen.push('b') },
    ]);
    void end('test');
    void end('again');
    expect(await code).toBe(0);
    expect(seen).toEqual(['a', 'b']);
  });

  it('goes on after a failing step and exits 1, also when a step hangs', async () => {
    const seen: string[] = [];
    const failing = start([
      {
        name: 'a',
        run: () => {
          throw new Error('x');
        },
      },
      { name: 'b', run: () => void seen.push('b') },
    ]);
    void failing.end('test');
    expect(await failing.code).toBe(1);
    expect(seen).toEqual(['b']);
    const hanging = start([{ name: 'a', run: () => new Promise<void>(() => undefined) }], 5);
    void hanging.end('test');
    expect(await hanging.code).toBe(1);
  });
});
