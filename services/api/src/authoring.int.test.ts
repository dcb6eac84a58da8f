import type { VersionDiff, WorkflowFile } from '@hub/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApi, type TestTeam, startTestApi } from './testing/harness.ts';
import { must, publishedWorkflow, smallDefinition } from './testing/resources.ts';

let api: TestApi;
let team: TestTeam;
beforeAll(async () => {
  api = await startTestApi();
  team = await api.makeTeam();
});
afterAll(async () => api.close());

const exampleFile = '0199c0de-7a11-7000-8000-0000000000ff';
const editor = () => ({ key: team.keys.editor });
const change = (id: string, revision: number, body: object, key = team.keys.editor) =>
  api.ask(`/api/v1/workflows/${id}`, { method: 'PATCH', key, body, headers: { 'if-match': `"${revision}"` } });
const changed = (patch: object) => ({ ...smallDefinition, ...patch });

describe('a draft', () => {
  it('that somebody else saved answers who, when, and the revision to go on from', async () => {
    const ada = await api.person(team.id, 'editor');
    const bo = await api.person(team.id, 'editor');
    const { id } = (await must(api, '/api/v1/workflows', { session: ada, body: { name: 'Ours', definition: smallDefinition } })) as { id: string };
    const save = (session: typeof ada, name: string) =>
      api.ask(`/api/v1/workflows/${id}`, { method: 'PATCH', session, body: { name }, headers: { 'if-match': '"1"' } });
    expect((await save(bo, 'Mine')).statusCode).toBe(200);
    const late = await save(ada, 'No, mine');
    expect(late.statusCode).toBe(412);
    expect(late.json()).toMatchObject({
      code: 'request.stale',
      current: { revision: 2, updatedBy: { id: bo.userId, name: 'A person' }, updatedAt: expect.any(String) },
    });
    expect((await api.ask(`/api/v1/workflows/${id}`, { session: ada })).json()).toMatchObject({
      owner: { id: ada.userId },
      updatedBy: { id: bo.userId },
      name: 'Mine',
    });
  });

  it('is no other draft for the versions of actions that publishing writes down', async () => {
    const node = { id: 'rows', type: 'data_source', config: { connector: 'file', action: 'read-rows', params: { file: '{{ input.file }}' } } };
    const definition = { schemaVersion: 1, nodes: [node], edges: [] };
    const { id } = (await must(api, '/api/v1/workflows', { ...editor(), body: { name: 'Reads a file', definition } })) as { id: string };
    await must(api, `/api/v1/workflows/${id}/publish`, { ...editor(), body: {} });
    expect((await api.ask(`/api/v1/workflows/${id}`, editor())).json()).toMatchObject({ publishedVersion: 1, draftChanged: false, definition });
    const other = { ...definition, nodes: [{ ...node, config: { ...node.config, params: { file: '{{ input.other }}' } } }] };
    expect((await change(id, 1, { definition: other })).json()).toMatchObject({ draftChanged: true });
  });

  it('saved unchanged keeps its revision, and moved nodes are no new version', async () => {
    const id = await publishedWorkflow(api, team);
    expect((await change(id, 1, { definition: smallDefinition })).json()).toMatchObject({ revision: 1, draftChanged: false });
    const moved = changed({ ui: { nodes: { upper: { x: 10, y: 20 } } } });
    expect((await change(id, 1, { definition: moved })).json()).toMatchObject({ revision: 2, draftChanged: false });
    expect(await must(api, `/api/v1/workflows/${id}/publish`, { ...editor(), body: {} })).toMatchObject({ version: 1 });
    const actions = async () =>
      ((await must(api, `/api/v1/audit-entries?target=workflow:${id}`, { key: team.keys.admin })) as { items: { action: string }[] }).items.map(
        ({ action }) => action,
      );
    await change(id, 2, { definition: changed({ nodes: smallDefinition.nodes.slice(0, 1), edges: [] }) });
    await change(id, 3, { definition: moved });
    // One person's work of ten minutes is one entry: that of making it.
    expect(await actions()).toEqual(['workflow.publish', 'workflow.create']);
    const tagged = (await change(id, 4, { tags: ['b', 'a', 'b'] })).json();
    expect(tagged).toMatchObject({ revision: 5, tags: ['b', 'a'], draftChanged: true, definition: { settings: { tags: ['b', 'a'] } } });
    expect((await api.ask('/api/v1/workflow-tags', editor())).json()).toMatchObject({
      items: [
        { tag: 'a', workflows: 1 },
        { tag: 'b', workflows: 1 },
      ],
    });
  });

  it('is published as it was looked at: with the revision, a draft that was saved since is not', async () => {
    const id = await publishedWorkflow(api, team);
    const publish = (revision: number) =>
      api.ask(`/api/v1/workflows/${id}/publish`, { ...editor(), body: { note: 'Looked at' }, headers: { 'if-match': `"${revision}"` } });
    const next = changed({ settings: { maxConcurrentRuns: 3 } });
    expect((await change(id, 1, { definition: next })).json()).toMatchObject({ revision: 2, draftChanged: true });
    const late = await publish(1);
    expect([late.statusCode, late.json()]).toMatchObject([412, { code: 'request.stale', current: { revision: 2 } }]);
    expect((await api.ask(`/api/v1/workflows/${id}`, editor())).json()).toMatchObject({ publishedVersion: 1, draftChanged: true });
    expect((await publish(0)).statusCode).toBe(412);
    expect((await publish(2)).statusCode).toBe(201);
    expect((await api.ask(`/api/v1/workflows/${id}`, editor())).json()).toMatchObject({ publishedVersion: 2, draftChanged: false, revision: 2 });
  });

  it('is duplicated with its pins, and without versions', async () => {
    const id = await publishedWorkflow(api, team);
    await must(api, `/api/v1/workflows/${id}/pins`, { method: 'PUT', ...editor(), body: { upper: 'X' } });
    const copy = await must(api, `/api/v1/workflows/${id}/duplicate`, { ...editor(), body: {} });
    expect(copy).toMatchObject({ name: 'Shout copy', status: 'draft', publishedVersion: null, definition: smallDefinition });
    expect((await api.ask(`/api/v1/workflows/${String(copy['id'])}/pins`, editor())).json()).toEqual({ upper: 'X' });
  });
});

