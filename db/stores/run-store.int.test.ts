import { randomBytes } from 'node:crypto';
import type { EndAttempt, PureRow, RunStore } from '@hub/activities/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asTeam } from '../database.ts';
import { makeTeam, makeWorkflow, testDatabase, type TestDatabase } from '../testing/index.ts';
import { createRun } from '../write/create-run.ts';
import { createStartReader } from '../write/start-reader.ts';
import { steerRun } from '../write/signals.ts';
import { cancelRun } from '../write/slots.ts';
import { createRunStore } from './run-store.ts';

const blobKey = randomBytes(32);
let db: TestDatabase;
let store: RunStore;
let team: string;
let workflowId: string;

beforeAll(async () => {
  db = await testDatabase();
  store = createRunStore(db.sql, { blobKey });
  ({ team } = await makeTeam(db));
  ({ workflowId } = await makeWorkflow(db, team, { plan: { nodes: [{ id: 'a' }, { id: 'b' }, { id: 'l' }, { id: 'x' }] } }));
});
afterAll(() => db.close());

async function newRun(inputText = '{"n":1}'): Promise<string> {
  const made = await createRun(
    db.sql,
    { blobKey },
    { team, workflowId, triggeredBy: 'api', triggerId: 'manual', trigger: { type: 'api' }, inputText },
  );
  if (!('run' in made)) throw new Error(made.outcome);
  return made.run;
}
const begin = (run: string, path: string, nodeId = path) => store.begin({ team, run, nodeId, nodeType: 'prompt', path, iteration: null, rows: [] });
const endOf = (run: string, path: string, attempt: number, more: Partial<EndAttempt> = {}): EndAttempt => ({
  team,
  run,
  nodeId: path,
  nodeType: 'prompt',
  path,
  iteration: null,
  attempt,
  status: 'completed',
  port: 'out',
  inputText: '{}',
  outputText: '{"ok":true}',
  error: null,
  warnings: [],
  tokens: null,
  costUsd: null,
  model: null,
  modelCalls: [],
  ...more,
});
const pure = (path: string, more: Partial<PureRow> = {}): PureRow => ({
  nodeId: path,
  nodeType: 'transform',
  path,
  iteration: null,
  attempt: 1,
  status: 'completed',
  port: 'out',
  inputText: null,
  outputText: '1',
  error: null,
  warnings: [],
  tokens: null,
  costUsd: null,
  model: null,
  modelCalls: [],
  startedAt: '2026-01-01T00:00:00.000Z',
  completedAt: '2026-01-01T00:00:01.000Z',
  ...more,
});
const rows = (run: string) =>
  asTeam(
    db.sql,
    team,
    (tx) => tx<{ path: string; attempt: number; status: string; output: string | null }[]>`
  select path, attempt_number as attempt, status, output_text as output from node_executions where workflow_execution_id = ${run} order by path, attempt_number`,
  );
const events = (run: string) =>
  asTeam(db.sql, team, async (tx) =>
    (await tx<{ seq: number; type: string }[]>`select seq, type from run_events where run_id = ${run} order by seq`).map(
      (event) => `${event.seq} ${event.type}`,
    ),
  );
const runRow = (run: string) => asTeam(db.sql, team, async (tx) => (await tx`select * from workflow_executions where id = ${run}`)[0]!);

