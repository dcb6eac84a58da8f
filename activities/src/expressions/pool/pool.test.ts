import { execFileSync } from 'node:child_process';
import { getPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { hostileCases } from '../hostile-cases.ts';
import { judge } from '../judge-hostile.ts';
import { createExpressionPool } from './index.ts';
import { childFlags } from './permissions.ts';
import type { DataWire, ExpressionPool } from './index.ts';

const data: DataWire = {
  values: { input: '{"a":[1,2,3],"x":null}', index: '2' },
  reads: [
    { id: 'n', path: 'n', as: 'row' },
    { id: 'bad', path: 'bad', as: 'null', error: { code: 'a.b', message: 'no', attempt: 2 } },
  ],
  texts: { 'row n': '{"v":"text"}' },
};

let pool: ExpressionPool;
beforeAll(async () => {
  pool = createExpressionPool({ size: 1 });
  await pool.ready();
});
afterAll(async () => await pool.close());

async function evaluate(text: string): Promise<unknown> {
  return JSON.parse((await pool.run({ kind: 'expression', data, strict: false, text })).valueText);
}

describe('a child of the pool', () => {
  it('sees the names, the nodes and their errors', async () => {
    expect(await evaluate('[input.a[1], index, nodes.n.output.v, nodes.bad.error.code, nodes.bad.error.attempt]')).toEqual([2, 2, 'text', 'a.b', 2]);
  });

  it('has no files, processes, network, environment or code from strings', async () => {
    // What runs beside the engines in there; were they ever left, this is all there is.
    const probe = new URL('testing/probe-child.ts', import.meta.url);
    const answer = execFileSync(process.execPath, [...childFlags(), probe.pathname], { env: {}, encoding: 'utf8' });
    const said = JSON.parse(answer) as Record<string, string>;
    expect(Object.keys(said).length).toBeGreaterThan(15);
    for (const [tried, got] of Object.entries(said)) expect(got, tried).toMatch(/^refused/);
  });

  it('fills templates and leaves literal pointers alone', async () => {
    const valueText = '{"a":"{{ $sum(input.a) }}","sql":"{{ input.a }}"}';
    const { valueText: filled } = await pool.run({ kind: 'resolve', data, strict: false, valueText, literal: ['/sql'] });
    expect(filled).toBe('{"a":6,"sql":"{{ input.a }}"}');
  });

  it('passes strictness and warnings on', async () => {
    expect((await pool.run({ kind: 'expression', data, strict: false, text: 'input.none' })).warnings).toMatchObject([
      { code: 'expression.missing' },
    ]);
    await expect(pool.run({ kind: 'expression', data, strict: true, text: 'input.none' })).rejects.toMatchObject({
      code: 'expression.missing',
      kind: 'user',
    });
  });

  it('runs code with the whole context, and says which line threw', async () => {
    const run = async (source: string): Promise<string> => (await pool.run({ kind: 'code', data, source, timeoutMs: 5_000 })).valueText;
    expect(
      await run(
        'const { input, nodes, index } = ctx; return { sum: input.a.reduce((s, n) => s + n), v: nodes.n.output.v, code: nodes.bad.error.code, index }',
      ),
    ).toBe('{"sum":6,"v":"text","code":"a.b","index":2}');
    expect(await run('await Promise.all([1, 2].map(async (n) => n)); return [..."é𝄞"].length')).toBe('2');
    await expect(run('\n\nnull.x')).rejects.toMatchObject({
      code: 'code.threw',
      kind: 'transient',
      message: expect.stringContaining('line 3') as string,
    });
  });

  it('refuses values over 32 MB on the way in and out', async () => {
    const large = { ...data, values: { input: JSON.stringify('x'.repeat(33 * 1024 * 1024)) } };
    await expect(pool.run({ kind: 'expression', data: large, strict: false, text: 'input' })).rejects.toMatchObject({ code: 'expression.too-large' });
    await expect(evaluate("$pad('x', 34000000)")).rejects.toMatchObject({ code: 'expression.too-large' });
  });

  it('gives up a job that waits, and kills one that runs, when it is cancelled', async () => {
    const stop = new AbortController();
    const running = pool.run(
      { kind: 'expression', data, strict: false, text: '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)' },
      { signal: stop.signal },
    );
    const waiting = pool.run({ kind: 'ping' }, { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'expression.cancelled' });
    await expect(running).rejects.toMatchObject({ code: 'expression.cancelled' });
    expect(await evaluate('1 + 1')).toBe(2);
  });

  it('does not let an expression wait behind code that computes', async () => {
    const stop = new AbortController();
    const computing = pool.run({ kind: 'code', data, source: 'for (;;);', timeoutMs: 60_000 }, { timeoutMs: 60_000, signal: stop.signal });
    expect(await evaluate('1 + 1')).toBe(2);
    stop.abort();
    await expect(computing).rejects.toMatchObject({ code: 'expression.cancelled' });
  });

  it.runIf(process.platform === 'linux')('counts the time an expression has the processor, not the time it waits for it', async () => {
    const small = createExpressionPool({ size: 1 });
    await small.ready();
    const { pid } = (await small.run({ kind: 'ping' })) as { pid: number };
    const text = '$sum([1..60000].($ * 2))';
    const running = small.run({ kind: 'expression', data, strict: false, text });
    // Given away to others for longer than the whole limit, in the middle of it.
    await delay(20);
    process.kill(pid, 'SIGSTOP');
    await delay(2_300);
    process.kill(pid, 'SIGCONT');
    expect((await running).valueText).toBe('3600060000');
    await small.close();
  });

  it('runs code at a lower priority than its own', () => {
    const child = new URL('code-child.ts', import.meta.url).href;
    const look = `await import('${child}'); console.log((await import('node:os')).getPriority());`;
    const said = execFileSync(process.execPath, [...childFlags(), '--input-type=module', '-e', look], { env: {}, encoding: 'utf8' });
    expect(Number(said)).toBeGreaterThan(getPriority());
  });

  it('refuses more jobs than its queue holds', async () => {
    const small = createExpressionPool({ size: 1, maxQueue: 1 });
    const jobs = await Promise.allSettled([1, 2, 3].map(async () => await small.run({ kind: 'ping' })));
    expect(jobs.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(jobs[2]).toMatchObject({ reason: { code: 'expression.pool-full', kind: 'transient' } });
    await small.close();
    await expect(small.run({ kind: 'ping' })).rejects.toMatchObject({ code: 'expression.pool-closed' });
  });
});

describe('hostile input', () => {
  it('has enough cases for both engines', () => {
    expect(hostileCases.length).toBeGreaterThanOrEqual(250);
    for (const engine of ['expression', 'code']) expect(hostileCases.filter((one) => one.engine === engine).length).toBeGreaterThan(100);
    expect(new Set(hostileCases.map(({ name }) => name)).size).toBe(hostileCases.length);
  });

  // The slow ones, which are ended from outside, are all in `npm run proof -- expressions`; one of each family is here.
  const seen = new Set<string>();
  const quick = hostileCases.filter(({ name, slow, timeoutMs }, at) => {
    if (slow !== true) return at % 4 === 0;
    const family = name.replace(/ \d+$/, '');
    return !seen.has(family) && family !== 'code: full time' && (timeoutMs ?? 0) < 3_000 && seen.add(family);
  });
  it(`contains ${quick.length} cases, and the next evaluation is right`, async () => {
    const loose: unknown[] = [];
    for (const hostile of quick) {
      const { contained, reason } = await judge(pool, hostile, { expression: 60_000, code: 60_000 });
      if (!contained) loose.push([hostile.name, hostile.text.slice(0, 100), reason]);
    }
    expect(loose).toEqual([]);
  });
});
