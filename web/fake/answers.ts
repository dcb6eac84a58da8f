/** What the fake answers to each operation. An operation not listed answers 501. */
import { foldEvents, scopeOf } from '@hub/dag/moments';
import { type OperationId, rolePermissions } from '@hub/contract';
import { summarize } from './clock-run.ts';
import { builderAnswers } from './builder-answers.ts';
import { connectionAnswers } from './connection-answers.ts';
import { leads, reviews } from './definition.ts';
import { Refused } from './refused.ts';
import { pageAnswers, runFilter } from './page-answers.ts';
import { triggerAnswers } from './trigger-answers.ts';
import { at, boot, notices, runs, uuid, variables, workflows } from './store.ts';

export interface FakeCall {
  /** Revision of `If-Match`; null where none was sent. */
  ifMatch: number | null;
  params: Record<string, string>;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
  cookie: string;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const notFound = (): never => {
  throw new Refused(404, 'route.not-found', 'There is no such thing.');
};
const page = <T>(items: T[], { cursor, limit }: FakeCall['query']): { items: T[]; nextCursor: string | null } => {
  const from = Number(cursor ?? 0);
  const size = Number(limit ?? 50);
  return { items: items.slice(from, from + size), nextCursor: from + size < items.length ? String(from + size) : null };
};
const runOf = (call: FakeCall) => runs.find(({ run }) => run.id === call.params['id']) ?? notFound();
const workflowOf = (call: FakeCall) => workflows.find(({ id }) => id === call.params['id']) ?? notFound();
const definitionOf = (id: string): unknown => (id === uuid(2) ? leads : id === uuid(3) ? { schemaVersion: 1, nodes: [], edges: [] } : reviews);
const role = (cookie: string): 'owner' | 'viewer' => (cookie.includes('fake=viewer') ? 'viewer' : 'owner');
const team = { id: uuid(900), name: 'Acme support', slug: 'acme', plan: 'enterprise', role: 'owner' as const, createdAt: iso(boot - 1e9) };
const ada = { id: uuid(901), name: 'Ada Lovelace', email: 'ada@example.com', timeZone: null as string | null };
const empty = (cookie: string): boolean => cookie.includes('fake=empty');

function strip(rows: ReturnType<typeof at>['rows'], startedAt: string | null) {
  if (!startedAt) return [];
  const zero = Date.parse(startedAt);
  return summarize(rows)
    .filter((node) => node.startedAt && !rows.some((row) => row.nodeId === node.nodeId && row.path.includes('.')))
    .map((node) => ({
      nodeId: node.nodeId,
      status: node.status,
      kept: node.kept ?? false,
      startMs: Date.parse(node.startedAt!) - zero,
      endMs: node.status === 'running' || !node.completedAt ? null : Date.parse(node.completedAt) - zero,
    }));
}

type Answer = (call: FakeCall) => unknown;

const runAnswers: Partial<Record<OperationId, Answer>> = {
  listRuns: (call) =>
    empty(call.cookie)
      ? page([], {})
      : page(
          runs
            .map(at)
            .filter(
              ({ run }) =>
                (!call.query['status'] || run.status === call.query['status']) &&
                (!call.query['workflowId'] || run.workflowId === call.query['workflowId']),
            )
            .filter(runFilter(call.query))
            .sort((a, b) => (a.run.createdAt < b.run.createdAt ? 1 : -1))
            .map(({ run, rows }) => ({ ...run, ...(call.query['include'] === 'strip' ? { strip: strip(rows, run.startedAt) } : {}) })),
          call.query,
        ),
  getRun: (call) => at(runOf(call)).run,
  getRunDefinition: (call) => {
    const { run, definition } = runOf(call);
    return { workflowId: run.workflowId, workflowName: run.workflowName, version: run.version, definition };
  },
  listCompensations: (call) => {
    const { completed, failed, total } = runOf(call).run.undo ?? { completed: 0, failed: 0, total: 0 };
    return page(
      ['report', 'by_topic', 'classify'].slice(0, total).map((nodeId, index) => ({
        n: index + 1,
        nodeId,
        path: nodeId,
        action: ['file.delete', 'airtable.restore-records', 'slack.delete-message'][index],
        status: index < failed ? (index === 0 ? 'failed' : 'unknown') : index < failed + completed ? 'completed' : 'waiting',
        attempts: index < failed ? 3 : 1,
        error: index < failed ? { code: 'http.forbidden', message: 'The service did not let the hub delete it: the file is locked by Bo.' } : null,
        startedAt: iso(boot - 6.1e6),
        completedAt: iso(boot - 6e6),
      })),
      {},
    );
  },
  summarizeRunNodes: (call) => ({ items: summarize(at(runOf(call)).rows, runOf(call).beats), nextCursor: null }),
  listRunNodes: (call) =>
    page(
      at(runOf(call))
        .rows.filter(
          (row) =>
            (!call.query['nodeId'] || row.nodeId === call.query['nodeId']) &&
            (call.query['iteration'] === undefined || row.iteration === Number(call.query['iteration'])),
        )
        .sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }) || a.attempt - b.attempt)
        .map(({ input, output, ...row }) => (call.query['values'] === 'false' ? row : { ...row, input, output })),
      call.query,
    ),
  listRunEvents: (call) => ({
    items: eventsOf(at(runOf(call)))
      .filter(({ seq }) => seq > Number(call.query['after'] ?? 0))
      .slice(0, Number(call.query['limit'] ?? 50)),
    nextCursor: null,
  }),
  readRunMoment: (call) => {
    const fake = at(runOf(call));
    const events = eventsOf(fake);
    const shown = events.slice(0, Number(call.params['seq']));
    const fold = foldEvents(shown);
    const scope = String(call.query['scope'] ?? '');
    const now = fold.run();
    const types = new Map(summarize(fake.rows).map((one) => [one.nodeId, one.nodeType]));
    const seen = fold
      .visible(scope)
      .map(({ path, nodeId, attempt }) => [nodeId, { path, attempt, value: fake.rows.find((row) => row.path === path)?.output, error: null }]);
    return {
      ...now,
      lastSeq: events.length,
      event: shown.at(-1) ?? null,
      totals: { steps: now.steps, tokens: now.tokens, costUsd: now.costUsd },
      nodes: fold.nodes([...types.keys()]).map((node) => ({ ...node, nodeType: types.get(node.nodeId), model: null })),
      scope,
      steps: fold.steps().filter((step) => scopeOf(step.path) === scope),
      variables: Object.fromEntries(seen),
    };
  },
  bulkCancel: (call) => ({ items: bulkOf(call, 'cancelled') }),
  bulkRetry: (call) => ({ items: bulkOf(call, null) }),
  cancelRun: (call) => {
    const fake = runOf(call);
    fake.run.status = 'cancelled';
    fake.run.completedAt = iso(Date.now());
    fake.lengthMs = Date.now() - fake.startedAt;
    return { id: fake.run.id, status: 'cancelled' };
  },
  startRun: (call) => {
    const input = call.body['input'] as Record<string, unknown> | undefined;
    if (input && !input['file'] && call.params['id'] === uuid(1))
      throw new Refused(422, 'input.invalid', "The input is not of the workflow's schema.", [
        { path: '/input/file', code: 'input.required', message: 'This is needed.' },
      ]);
    return { id: uuid(0xa001), status: 'queued' };
  },
};