describe('an attempt', () => {
  it('moves the run to running with its first write, and every change has its number in order', async () => {
    const run = await newRun();
    expect(await begin(run, 'a')).toEqual({ attempt: 1, failed: 0, lost: 0, gone: false });
    await store.end(endOf(run, 'a', 1));
    expect(await events(run)).toEqual(['1 run.starting', '2 run.running', '3 step.running', '4 step.completed']);
    expect((await runRow(run))['status']).toBe('running');
    expect((await store.outputs(team, run, ['a', 'b'])).get('a')).toEqual({ path: 'a', outputText: '{"ok":true}' });
  });

  it('in one is a row and an event; told again, or where the path has a history, it is what two statements would have made', async () => {
    const run = await newRun();
    const whole = (path: string, elapsedMs = 5) => store.writeWhole({ ...endOf(run, path, 1), elapsedMs, rows: [] });
    expect(await whole('a')).toEqual({ attempt: 1, failed: 0, lost: 0, gone: false });
    expect(await whole('a')).toEqual({ attempt: 1, failed: 0, lost: 0, gone: false, done: { port: 'out' } });
    await begin(run, 'b');
    expect(await whole('b')).toEqual({ attempt: 2, failed: 0, lost: 1, gone: false });
    expect(await rows(run)).toEqual([
      { path: 'a', attempt: 1, status: 'completed', output: '{"ok":true}' },
      { path: 'b', attempt: 1, status: 'lost', output: null },
      { path: 'b', attempt: 2, status: 'completed', output: '{"ok":true}' },
    ]);
    expect((await events(run)).slice(2)).toEqual(['3 step.completed', '4 step.running', '5 step.lost', '6 step.running', '7 step.completed']);
    expect((await runRow(run))['steps']).toBe(3);
    const [took] = await asTeam(
      db.sql,
      team,
      (tx) => tx<{ ms: number }[]>`
      select extract(epoch from completed_at - started_at)::float8 * 1000 as ms from node_executions where workflow_execution_id = ${run} and path = 'a'`,
    );
    expect(Math.round(took!.ms)).toBe(5);
    await cancelRun(db.sql, team, run);
    await store.finish({ team, run, status: 'cancelled', error: null, outputText: '{}', rows: [] });
    expect((await whole('c')).gone).toBe(true);
  });

  it('of many items come in one statement; one that has a history is what two statements would have made', async () => {
    const run = await newRun();
    const whole = (index: number) => ({ ...endOf(run, `l[${index}].x`, 1, { iteration: index, outputText: `${index}` }), elapsedMs: 5, rows: [] });
    await begin(run, 'l[1].x', 'x');
    const begun = await store.writeWholes([whole(0), whole(1), whole(2)]);
    expect(begun.map(({ attempt, lost }) => [attempt, lost])).toEqual([
      [1, 0],
      [2, 1],
      [1, 0],
    ]);
    expect((await store.writeWholes([whole(0), whole(3)])).map(({ done, attempt }) => [done?.port, attempt])).toEqual([
      ['out', 1],
      [undefined, 1],
    ]);
    expect((await rows(run)).map(({ path, attempt, status, output }) => `${path} ${attempt} ${status} ${output}`)).toEqual([
      'l[0].x 1 completed 0',
      'l[1].x 1 lost null',
      'l[1].x 2 completed 1',
      'l[2].x 1 completed 2',
      'l[3].x 1 completed 3',
    ]);
    expect((await runRow(run))['steps']).toBe(5);
    const seen = (await events(run)).map((event) => event.split(' ')[1]);
    expect(seen.filter((type) => type === 'step.completed')).toHaveLength(4);
    await cancelRun(db.sql, team, run);
    await store.finish({ team, run, status: 'cancelled', error: null, outputText: '{}', rows: [] });
    expect((await store.writeWholes([whole(4)])).map(({ gone }) => gone)).toEqual([true]);
  });

  it('of items that are over are found by index: their row, or what is kept of their iteration', async () => {
    const run = await newRun();
    for (const index of [0, 12]) await store.writeWhole({ ...endOf(run, `l[${index}].x`, 1, { iteration: index }), elapsedMs: 1, rows: [] });
    await begin(run, 'l[2].x', 'x');
    await store.writeWhole({ ...endOf(run, 'x[3]', 1, { iteration: 3 }), elapsedMs: 1, rows: [] });
    await store.writeChunk(team, run, { loopPath: 'l', pending: [], rows: [], recovered: [], results: [{ index: 1, valueText: null }] });
    expect(await store.itemsOver(team, run, { loopPath: 'l', step: 'x', from: 0, to: 10 })).toEqual({ rows: new Set([0]), results: new Set([1]) });
    expect(await store.itemsOver(team, run, { loopPath: 'l', step: 'x', from: 10, to: 20 })).toEqual({ rows: new Set([12]), results: new Set() });
    expect(await store.itemsOver(team, run, { loopPath: 'x', step: null, from: 0, to: 9 })).toEqual({ rows: new Set([3]), results: new Set() });
  });

  it('of a run that people paused is told so until they resume it', async () => {
    const run = await newRun();
    await begin(run, 'a');
    expect(await store.isPaused(team, run)).toBe(false);
    await steerRun(db.sql, team, run, 'pause', null);
    expect(await store.isPaused(team, run)).toBe(true);
    await steerRun(db.sql, team, run, 'resume', null);
    expect(await store.isPaused(team, run)).toBe(false);
  });

  it('says for how long it is being cancelled', async () => {
    const run = await newRun();
    await begin(run, 'a');
    expect(await store.cancelAge(team, run)).toBeNull();
    await cancelRun(db.sql, team, run);
    const age = await store.cancelAge(team, run);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(60_000);
    expect(await store.cancelAge((await makeTeam(db)).team, run)).toBeNull();
  });

  it('that is begun again while open leaves a lost one behind; failed and lost are counted apart', async () => {
    const run = await newRun();
    await begin(run, 'a');
    await store.end(endOf(run, 'a', 1, { status: 'failed', outputText: null, error: { code: 'x.y', message: 'no', attempt: 1 } }));
    expect(await begin(run, 'a')).toEqual({ attempt: 2, failed: 1, lost: 0, gone: false });
    expect(await begin(run, 'a')).toEqual({ attempt: 3, failed: 1, lost: 1, gone: false });
    expect((await rows(run)).map((row) => row.status)).toEqual(['failed', 'lost', 'running']);
  });

  it('is never set back once completed: a late end, a second end and a second begin change nothing', async () => {
    const run = await newRun();
    await begin(run, 'a');
    await begin(run, 'a');
    await store.end(endOf(run, 'a', 2, { port: 'true' }));
    await store.end(endOf(run, 'a', 1, { outputText: '"late"' }));
    await store.end(endOf(run, 'a', 2, { status: 'failed', outputText: null }));
    expect(await begin(run, 'a')).toEqual({ attempt: 2, failed: 0, lost: 1, gone: false, done: { port: 'true' } });
    expect(await rows(run)).toEqual([
      { path: 'a', attempt: 1, status: 'lost', output: null },
      { path: 'a', attempt: 2, status: 'completed', output: '{"ok":true}' },
    ]);
  });

  it('counts its model calls once, even when its end comes twice', async () => {
    const run = await newRun();
    await begin(run, 'a');
    const call = {
      provider: 'demo',
      model: 'echo',
      inputTokens: 3,
      outputTokens: 4,
      cachedTokens: 0,
      costUsd: null,
      durationMs: 5,
      status: 'ok' as const,
      errorCode: null,
      providerRequestId: null,
      demo: true,
    };
    const end = endOf(run, 'a', 1, { tokens: 7, costUsd: 0.5, model: 'demo/echo', modelCalls: [call] });
    await store.end(end);
    await store.end(end);
    const row = await runRow(run);
    expect([row['total_tokens_used'], row['total_cost_usd'], row['steps']]).toEqual([7, 0.5, 1]);
    expect((await asTeam(db.sql, team, (tx) => tx`select * from model_calls where run_id = ${run}`)).length).toBe(1);
  });

  it('of attempt 0 ends the newest open one', async () => {
    const run = await newRun();
    await begin(run, 'l');
    await store.end(endOf(run, 'l', 0, { outputText: '[1]' }));
    expect(await rows(run)).toEqual([{ path: 'l', attempt: 1, status: 'completed', output: '[1]' }]);
  });

  it('of a run that has ended, or of another team, is gone', async () => {
    const run = await newRun();
    await cancelRun(db.sql, team, run);
    expect((await begin(run, 'a')).gone).toBe(true);
    expect(await store.writePure(team, run, [pure('a')], [])).toBe(false);
    expect(await rows(run)).toEqual([]);
    const other = await makeTeam(db);
    const live = await newRun();
    expect(
      await store
        .begin({ team: other.team, run: live, nodeId: 'a', nodeType: 'code', path: 'a', iteration: null, rows: [] })
        .catch((error: { code: string }) => error),
    ).not.toMatchObject({ gone: false });
    await expect(store.facts(other.team, live)).rejects.toMatchObject({ code: 'run.gone' });
    expect(await rows(live)).toEqual([]);
  });
});