describe('the difference of versions', () => {
  it('is told by node and field, against the version before or any other', async () => {
    const id = await publishedWorkflow(api, team);
    const second = changed({
      nodes: [
        { id: 'upper', type: 'transform', label: 'Louder', config: { expression: '$uppercase(input.text) & "!"' } },
        { id: 'extra', type: 'transform', config: { expression: '1' } },
      ],
      edges: [],
      triggers: [{ id: 'manual', type: 'api' }],
      settings: { maxConcurrentRuns: 2 },
    });
    await change(id, 1, { definition: second });
    await must(api, `/api/v1/workflows/${id}/publish`, { ...editor(), body: { note: 'two' } });
    const diff = async (path: string) => (await must(api, `/api/v1/workflows/${id}/versions/${path}`, editor())) as unknown as VersionDiff;
    expect(await diff('2/diff')).toMatchObject({
      before: 1,
      after: 2,
      same: false,
      nodes: {
        added: [{ id: 'extra', type: 'transform' }],
        removed: [{ id: 'result', type: 'output' }],
        changed: [
          {
            id: 'upper',
            label: 'Louder',
            fields: [
              { name: 'label', after: 'Louder' },
              { name: 'config.expression', before: '$uppercase(input.text)', after: '$uppercase(input.text) & "!"' },
            ],
          },
        ],
      },
      edges: { added: [], removed: [{ from: 'upper', fromPort: 'out', to: 'result' }] },
      triggers: { changed: [{ id: 'manual', fields: [{ name: 'type', before: 'manual', after: 'api' }] }] },
      settings: [{ name: 'maxConcurrentRuns', after: 2 }],
      inputs: null,
    });
    expect(await diff('draft/diff')).toMatchObject({ before: 2, after: 'draft', same: true });
    expect(await diff('1/diff')).toMatchObject({ before: null, nodes: { added: [{ id: 'upper' }, { id: 'result' }] } });
    expect(await diff('1/diff?against=draft')).toMatchObject({ before: 'draft', after: 1, nodes: { added: [{ id: 'result' }] } });
    expect((await api.ask(`/api/v1/workflows/${id}/versions/9/diff`, editor())).statusCode).toBe(404);
    expect((await api.ask(`/api/v1/workflows/${id}/versions/x/diff`, editor())).statusCode).toBe(400);
  });
});