const workflowAnswers: Partial<Record<OperationId, Answer>> = {
  getWorkflow: (call) => ({ ...workflowOf(call), definition: definitionOf(call.params['id']!) }),
  getVersion: (call) => ({
    id: uuid(300),
    workflowId: call.params['id'],
    version: Number(call.params['version']),
    hash: '4f1c',
    note: 'Count by topic instead of by product',
    publishedAt: iso(boot - 4e8),
    definition: definitionOf(call.params['id']!),
  }),
  listVersions: (call) =>
    page(
      Array.from({ length: workflowOf(call).publishedVersion ?? 0 }, (_, index) => ({
        id: uuid(310 + index),
        workflowId: call.params['id'],
        version: (workflowOf(call).publishedVersion ?? 0) - index,
        hash: '4f1c',
        note: index === 1 ? null : 'Count by topic instead of by product',
        publishedAt: iso(boot - 4e8 - index * 3e7),
      })),
      call.query,
    ),
  pauseWorkflow: (call) => ({ ...Object.assign(workflowOf(call), { status: 'paused' }), definition: {} }),
  activateWorkflow: (call) => ({ ...Object.assign(workflowOf(call), { status: 'active' }), definition: {} }),
  rollbackWorkflow: (call) => ({ ...Object.assign(workflowOf(call), { publishedVersion: call.body['version'] }), definition: {} }),
};