describe('values', () => {
  it('are kept exactly, inline to 32 KB and as chunks above, and read back byte for byte', async () => {
    const run = await newRun();
    const sizes = [10, 32 * 1024 - 2, 32 * 1024, 1024 * 1024 + 5, 3 * 1024 * 1024];
    for (const [i, size] of sizes.entries()) {
      const text = JSON.stringify('é'.repeat(size / 2));
      await begin(run, `v${i}`);
      await store.end(endOf(run, `v${i}`, 1, { outputText: text }));
      expect((await store.outputs(team, run, [`v${i}`])).get(`v${i}`)!.outputText).toBe(text);
    }
    const stored = await asTeam(
      db.sql,
      team,
      (tx) => tx<{ inline: boolean }[]>`select output_blob is null as inline from node_executions where workflow_execution_id = ${run} order by path`,
    );
    expect(stored.map((row) => row.inline)).toEqual([true, true, false, false, false]);
  });

  it('that PostgreSQL cannot keep are mended with a warning', async () => {
    const run = await newRun(String.raw`{"t":"a\u0000b"}`);
    expect((await store.facts(team, run)).inputText).toBe('{"t":"a\uFFFDb"}');
    await begin(run, 'a');
    await store.end(endOf(run, 'a', 1, { outputText: String.raw`"\ud800 ok 1e999 \\u0000"` }));
    expect((await store.outputs(team, run, ['a'])).get('a')!.outputText).toBe(String.raw`"` + '\uFFFD' + String.raw` ok 1e999 \\u0000"`);
    const [row] = await asTeam(db.sql, team, (tx) => tx`select warnings from node_executions where workflow_execution_id = ${run}`);
    expect(row!['warnings']).toMatchObject([{ code: 'value.cleaned' }]);
  });

  it('of equal content are one blob with a reference per run', async () => {
    const text = JSON.stringify('same'.repeat(20_000));
    const [one, two] = [await newRun(text), await newRun(text)];
    const [first, second] = [await runRow(one), await runRow(two)];
    expect(first['input_blob']).toBe(second['input_blob']);
    expect((await store.facts(team, two)).inputText).toBe(text);
  });
});