describe('rolling back', () => {
  it('publishes the old definition anew with exactly its triggers; the draft stays, and the version that runs is no change', async () => {
    const id = await publishedWorkflow(api, team);
    const second = changed({
      triggers: [
        { id: 'manual', type: 'manual' },
        { id: 'nightly', type: 'schedule', config: { cron: '0 3 * * *' } },
      ],
    });
    await change(id, 1, { definition: second });
    await must(api, `/api/v1/workflows/${id}/publish`, { ...editor(), body: {} });
    const triggers = async () => {
      const { items } = (await must(api, `/api/v1/workflows/${id}/triggers`, editor())) as {
        items: { id: string; status: string; version: number }[];
      };
      return items.filter(({ status }) => status !== 'removed').map((trigger) => `${trigger.id} ${trigger.version}`);
    };
    const roll = (version: number) => api.ask(`/api/v1/workflows/${id}/rollback`, { ...editor(), body: { version } });
    expect(await triggers()).toEqual(['manual 2', 'nightly 2']);
    expect((await roll(1)).json()).toMatchObject({ publishedVersion: 3, draftChanged: true, definition: { triggers: [{}, { id: 'nightly' }] } });
    expect(await triggers()).toEqual(['manual 3']);
    expect((await roll(3)).json()).toMatchObject({ publishedVersion: 3 });
    expect((await roll(2)).json()).toMatchObject({ publishedVersion: 4, draftChanged: false });
    expect(await triggers()).toEqual(['manual 4', 'nightly 4']);
    expect((await roll(9)).statusCode).toBe(422);
  });
});

it('a workflow, file or model that is not there is warned of, with its place', async () => {
  const definition = changed({
    nodes: [
      { id: 'child', type: 'subworkflow', config: { workflowId: 'workflow:shout', input: {} } },
      { id: 'read', type: 'data_source', config: { connector: 'file', action: 'read-rows', params: { file: { $file: exampleFile } } } },
      { id: 'ask', type: 'prompt', config: { model: 'gpt-5-mini', messages: [{ role: 'user', content: 'x' }] } },
    ],
    edges: [],
    triggers: [{ id: 'after', type: 'event', config: { workflowId: exampleFile, on: ['failed'] } }],
  });
  const { id } = await must(api, '/api/v1/workflows', { ...editor(), body: { name: 'W', definition } });
  const published = await must(api, `/api/v1/workflows/${String(id)}/publish`, { ...editor(), body: {} });
  expect((published['warnings'] as { path: string; code: string; nodeId: string | null }[]).map((one) => [one.path, one.code, one.nodeId])).toEqual(
    expect.arrayContaining([
      ['/nodes/0/config/workflowId', 'workflow.not-found', 'child'],
      ['/nodes/1/config/params/file/$file', 'file.not-found', 'read'],
      ['/nodes/2/config/model', 'node.unknown-model', 'ask'],
      ['/triggers/0/config/workflowId', 'workflow.not-found', null],
    ]),
  );
});