const teamAnswers: Partial<Record<OperationId, Answer>> = {
  getMe: (call) => {
    if (!call.cookie.includes('fake=')) throw new Refused(401, 'auth.required', 'Sign in first.');
    const mine = role(call.cookie);
    return {
      kind: 'person',
      user: ada,
      team: { ...team, role: mine },
      teams: [team, { ...team, id: uuid(902), name: 'Acme sales', slug: 'sales' }],
      role: mine,
      unread: notices.filter(({ readAt }) => !readAt).length,
      temporalUiUrl: 'http://127.0.0.1:8233',
      demo: true,
      permissions: [...rolePermissions[mine]],
      csrfToken: 'fake',
    };
  },
  signIn: (call) => {
    if (call.body['password'] !== 'correct horse battery') throw new Refused(401, 'auth.invalid-credentials', 'E-mail or password is not right.');
    return { person: ada, user: ada, teamId: team.id, csrfToken: 'fake' };
  },
  signUp: (call) => {
    if (String(call.body['email']).startsWith('taken'))
      throw new Refused(422, 'request.invalid', 'Some fields are not right.', [
        { path: '/email', code: 'x', message: 'This address cannot be used.' },
      ]);
    return { ok: true, message: 'You can sign in now.' };
  },
  requestReset: () => ({ ok: true, message: 'A mail is on its way.' }),
  resetPassword: () => ({ ok: true, message: 'Password changed.' }),
  signOut: () => null,
  switchTeam: () => team,
  updateTeam: (call) => Object.assign(team, { name: call.body['name'] }),
  listMembers: (call) =>
    page(
      [
        { id: uuid(911), userId: ada.id, name: ada.name, email: ada.email, role: 'owner', createdAt: iso(boot - 1e9) },
        { id: uuid(912), userId: uuid(903), name: 'Bo Diddley', email: 'bo@example.com', role: 'editor', createdAt: iso(boot - 2e8) },
      ],
      call.query,
    ),
  listInvitations: () =>
    page(
      [{ id: uuid(920), email: 'cleo@example.com', role: 'runner', status: 'pending', expiresAt: iso(boot + 5e8), createdAt: iso(boot - 1e7) }],
      {},
    ),
  createInvitation: (call) => ({
    id: uuid(921),
    email: call.body['email'],
    role: call.body['role'],
    status: 'pending',
    expiresAt: iso(boot + 5e8),
    createdAt: iso(boot),
  }),
  listApiKeys: (call) =>
    page(
      [
        {
          id: uuid(930),
          name: 'ci',
          prefix: 'hub_Ab12',
          scopes: ['runner'],
          expiresAt: null,
          lastUsedAt: iso(boot - 9e5),
          createdAt: iso(boot - 9e8),
        },
      ],
      call.query,
    ),
  createApiKey: (call) => ({
    id: uuid(931),
    name: call.body['name'],
    prefix: 'hub_Zz99',
    scopes: call.body['scopes'],
    expiresAt: null,
    lastUsedAt: null,
    createdAt: iso(boot),
    key: 'hub_not-a-real-key',
  }),
  deleteApiKey: () => null,
  listAuditEntries: (call) => {
    if (role(call.cookie) === 'viewer') throw new Refused(403, 'auth.forbidden', 'Your role does not include audit.read.');
    return page(
      Array.from({ length: 40 }, (_, index) => ({
        id: uuid(940 + index),
        at: iso(boot - index * 4e6),
        actor: `person:${ada.id}`,
        action: ['workflow.publish', 'run.cancel', 'api-key.create'][index % 3],
        targetType: 'workflow',
        targetId: uuid(1),
        ip: '127.0.0.1',
        details: {},
      })),
      call.query,
    );
  },
  listMails: () =>
    page(
      [
        {
          id: uuid(990),
          at: iso(boot - 1e7),
          to: 'cleo@example.com',
          subject: 'Ada Lovelace invites you to Acme support',
          text: 'Accept here:\nhttp://localhost:3100/invitations/0199c0de-7a11-7000-8000-000000000398\n\nThe link works for 7 days.',
        },
      ],
      {},
    ),
};