describe('pure rows and pending rows', () => {
  it('are written in one statement; again after a crash they change nothing and are not counted twice', async () => {
    const run = await newRun();
    const pending = [{ nodeId: 'x', path: 'x', status: 'skipped' as const }];
    expect(await store.writePure(team, run, [pure('a'), pure('b', { outputText: '2' })], pending)).toBe(true);
    expect(await store.writePure(team, run, [pure('a', { outputText: '9' }), pure('b', { outputText: '2' })], pending)).toBe(true);
    expect(await rows(run)).toEqual([
      { path: 'a', attempt: 1, status: 'completed', output: '1' },
      { path: 'b', attempt: 1, status: 'completed', output: '2' },
      { path: 'x', attempt: 0, status: 'skipped', output: null },
    ]);
    expect(await events(run)).toEqual(['1 run.starting', '2 run.running', '3 step.skipped', '4 step.completed', '5 step.completed']);
    expect((await runRow(run))['steps']).toBe(2);
  });

  it('belong to a run that is started with its trigger, so that edges from it are live', async () => {
    const run = await newRun();
    const [started] = await createStartReader(db.sql)([{ team, run }]);
    expect(started?.start.trigger).toBe('manual');
  });

  it('follow their value: row, input, fallback of the definition, pinned, null', async () => {
    const made = await makeWorkflow(db, team, { definition: { nodes: [{ id: 'f', onError: { mode: 'fallback', value: { kept: 1 } } }] } });
    const created = await createRun(
      db.sql,
      { blobKey },
      { team, workflowId: made.workflowId, triggeredBy: 'api', triggerId: null, trigger: {}, inputText: '{"in":1}', pinned: { p: { pin: 2 } } },
    );
    const run = (created as { run: string }).run;
    await begin(run, 'a');
    await store.end(endOf(run, 'a', 1, { outputText: '{"a":  1}' }));
    await begin(run, 'f');
    await store.end(endOf(run, 'f', 1, { status: 'failed', outputText: null, error: { code: 'x.y', message: 'no', attempt: 1 } }));
    await store.writeRows(team, run, [
      { nodeId: 'd', path: 'd', status: 'completed', disabled: true, value: { id: 'a', path: 'a', as: 'row' } },
      { nodeId: 'i', path: 'i', status: 'completed', value: { id: 'i', path: 'i', as: 'input' } },
      { nodeId: 'p', path: 'p', status: 'completed', pinned: true, value: { id: 'p', path: 'p', as: 'pinned' } },
      { nodeId: 'f', path: 'f', status: 'completed', recovered: true, value: { id: 'f', path: 'f', as: 'fallback' } },
      { nodeId: 'n', path: 'n', status: 'completed', value: { id: 'n', path: 'n', as: 'null' } },
    ]);
    const outputs = await store.outputs(team, run, ['d', 'i', 'p', 'f', 'n']);
    expect([...outputs].map(([path, value]) => [path, value.outputText])).toEqual([
      ['d', '{"a":  1}'],
      ['i', '{"in":1}'],
      ['p', '{"pin": 2}'],
      ['f', '{"kept":1}'],
      ['n', 'null'],
    ]);
    expect((await rows(run)).filter((row) => row.path === 'f').map((row) => [row.attempt, row.status])).toEqual([
      [0, 'completed'],
      [1, 'failed'],
    ]);
  });
});