it('a model that the hub does not list is warned of, and can be published', async () => {
  const asks = (id: string, model: string) => ({ id, type: 'prompt', config: { model, messages: [{ role: 'user', content: 'Hello' }] } });
  const nodes = [asks('listed', 'openai/gpt-5-mini'), asks('new', 'openai/gpt-9'), asks('nobody', 'acme/large'), asks('demo', 'demo/slow-10')];
  const { id } = await must(api, '/api/v1/workflows', { ...editor(), body: { name: 'Models', definition: changed({ nodes, edges: [] }) } });
  const published = await must(api, `/api/v1/workflows/${String(id)}/publish`, { ...editor(), body: {} });
  expect((published['warnings'] as { path: string; code: string }[]).map(({ path, code }) => [path, code])).toEqual([
    ['/nodes/1/config/model', 'model.not-listed'],
    ['/nodes/2/config/model', 'node.unknown-model'],
  ]);
});

describe('a workflow as a file', () => {
  const calling = (credentialId: string, child: string) =>
    changed({
      nodes: [
        { id: 'call', type: 'data_source', config: { connector: 'http', action: 'request', params: { url: 'https://example.com/' }, credentialId } },
        { id: 'child', type: 'subworkflow', config: { workflowId: child, input: {} } },
        { id: 'named', type: 'subworkflow', config: { workflowId: '{{ input.text }}', input: {} } },
      ],
      edges: [],
      ui: { sampleInput: { file: { $file: child } }, zoom: 1 },
    });

  it('holds names and no ids, comes into another team as a draft, and says what is to be connected', async () => {
    const credential = await must(api, '/api/v1/credentials', {
      key: team.keys.admin,
      body: { name: 'CRM Key', kind: 'bearer', values: { token: 'tttttttt' }, allowedHosts: ['example.com'] },
    });
    const child = await publishedWorkflow(api, team);
    const made = await must(api, '/api/v1/workflows', {
      ...editor(),
      body: { name: 'Caller', description: 'd', definition: calling(String(credential['id']), child) },
    });
    const file = (await must(api, `/api/v1/workflows/${String(made['id'])}/export`, { key: team.keys.viewer })) as unknown as WorkflowFile;
    expect(JSON.stringify(file)).not.toContain(String(credential['id']));
    expect(JSON.stringify(file)).not.toContain(child);
    expect(file.placeholders).toEqual([
      { kind: 'credential', placeholder: 'credential:crm-key', name: 'CRM Key', credentialKind: 'bearer' },
      { kind: 'workflow', placeholder: 'workflow:shout', name: 'Shout', credentialKind: null },
    ]);
    expect(file.definition).toMatchObject({
      ui: { zoom: 1 },
      nodes: [{ config: { credentialId: 'credential:crm-key' } }, {}, { config: { workflowId: '{{ input.text }}' } }],
    });

    const other = await api.makeTeam();
    const bring = (body: object) => api.ask('/api/v1/workflows/import', { key: other.keys.editor, body });
    const imported = await bring({ file, name: 'Brought' });
    expect(imported.statusCode, imported.body).toBe(201);
    expect(imported.json()).toMatchObject({
      workflow: { name: 'Brought', description: 'd', status: 'draft' },
      connect: [
        { kind: 'credential', placeholder: 'credential:crm-key', at: [{ nodeId: 'call', path: '/nodes/0/config/credentialId' }] },
        { kind: 'workflow', placeholder: 'workflow:shout', at: [{ nodeId: 'child' }] },
      ],
    });
    expect((imported.json() as { errors: { code: string }[] }).errors.map(({ code }) => code)).toContain('credential.not-found');

    const own = await must(api, '/api/v1/credentials', {
      key: other.keys.admin,
      body: { name: 'Our CRM', kind: 'bearer', values: { token: 'tttttttt' }, allowedHosts: ['example.com'] },
    });
    const connected = (await bring({ file, connect: { 'credential:crm-key': own['id'] } })).json();
    expect(connected).toMatchObject({
      connect: [{ kind: 'workflow' }],
      workflow: { definition: { nodes: [{ config: { credentialId: own['id'] } }, {}, {}] } },
    });
    const foreign = await bring({ file, connect: { 'credential:crm-key': credential['id'], 'credential:none': own['id'] } });
    expect(foreign.statusCode).toBe(422);
    expect((foreign.json() as { errors: { code: string }[] }).errors.map(({ code }) => code).sort()).toEqual([
      'credential.not-found',
      'import.no-such-placeholder',
    ]);
  });

  it('with a secret in it goes neither out nor in; what is no definition is refused', async () => {
    const leaky = changed({ nodes: [{ id: 'upper', type: 'transform', config: { expression: `"sk-proj-${'a1B2'.repeat(12)}"` } }], edges: [] });
    const made = await must(api, '/api/v1/workflows', { ...editor(), body: { name: 'Leaky', definition: leaky } });
    const out = await api.ask(`/api/v1/workflows/${String(made['id'])}/export`, editor());
    expect(out.statusCode, out.body).toBe(422);
    const file = { format: 'hub-workflow', formatVersion: 1, name: 'x', description: null, tags: [], definition: leaky, placeholders: [] };
    const bring = (body: object) => api.ask('/api/v1/workflows/import', { ...editor(), body });
    expect((await bring({ file })).statusCode).toBe(422);
    expect((await bring({ file: { ...file, definition: { nodes: 1 } } })).json()).toMatchObject({ code: 'definition.invalid' });
    expect((await bring({ file: { ...file, format: 'n8n' } })).statusCode).toBe(400);
  });
});

