import { createHash, randomBytes } from 'node:crypto';
import type { RunStore } from '@hub/activities/ports';
import type { Json } from '@hub/dag/planner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileStore } from '../stores/file-store.ts';
import { createRunStore } from '../stores/run-store.ts';
import { makeTeam, makeWorkflow, testDatabase, type TestDatabase } from '../testing/index.ts';
import * as write from '../write/index.ts';
import * as read from './index.ts';

const blobKey = randomBytes(32);
let db: TestDatabase;
let store: RunStore;
let team: string;
let userId: string;
let other: string;

beforeAll(async () => {
  db = await testDatabase();
  store = createRunStore(db.sql, { blobKey });
  ({ team, userId } = await makeTeam(db));
  ({ team: other } = await makeTeam(db));
});
afterAll(() => db.close());

async function start(workflowId: string, inputText = '{"n":1}'): Promise<string> {
  const made = await write.createRun(
    db.sql,
    { blobKey },
    { team, workflowId, triggeredBy: 'api', triggerId: null, trigger: { type: 'api', id: null, at: 'now' }, inputText, userId },
  );
  if (!('run' in made)) throw new Error(made.outcome);
  return made.run;
}
async function step(run: string, path: string, outputText: string, more: object = {}): Promise<void> {
  const at = { team, run, nodeId: path.split('.').at(-1)!.replace(/\[.*/, ''), nodeType: 'prompt' as const, path, iteration: null, ...more };
  const { attempt } = await store.begin({ ...at, rows: [] });
  await store.end({
    ...at,
    attempt,
    status: 'completed',
    port: 'out',
    inputText: '{}',
    outputText,
    error: null,
    warnings: [],
    tokens: 5,
    costUsd: 0.25,
    model: 'demo/echo',
    modelCalls: [],
    ...more,
  });
}

describe('a run', () => {
  it('is read in the shape clients lean on, while it runs and after it', async () => {
    const definition: Json = {
      nodes: [
        { id: 'a', type: 'prompt' },
        { id: 'b', type: 'code' },
        { id: 'x', type: 'output' },
      ],
    };
    const { workflowId } = await makeWorkflow(db, team, { definition, plan: definition });
    const run = await start(workflowId);
    await step(run, 'a', '{"deep":[1,{"x":null}]}');
    expect(await read.readRun(db.sql, team, run)).toMatchObject({
      id: run,
      workflowId,
      version: 1,
      status: 'running',
      input: { n: 1 },
      output: null,
      error: null,
      totals: { nodes: 3, completed: 1, failed: 0, skipped: 0, steps: 1, tokens: 5, costUsd: 0.25 },
      completedAt: null,
    });
    const big = JSON.stringify({ r: 'x'.repeat(1_200_000) });
    await store.finish({
      team,
      run,
      status: 'failed',
      error: { code: 'x.y', message: 'no', nodeId: 'b', path: 'b' },
      outputText: big,
      rows: [{ nodeId: 'b', path: 'b', status: 'failed', error: { code: 'x.y', message: 'no', attempt: 1 } }],
    });
    const ended = await read.readRun(db.sql, team, run);
    expect(ended).toMatchObject({
      status: 'failed',
      outputRef: { bytes: big.length },
      error: { code: 'x.y', message: 'no', nodeId: 'b', path: 'b' },
      totals: { nodes: 3, completed: 1, failed: 1, skipped: 1 },
    });
    expect(ended).not.toHaveProperty('output');
    expect((await read.readRunOutput(db.sql, team, run))!.text).toBe(big);
    expect(await read.readRun(db.sql, other, run)).toBeNull();
    expect(await read.readRunOutput(db.sql, other, run)).toBeNull();
    expect(await read.readRun(db.sql, team, 'nonsense')).toBeNull();
  });

  it('counts a node with forEach by its own state, not by its last item', async () => {
    const definition: Json = { nodes: [{ id: 'd', type: 'prompt' }] };
    const { workflowId } = await makeWorkflow(db, team, { definition, plan: definition });
    const run = await start(workflowId);
    const own = { team, run, nodeId: 'd', nodeType: 'prompt' as const, path: 'd', iteration: null };
    await store.openLoop({ ...own, rows: [], itemsText: '[1]', count: 1, pages: { items: [0], bytes: [1] } });
    await step(run, 'd[0]', '1', { iteration: 0, status: 'failed', error: { code: 'x.y', message: 'no', attempt: 1 } });
    const none = { tokens: null, costUsd: null, model: null, modelCalls: [], warnings: [], error: null };
    await store.end({ ...own, ...none, attempt: 1, status: 'completed', port: 'out', inputText: null, outputText: '[]' });
    const totals = { nodes: 1, completed: 1, failed: 0 };
    expect(await read.readRun(db.sql, team, run)).toMatchObject({ totals });
    await store.finish({ team, run, status: 'completed', error: null, outputText: '{}', rows: [] });
    expect(await read.readRun(db.sql, team, run)).toMatchObject({ totals });
  });

  it('lists its node rows page by page without loss, sums them up per node, and gives exact outputs', async () => {
    const definition: Json = {
      nodes: [
        { id: 'a', type: 'prompt' },
        { id: 'l', type: 'loop' },
        { id: 'b', type: 'prompt', parent: 'l' },
        { id: 'z', type: 'output' },
      ],
    };
    const { workflowId } = await makeWorkflow(db, team, { definition, plan: definition });
    const run = await start(workflowId);
    await step(run, 'a', '{"a":  1}');
    await store.openLoop({
      team,
      run,
      nodeId: 'l',
      nodeType: 'loop',
      path: 'l',
      iteration: null,
      rows: [],
      itemsText: '[1,2,3]',
      count: 3,
      pages: { items: [0], bytes: [1] },
    });
    for (const i of [0, 1, 2]) await step(run, `l[${i}].b`, `${i}`, { iteration: i });
    await store.end({
      team,
      run,
      nodeId: 'l',
      nodeType: 'loop',
      path: 'l',
      iteration: null,
      attempt: 0,
      status: 'completed',
      port: 'out',
      inputText: null,
      outputText: '[0,1,2]',
      error: null,
      warnings: [],
      tokens: null,
      costUsd: null,
      model: null,
      modelCalls: [],
    });
    await store.writeRows(team, run, [{ nodeId: 'z', path: 'z', status: 'skipped' }]);
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await read.listRunNodes(db.sql, team, run, { limit: 2, cursor });
      seen.push(...page.items.map((row) => `${row.path} ${row.attempt} ${row.status} ${row.nodeType}`));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    const items = [0, 1, 2].map((i) => `l[${i}].b 1 completed prompt`);
    // What did not run has its type all the same.
    expect(seen).toEqual(['a 1 completed prompt', 'l 1 completed loop', ...items, 'z 0 skipped output']);
    expect((await read.readNodeOutput(db.sql, team, run, 'a'))!.text).toBe('{"a":  1}');
    expect((await read.readNodeOutput(db.sql, team, run, 'b', { path: 'l[2].b' }))!.text).toBe('2');
    expect(await read.summarizeRunNodes(db.sql, team, run)).toMatchObject([
      { nodeId: 'a', status: 'completed', counts: { completed: 1 }, items: null, attempts: 1, tokens: 5 },
      { nodeId: 'l', nodeType: 'loop', status: 'completed', items: 3 },
      { nodeId: 'b', status: 'completed', counts: { completed: 3 }, items: 3, attempts: 3, tokens: 15, costUsd: 0.75 },
      { nodeId: 'z', status: 'skipped', counts: { skipped: 1 }, attempts: 0, startedAt: null },
    ]);
    const strip = (await read.readRunStrips(db.sql, team, [run])).get(run)!;
    expect(strip.map((part) => [part.nodeId, part.status])).toEqual([
      ['a', 'completed'],
      ['l', 'completed'],
      ['z', 'skipped'],
    ]);
    expect((await read.listRunNodes(db.sql, other, run)).items).toEqual([]);
    for (const cursor of ['x', '', Buffer.from('[1]').toString('base64url')])
      await expect(read.listRunNodes(db.sql, team, run, { cursor })).rejects.toMatchObject({ code: 'request.bad-cursor' });
  });

  it('has its events after a number, without gaps', async () => {
    const { workflowId } = await makeWorkflow(db, team);
    const run = await start(workflowId);
    await step(run, 'double', '2');
    const { events, lastSeq, status } = await read.readRunEvents(db.sql, team, run, { after: 1 });
    expect(events.map((event) => `${event.seq} ${event.type} ${event.path}`)).toEqual([
      '2 run.running null',
      '3 step.running double',
      '4 step.completed double',
    ]);
    expect([lastSeq, status, events[2]!.refs]).toEqual([4, 'running', { nodeId: 'double', attempt: 1, port: 'out', tokens: 5, costUsd: 0.25 }]);
    expect((await read.readRunEvents(db.sql, other, run, { after: 0 })).events).toEqual([]);
  });

  it('is found by workflow and status, newest first, page by page', async () => {
    const { workflowId } = await makeWorkflow(db, team, { maxConcurrentRuns: 1 });
    const runs = [await start(workflowId), await start(workflowId), await start(workflowId)];
    const first = await read.listRuns(db.sql, team, { workflowId, limit: 2 });
    const second = await read.listRuns(db.sql, team, { workflowId, limit: 2, cursor: first.nextCursor ?? undefined });
    expect([...first.items, ...second.items].map((run) => run.id)).toEqual(runs.toReversed());
    expect(second.nextCursor).toBeNull();
    expect((await read.listRuns(db.sql, team, { workflowId, status: 'queued' })).items.map((run) => run.status)).toEqual([
      'queued',
      'queued',
      'starting',
    ]);
    expect((await read.listRuns(db.sql, team, { workflowId, status: 'failed' })).items).toEqual([]);
    expect((await read.listRuns(db.sql, team, { workflowId, status: 'failed,queued' })).items).toHaveLength(3);
    const named = await read.listRuns(db.sql, team, { ids: [runs[2], runs[0], crypto.randomUUID()].join(',') });
    expect(named.items.map((run) => run.id)).toEqual([runs[2], runs[0]]);
    expect((await read.listRuns(db.sql, other, { ids: runs.join(',') })).items).toEqual([]);
    expect((await read.activeRuns(db.sql)).some((run) => run.run === runs[0])).toBe(true);
  });
});

describe('what a test run starts', () => {
  it('is a test too, so it is in no statistics and fires nothing', async () => {
    const { workflowId } = await makeWorkflow(db, team);
    const made = async (more: object) => {
      const run = await write.createRun(
        db.sql,
        { blobKey },
        { team, workflowId, triggeredBy: 'manual', triggerId: 'manual', trigger: {}, inputText: '{}', ...more },
      );
      if (!('run' in run)) throw new Error(run.outcome);
      return (await read.readRun(db.sql, team, run.run))!;
    };
    const test = await made({ test: true });
    expect(test.isTest).toBe(true);
    expect((await made({ triggeredBy: 'subworkflow', parentRun: test.id })).isTest).toBe(true);
    const real = await made({});
    expect((await made({ triggeredBy: 'subworkflow', parentRun: real.id })).isTest).toBe(false);
  });
});

describe('workflows', () => {
  it('are saved with If-Match, published once per content, and their versions never change', async () => {
    const made = await write.createWorkflow(db.sql, {
      team,
      userId,
      name: 'W',
      definition: { v: 1 },
      hash: 'h1',
      nodes: [{ nodeId: 'a', nodeType: 'code', config: {}, position: null, dependsOn: [] }],
    });
    const update = (change: Partial<write.WorkflowChange>) => write.updateWorkflow(db.sql, { team, id: made.id, userId, ifMatch: null, ...change });
    expect(await update({ ifMatch: 7, name: 'X' })).toMatchObject({ outcome: 'stale', revision: 1, updatedBy: { id: userId } });
    expect(await update({ ifMatch: 1, definition: { v: 2 }, hash: 'h2', nodes: [] })).toEqual({
      outcome: 'ok',
      revision: 2,
      changed: 'meaning',
      continued: true,
    });
    expect(await update({ ifMatch: 2, definition: { v: 2 }, hash: 'h2', nodes: [], name: 'W' })).toEqual({
      outcome: 'ok',
      revision: 2,
      changed: 'nothing',
      continued: true,
    });
    expect(await update({ team: other, name: 'stolen' })).toEqual({ outcome: 'not-found' });
    const version = {
      team,
      id: made.id,
      userId,
      note: 'n',
      definition: { v: 2 },
      hash: 'h2',
      plan: { nodes: [] },
      warnings: [],
      triggers: [{ triggerId: 'manual', type: 'manual', config: {} }],
      settings: { maxConcurrentRuns: 3, timeoutMs: 1000, overlap: 'skip' as const, priority: 2 },
    };
    expect(await write.publishWorkflow(db.sql, version)).toMatchObject({ outcome: 'ok', version: 1, changed: true });
    expect(await write.publishWorkflow(db.sql, version)).toMatchObject({ outcome: 'ok', version: 1, changed: false });
    expect(await write.publishWorkflow(db.sql, { ...version, hash: 'h3', definition: { v: 3 }, triggers: [] })).toMatchObject({
      outcome: 'ok',
      version: 2,
      changed: true,
    });
    expect(await read.readWorkflow(db.sql, team, made.id)).toMatchObject({
      name: 'W',
      status: 'active',
      publishedVersion: 2,
      revision: 2,
      definition: { v: 2 },
      maxConcurrentRuns: 3,
    });
    expect((await read.listVersions(db.sql, team, made.id)).items.map((row) => row.version)).toEqual([2, 1]);
    expect((await read.readVersion(db.sql, team, made.id, 1))!.definition).toEqual({ v: 2 });
    expect(await read.listTriggers(db.sql, team, made.id)).toMatchObject([{ triggerId: 'manual', status: 'removed' }]);
    await expect(
      db.ownerSql.begin(async (tx) => {
        await tx`select set_config('app.team', ${team}, true)`;
        await tx`update workflow_versions set definition = '{}' where workflow_id = ${made.id}`;
      }),
    ).rejects.toMatchObject({ code: 'HB009' });
    expect((await read.listWorkflows(db.sql, team, { search: '100%' })).items).toEqual([]);
    expect((await write.setWorkflowStatus(db.sql, { team, id: made.id, status: 'archived' })).outcome).toBe('ok');
    expect((await read.listWorkflows(db.sql, team)).items.some((row) => row.id === made.id)).toBe(false);
    expect(await write.deleteWorkflow(db.sql, other, made.id)).toBe('not-found');
    expect(await write.deleteWorkflow(db.sql, team, made.id)).toBe('ok');
  });
});

describe('resources', () => {
  it("files stream in and out in pieces, stop at the limit, and are the team's own", async () => {
    const files = createFileStore(db.sql, { blobKey });
    const content = randomBytes(2_500_000);
    async function* stream() {
      for (let at = 0; at < content.length; at += 70_001) yield content.subarray(at, at + 70_001);
    }
    const handle = await files.createUpload(team, { name: '../../etc/pass\u0000wd', mime: 'text/csv', userId }, stream(), { maxBytes: 3_000_000 });
    expect(handle).toMatchObject({ name: 'passwd', bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    const again = await files.create(team, { name: 'again', mime: 'text/csv', run: handle.$file }, stream());
    const opened = await files.open(team, again.$file);
    const parts: Uint8Array[] = [];
    for await (const part of opened.stream()) parts.push(part);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
    await expect(files.createUpload(team, { name: 'x', mime: 'x', userId }, stream(), { maxBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'file.too-large',
    });
    await expect(files.open(other, handle.$file)).rejects.toMatchObject({ code: 'file.not-found' });
    expect((await read.listFiles(db.sql, team)).items.map((file) => file.name)).toEqual(['again', 'passwd']);
    expect([await write.deleteFile(db.sql, other, handle.$file), await write.deleteFile(db.sql, team, handle.$file)]).toEqual([false, true]);
  });

  it('credentials are named, changed by version and thrown away; use is recorded', async () => {
    const id = '0198b7a0-0000-7000-8000-000000000001';
    const made = {
      team,
      userId,
      id,
      name: 'key',
      kind: 'bearer',
      encrypted: Buffer.from('sealed'),
      keyId: 'k1',
      rowVersion: 1,
      allowedHosts: ['a.test'],
    };
    expect([
      await write.createCredential(db.sql, made),
      await write.createCredential(db.sql, { ...made, id: '0198b7a0-0000-7000-8000-000000000002' }),
    ]).toEqual(['ok', 'name-taken']);
    expect(await write.updateCredential(db.sql, { team, id, ifVersion: 1, sealed: { encrypted: Buffer.from('new'), keyId: 'k2' } })).toEqual({
      outcome: 'ok',
      rowVersion: 2,
    });
    expect(await write.updateCredential(db.sql, { team, id, ifVersion: 1, name: 'x' })).toEqual({ outcome: 'stale', rowVersion: 2 });
    expect(await write.readSealedCredential(db.sql, team, id, { run: id, nodeId: 'n' })).toMatchObject({
      name: 'key',
      kind: 'bearer',
      keyId: 'k2',
      rowVersion: 2,
      status: 'active',
    });
    expect(await write.readSealedCredential(db.sql, other, id, null)).toBeNull();
    expect(JSON.stringify((await read.listCredentials(db.sql, team)).items)).not.toContain('sealed');
    expect((await read.listAudit(db.sql, team)).items[0]).toMatchObject({ action: 'credential.use', details: { nodeId: 'n' } });
    expect([await write.revokeCredential(db.sql, team, id), await write.revokeCredential(db.sql, team, id)]).toEqual([true, false]);
    expect((await write.readSealedCredential(db.sql, team, id, null))!.encrypted.length).toBe(0);
  });

  it("API keys are found by hash without a team, and end with revocation, expiry or their maker's leaving", async () => {
    const hash = (text: string) => createHash('sha256').update(text).digest();
    const key = await write.createApiKey(db.sql, { team, userId, name: 'ci', hash: hash('a'), prefix: 'hub_a', scopes: ['*'] });
    await write.createApiKey(db.sql, { team, userId, name: 'old', hash: hash('b'), prefix: 'hub_b', scopes: ['*'], expiresAt: new Date(0) });
    const held = { team, keyId: key.id, userId, role: 'owner', plan: 'enterprise', scopes: ['*'] };
    expect(await write.readKeyAccess(db.sql, hash('a'))).toEqual(held);
    expect(await write.readKeyAccess(db.sql, hash('b'))).toBeNull();
    expect(await write.readAccess(db.sql, { team, userId })).toEqual({ role: 'owner', plan: 'enterprise' });
    expect(await write.readAccess(db.sql, { team: other, userId })).toBeNull();
    expect((await read.listApiKeys(db.sql, team)).items.map((row) => row.name)).toEqual(['old', 'ci']);
    await write.revokeApiKey(db.sql, team, key.id);
    expect(await write.readKeyAccess(db.sql, hash('a'))).toBeNull();
    expect(await read.listTeamsOfUser(db.authSql, userId)).toMatchObject([{ id: team, plan: 'enterprise', role: 'owner' }]);
    expect((await read.listMembers(db.sql, team)).items).toMatchObject([{ userId, role: 'owner' }]);
  });

  it('notices come once per key and are counted until read', async () => {
    const notice = { team, userId, kind: 'run.failed', title: 't', dedupeKey: 'k' };
    expect([await write.addNotice(db.sql, notice), await write.addNotice(db.sql, notice)]).toEqual([true, false]);
    expect(await read.listNotices(db.sql, team, userId)).toMatchObject({ unread: 1, items: [{ title: 't', readAt: null }] });
    expect(await write.markNoticesRead(db.sql, team, userId, 'all')).toBe(1);
    expect((await read.listNotices(db.sql, team, userId, { unreadOnly: true })).items).toEqual([]);
  });

  it('idempotency keys are new, in flight, done, different, and new again when dropped', async () => {
    const at = { team, scope: 's', key: 'k' };
    const hash = Buffer.alloc(32, 1);
    expect(await write.beginIdempotent(db.sql, { ...at, bodyHash: hash })).toEqual({ state: 'new' });
    expect(await write.beginIdempotent(db.sql, { ...at, bodyHash: hash })).toEqual({ state: 'in-flight' });
    await write.dropIdempotent(db.sql, at);
    expect(await write.beginIdempotent(db.sql, { ...at, bodyHash: hash })).toEqual({ state: 'new' });
    await write.endIdempotent(db.sql, { ...at, status: 201, body: '{}' });
    expect(await write.beginIdempotent(db.sql, { ...at, bodyHash: hash })).toEqual({ state: 'done', status: 201, body: '{}' });
    expect(await write.beginIdempotent(db.sql, { ...at, bodyHash: Buffer.alloc(32, 2) })).toEqual({ state: 'different' });
  });

  it('rates hold under 50 at once, and a window ends', async () => {
    const taken = await Promise.all(Array.from({ length: 50 }, () => write.takeRate(db.sql, { key: 'r', limit: 20, windowMs: 60_000 })));
    expect(taken.filter((one) => one.allowed).length).toBe(20);
    expect((await write.takeRate(db.authSql, { key: 'now', limit: 1, windowMs: 0 })).allowed).toBe(true);
    expect((await write.takeRate(db.authSql, { key: 'now', limit: 1, windowMs: 0 })).allowed).toBe(true);
  });

  it('variables are as they were at the start of a run', async () => {
    const { workflowId } = await makeWorkflow(db, team);
    await write.setVariable(db.sql, { team, name: 'tone', value: 'kind', userId });
    const run = await start(workflowId);
    await write.setVariable(db.sql, { team, name: 'tone', value: { now: 'stern' }, userId });
    expect((await store.facts(team, run)).vars).toEqual({ tone: 'kind' });
    expect((await read.listVariables(db.sql, team)).items).toMatchObject([{ name: 'tone', value: { now: 'stern' } }]);
    await write.setVariable(db.sql, { team, name: 'tone', value: null, userId });
    expect((await read.listVariables(db.sql, team)).items).toMatchObject([{ name: 'tone', value: null }]);
    expect([await write.deleteVariable(db.sql, other, 'tone'), await write.deleteVariable(db.sql, team, 'tone')]).toEqual([false, true]);
  });
});

describe('the order of keys in a definition', () => {
  it('is the author’s, in the draft, in a version and in what a run is made of', async () => {
    const { team } = await makeTeam(db);
    const definition = {
      schemaVersion: 1,
      nodes: [{ id: 'a', type: 'output', config: { name: 'x', value: { zebra: 1, ape: 2, bb: 3 } } }],
      edges: [],
    };
    const { workflowId } = await makeWorkflow(db, team, { definition });
    expect(JSON.stringify((await read.readWorkflow(db.sql, team, workflowId))?.definition)).toBe(JSON.stringify(definition));
    expect(JSON.stringify((await read.readVersion(db.sql, team, workflowId, 1))?.definition)).toBe(JSON.stringify(definition));
  });
});