describe('loops', () => {
  it('keep their items, reopen without a lost attempt, and gather iterations and item outputs by index', async () => {
    const run = await newRun();
    const open = {
      team,
      run,
      nodeId: 'l',
      nodeType: 'loop' as const,
      path: 'l',
      iteration: null,
      rows: [],
      itemsText: '[1,2,3]',
      count: 3,
      pages: { items: [0], bytes: [1] },
    };
    expect((await store.openLoop(open)).attempt).toBe(1);
    expect((await store.openLoop(open)).attempt).toBe(1);
    expect(await store.loopPages(team, run, 'l')).toEqual([0]);
    expect(await store.loopPage(team, run, 'l', 0)).toBe('[1,2,3]');
    for (const i of [2, 0, 10]) {
      await store.writePure(
        team,
        run,
        [
          pure(`l[${i}].b`, { nodeId: 'b', iteration: i, outputText: `${i}` }),
          pure(`l[${i}].bb`, { outputText: '"other"' }),
          pure(`l[${i}].m[0].b`, { outputText: '"inner"' }),
        ],
        [],
      );
      await store.saveIteration(team, run, `l[${i}]`, `"r${i}"`);
    }
    const results = async (loopPath: string, sink: string | null, more: object = {}): Promise<[number, string | null][]> => {
      const of = { loopPath, sink, rows: true, kept: false, from: 0, to: 20, ...more };
      const found = await store.loopResults(team, run, of);
      return Promise.all(found.map(async ({ index, dropped, read }): Promise<[number, string | null]> => [index, dropped ? null : await read()]));
    };
    const outputs = [
      [0, '0'],
      [2, '2'],
      [10, '10'],
    ];
    expect(await results('l', 'b')).toEqual(outputs);
    expect(await results('l', 'b', { from: 1, to: 10 })).toEqual([[2, '2']]);
    expect(await results('l[0].m', 'b')).toEqual([[0, '"inner"']]);
    await begin(run, 'x[1]', 'x');
    await store.end(endOf(run, 'x[1]', 1, { outputText: '7' }));
    expect(await results('x', null)).toEqual([[1, '7']]);
    const kept = outputs.map(([index]) => [index, `"r${index}"`]);
    expect(await results('l', null, { rows: false, kept: true })).toEqual(kept);
    await store.writeChunk(team, run, { loopPath: 'l', pending: [], rows: [], recovered: [], results: [{ index: 2, valueText: null }] });
    expect(await results('l', 'b', { kept: true })).toEqual([
      [0, '"r0"'],
      [2, null],
      [10, '"r10"'],
    ]);
  });

  it('keep what an iteration gave with any write of rows: an error, a value of another row, or that it is dropped', async () => {
    const run = await newRun();
    await begin(run, 'a');
    await store.end(endOf(run, 'a', 1, { outputText: '{"a":  1}' }));
    const kept = (index: number, more: object) => ({ nodeId: 'l', path: `l[${index}]`, status: 'completed' as const, ...more });
    await store.writeRows(team, run, [
      kept(0, { kept: { loop: 'l', index: 0, text: '{"error":  {}}' } }),
      kept(1, { kept: { loop: 'l', index: 1, text: null } }),
      kept(2, { kept: { loop: 'l', index: 2 }, value: { id: 'a', path: 'a', as: 'row' } }),
    ]);
    const found = await store.loopResults(team, run, { loopPath: 'l', sink: 'b', rows: true, kept: true, from: 0, to: 5 });
    expect(await Promise.all(found.map(async ({ index, dropped, read }) => [index, dropped, await read()]))).toEqual([
      [0, false, '{"error":  {}}'],
      [1, true, null],
      [2, false, '{"a":  1}'],
    ]);
    expect((await rows(run)).map(({ path }) => path)).toEqual(['a']);
  });

  it('of many items read them page by page, each byte for byte, also across the rows of a blob', async () => {
    const run = await newRun();
    const items = Array.from({ length: 3_000 }, (_, n) => JSON.stringify({ n, text: 'é,[{"'.repeat(n % 200) }));
    const pages: { items: number[]; bytes: number[] } = { items: [], bytes: [] };
    let itemsText = '[';
    for (const [n, item] of items.entries()) {
      if (n % 70 === 0) pages.items.push(n);
      if (n % 70 === 0) pages.bytes.push(Buffer.byteLength(itemsText));
      itemsText += n === items.length - 1 ? `${item} ]` : `${item} ,`;
    }
    expect(Buffer.byteLength(itemsText)).toBeGreaterThan(2 * 1024 * 1024);
    const row = { team, run, nodeId: 'l', nodeType: 'loop' as const, path: 'l', iteration: null, rows: [] };
    await store.openLoop({ ...row, itemsText, count: 3_000, pages });
    expect(await store.loopPages(team, run, 'l')).toEqual(pages.items);
    for (const [page, from] of pages.items.entries())
      expect(await store.loopPage(team, run, 'l', page)).toBe(`[${items.slice(from, from + 70).join(' ,')} ]`);
  });

  it('end with an array that comes element by element: in the row to 32 KB, else in a blob, with a preview of its beginning', async () => {
    const run = await newRun();
    const end = (path: string, items: string[]) => {
      const { outputText: _, ...row } = endOf(run, path, 0);
      return store.endWithItems(
        row,
        (async function* () {
          yield* items;
        })(),
      );
    };
    const large = Array.from({ length: 30_000 }, (_, n) => JSON.stringify({ n, text: `é ${'x'.repeat(n % 70)}` }));
    for (const [path, items] of Object.entries({ none: [], few: ['1', 'null', '{"a":2}'], large, bad: [String.raw`"a\u0000b"`] })) {
      await begin(run, path);
      const answered = await end(path, items);
      const whole = path === 'bad' ? '["a\uFFFDb"]' : `[${items.join(',')}]`;
      expect(answered, path).toBe(path === 'large' ? null : whole);
      const { outputText } = (await store.outputs(team, run, [path])).get(path)!;
      expect(outputText === whole, path).toBe(true);
      const [row] = await asTeam(
        db.sql,
        team,
        (tx) => tx`select output_data, output_bytes::int, warnings from node_executions where workflow_execution_id = ${run} and path = ${path}`,
      );
      expect(row!['output_bytes']).toBe(Buffer.byteLength(whole));
      expect((row!['output_data'] as unknown[]).length).toBe(Math.min(items.length, 21));
      expect((row!['warnings'] as unknown[]).length).toBe(path === 'bad' ? 1 : 0);
    }
    const [many] = (await store.outputs(team, run, ['large'], 1_000)).values();
    expect(many).toEqual({ path: 'large', outputText: null, tooLarge: true });
  });
});