describe('many workflows', () => {
  it('change one by one, each as its own route would allow', async () => {
    const [one, draft] = [
      await publishedWorkflow(api, team),
      String((await must(api, '/api/v1/workflows', { ...editor(), body: { name: 'D', definition: smallDefinition } }))['id']),
    ];
    const nowhere = '0199c0de-7a11-7000-8000-00000000ffff';
    const bulk = async (action: string, ids: string[], key = team.keys.editor) =>
      (
        (await must(api, '/api/v1/workflows/bulk', { key, body: { ids, action } })) as {
          items: { ok: boolean; status: string | null; error: { code: string } | null }[];
        }
      ).items.map(({ ok, status, error }) => (ok ? status : error?.code));
    expect(await bulk('pause', [one, draft, nowhere])).toEqual(['paused', 'workflow.not-published', 'workflow.not-found']);
    expect(await bulk('archive', [one, draft])).toEqual(['archived', 'archived']);
    expect(await bulk('unarchive', [one, draft])).toEqual(['paused', 'draft']);
    expect(await bulk('activate', [one, one])).toEqual(['active']);
    expect(await bulk('delete', [draft])).toEqual([null]);
    const writer = await must(api, '/api/v1/api-keys', { key: team.keys.admin, body: { name: 'w', scopes: ['workflow.write', 'workflow.read'] } });
    expect(await bulk('pause', [one], String(writer['key']))).toEqual(['auth.not-allowed']);
    const other = await api.makeTeam();
    expect(await bulk('archive', [one], other.keys.owner)).toEqual(['workflow.not-found']);
  });
});