const thingAnswers: Partial<Record<OperationId, Answer>> = {
  listNotices: (call) => ({ ...page(empty(call.cookie) ? [] : notices, call.query), unread: notices.filter(({ readAt }) => !readAt).length }),
  readNotice: (call) => {
    const notice = notices.find(({ id }) => id === call.params['id']);
    if (notice) notice.readAt = iso(Date.now());
    return null;
  },
  readAllNotices: () => {
    for (const notice of notices) notice.readAt ??= iso(Date.now());
    return { read: 2 };
  },
  listFiles: (call) =>
    page(
      [
        ['reviews.csv', 'text/csv', 20_480],
        ['catalogue of all products, autumn and winter.json', 'application/json', 3_145_728],
      ].map(([name, mime, bytes], index) => ({ $file: uuid(70 + index), name, mime, bytes, sha256: '9b74', createdAt: iso(boot - index * 8e7) })),
      call.query,
    ),
  deleteFile: () => null,
  listVariables: (call) => page(variables, call.query),
  setVariable: (call) => {
    const found = variables.find(({ name }) => name === call.params['name']);
    const fresh = { name: call.params['name']!, value: call.body['value'], revision: (found?.revision ?? 0) + 1, updatedAt: iso(Date.now()) };
    if (found) Object.assign(found, fresh);
    else variables.push(fresh);
    return fresh;
  },
  deleteVariable: (call) => {
    const index = variables.findIndex(({ name }) => name === call.params['name']);
    if (index >= 0) variables.splice(index, 1);
    return null;
  },
  ...connectionAnswers,
  createCredential: (call) => ({
    id: uuid(61),
    name: call.body['name'],
    kind: call.body['kind'],
    allowedHosts: [],
    statusReason: null,
    account: null,
    scopes: [],
    expiresAt: null,
    usableBy: 'team',
    users: [],
    status: 'active',
    revision: 1,
    lastUsedAt: null,
    createdAt: iso(boot),
    updatedAt: iso(boot),
  }),
  listErrorCodes: () => ({
    items: [
      {
        id: 'model.bad-output',
        remedy: 'Say the wanted form more plainly in the prompt, or mark "score" as optional in its output schema, then run it again.',
      },
    ],
    nextCursor: null,
  }),
};

/** The log of a made-up run, from its rows. */
function eventsOf({ rows, run }: ReturnType<typeof at>) {
  return [
    { at: run.createdAt, type: 'run.queued', path: null as string | null, iteration: null as number | null, refs: {} },
    ...(run.startedAt ? [{ at: run.startedAt, type: 'run.running', path: null, iteration: null, refs: {} }] : []),
    ...rows.flatMap((row) => {
      const { path, iteration, nodeId, attempt, port } = row;
      return [
        ...(row.startedAt ? [{ at: row.startedAt, type: 'step.running', path, iteration, refs: { nodeId, attempt } }] : []),
        ...(row.completedAt
          ? [
              {
                at: row.completedAt,
                type: `step.${row.status}`,
                path,
                iteration,
                refs: { nodeId, attempt, port: port ?? undefined, tokens: row.tokens ?? 0, costUsd: row.costUsd ?? 0 },
              },
            ]
          : []),
      ];
    }),
  ]
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map((event, index) => ({ ...event, seq: index + 1 }));
}

function bulkOf({ body }: FakeCall, status: 'cancelled' | null) {
  return (body['ids'] as string[]).map((id) => {
    const fake = runs.find(({ run }) => run.id === id);
    if (fake && status) fake.run.status = status;
    return { id, done: fake !== undefined, newRun: null, code: fake ? null : 'run.not-found', detail: fake ? null : 'There is no such run.' };
  });
}

export const answers: Partial<Record<OperationId, Answer>> = {
  ...runAnswers,
  ...workflowAnswers,
  ...teamAnswers,
  ...thingAnswers,
  ...builderAnswers,
  ...pageAnswers,
  ...triggerAnswers,
  // Of the draft the builder's, which follows what is edited; of versions the pages' own.
  diffVersion: (call) => (call.params['version'] === 'draft' ? builderAnswers : pageAnswers).diffVersion?.(call),
};