describe('finish', () => {
  it('ends once: closes open rows, counts nodes by their last state, keeps the output', async () => {
    const run = await newRun();
    await begin(run, 'a');
    await store.end(endOf(run, 'a', 1));
    await begin(run, 'b');
    const end = {
      team,
      run,
      status: 'failed' as const,
      error: { code: 'x.y', message: 'no', nodeId: 'b', path: 'b' },
      outputText: '{"r":1}',
      rows: [{ nodeId: 'x', path: 'x', status: 'skipped' as const }],
    };
    expect(await store.finish(end)).toEqual({ changed: true, start: [] });
    expect(await store.finish({ ...end, status: 'completed' })).toEqual({ changed: false, start: [] });
    expect(await runRow(run)).toMatchObject({
      status: 'failed',
      total_nodes: 4,
      completed_nodes: 1,
      failed_nodes: 0,
      skipped_nodes: 2,
      steps: 2,
      error_code: 'x.y',
      error_node_id: 'b',
      output_text: '{"r":1}',
    });
    expect((await rows(run)).map((row) => `${row.path} ${row.status}`)).toEqual(['a completed', 'b cancelled', 'x skipped']);
    expect((await events(run)).at(-1)).toBe('8 run.failed');
    await store.end(endOf(run, 'b', 1));
    expect((await rows(run))[1]!.status).toBe('cancelled');
  });

  it('survives 40 steps at once with distinct, gapless numbers', async () => {
    const run = await newRun();
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const { attempt } = await begin(run, `s${i}`);
        await store.end(endOf(run, `s${i}`, attempt));
      }),
    );
    expect((await events(run)).map((event) => Number.parseInt(event, 10))).toEqual(Array.from({ length: 82 }, (_, i) => i + 1));
  });
});