describe('rights on one workflow', () => {
  it('let a viewer edit, publish and run that one and nothing else, and read who has them', async () => {
    const [mine, theirs] = [await publishedWorkflow(api, team), await publishedWorkflow(api, team)];
    const admin = await api.person(team.id, 'admin');
    const viewer = await api.person(team.id, 'viewer');
    const edit = (id: string) =>
      api.ask(`/api/v1/workflows/${id}`, { method: 'PATCH', session: viewer, body: { name: 'N' }, headers: { 'if-match': '"1"' } });
    const grant = (items: object[]) => api.ask(`/api/v1/workflows/${mine}/permissions`, { method: 'PUT', session: admin, body: { items } });
    expect((await edit(mine)).statusCode).toBe(403);
    const given = await grant([{ userId: viewer.userId, level: 'editor' }]);
    expect(given.json(), given.body).toMatchObject({ items: [{ user: { id: viewer.userId, email: viewer.email }, level: 'editor' }] });
    expect((await api.ask(`/api/v1/workflows/${mine}`, { session: viewer })).json()).toMatchObject({
      permissions: expect.arrayContaining(['workflow.write', 'run.start']),
    });
    expect((await api.ask('/api/v1/notices', { session: viewer })).json()).toMatchObject({
      items: [{ title: 'You can do more with Shout', link: `/workflows/${mine}` }],
    });
    expect((await edit(mine)).statusCode).toBe(200);
    expect((await edit(theirs)).statusCode).toBe(403);
    expect((await api.ask('/api/v1/workflows', { session: viewer, body: { name: 'New', definition: smallDefinition } })).statusCode).toBe(403);
    const run = await api.ask(`/api/v1/workflows/${mine}/runs`, { session: viewer, body: { input: { text: 'a' } } });
    expect(run.statusCode, run.body).toBe(202);
    expect((await api.ask(`/api/v1/workflows/${mine}/runs`, { session: viewer, body: { draft: true, only: 'upper' } })).statusCode).toBe(202);
    expect((await api.ask(`/api/v1/runs/${(run.json() as { id: string }).id}/cancel`, { method: 'POST', session: viewer })).statusCode).toBe(202);
    expect((await api.ask(`/api/v1/workflows/${theirs}/runs`, { session: viewer, body: { input: { text: 'a' } } })).statusCode).toBe(403);
    expect((await grant([{ userId: '0199c0de-7a11-7000-8000-00000000ffff', level: 'viewer' }])).json()).toMatchObject({
      errors: [{ code: 'member.not-found', path: '/items/0/userId' }],
    });
    expect((await grant([])).statusCode).toBe(200);
    expect((await edit(mine)).statusCode).toBe(403);
  });
});

describe('a template', () => {
  it('becomes a draft with its sample files, ready to publish and run', async () => {
    const { items } = (await must(api, '/api/v1/templates', { key: team.keys.viewer })) as { items: { id: string; needs: string[] }[] };
    expect(items.length).toBeGreaterThanOrEqual(3);
    for (const { id, needs } of items) {
      expect(needs, id).toEqual([]);
      const detail = await must(api, `/api/v1/templates/${id}`, { key: team.keys.viewer });
      expect(String(detail['notes']).length, id).toBeGreaterThan(100);
      const used = await must(api, `/api/v1/templates/${id}/use`, { ...editor(), body: {} });
      const { id: workflowId } = used['workflow'] as { id: string };
      await must(api, `/api/v1/workflows/${workflowId}/publish`, { ...editor(), body: {} });
      const started = await api.ask(`/api/v1/workflows/${workflowId}/runs`, { ...editor(), body: { input: used['sampleInput'] } });
      expect(started.statusCode, `${id} ${started.body}`).toBe(202);
    }
    expect((await api.ask('/api/v1/templates/none', editor())).json()).toMatchObject({ code: 'template.not-found' });
    expect((await api.ask('/api/v1/templates/..%2Fproduct-reviews', editor())).statusCode).toBe(400);
  });
});

describe('models', () => {
  it('say whether there is a key for them', async () => {
    const keys = async (at: TestApi, key: string) => {
      const { items } = (await must(at, '/api/v1/models', { key })) as { items: { provider: string; key: string }[] };
      return Object.fromEntries(items.map((item) => [item.provider, item.key]));
    };
    const fresh = await api.makeTeam();
    expect(await keys(api, fresh.keys.viewer)).toEqual({ demo: 'not-needed', openai: 'missing', anthropic: 'missing' });
    await must(api, '/api/v1/credentials', { key: fresh.keys.admin, body: { name: 'O', kind: 'openai', values: { apiKey: 'sk-test-only' } } });
    expect(await keys(api, fresh.keys.viewer)).toMatchObject({ openai: 'credential', anthropic: 'missing' });
  });
});
