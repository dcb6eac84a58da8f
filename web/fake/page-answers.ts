/** What the fake answers for lists, accounts, figures, templates and approvals. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OperationId } from '@hub/contract';
import type { FakeCall } from './answers.ts';
import { type at, boot, runs, uuid, workflows } from './store.ts';
import { ada, listItem } from './workflow-list.ts';

type Answer = (call: FakeCall) => unknown;
const iso = (ms: number): string => new Date(ms).toISOString();
const day = (back: number): string => iso(boot - back * 86_400_000).slice(0, 10);
const list = <T>(items: T[]): { items: T[]; nextCursor: null } => ({ items, nextCursor: null });

const wave = (n: number): number => Math.max(0, 0.8 + Math.sin(n / 3) * 0.5 + ((n * 7) % 5) * 0.12);

const teamLimits = {
  plan: 'teams',
  activeWorkflows: { used: 4, most: 5 },
  runsThisMonth: { used: 61, most: 100 },
  runsAtOnce: { used: 2, most: 200 },
  members: { used: 2, most: null },
  fileBytes: { used: 3_166_208, most: null },
};

const figures: Partial<Record<OperationId, Answer>> = {
  getSpend: (call) => {
    const count = Number(call.query['days'] ?? 30);
    const days = call.cookie.includes('fake=empty')
      ? Array.from({ length: count }, (_, i) => ({ day: day(count - 1 - i), costUsd: 0, runs: 0, failed: 0 }))
      : Array.from({ length: count }, (_, i) => ({
          day: day(count - 1 - i),
          costUsd: wave(i),
          runs: Math.round(wave(i) * 20),
          failed: i % 6 === 0 ? 1 : 0,
        }));
    const costUsd = days.reduce((sum, each) => sum + each.costUsd, 0);
    return {
      days,
      costUsd,
      before: { costUsd: costUsd * 0.87, runs: 400 },
      workflows: workflows
        .slice(0, 3)
        .map(({ id, name }, i) => ({ workflowId: id, workflowName: name, costUsd: costUsd / (i + 1.6), runs: 120 / (i + 1) })),
    };
  },
  getTeamLimits: () => teamLimits,
  setTeamLimits: (call) => {
    teamLimits.runsAtOnce.most = Number(call.body['runsAtOnce']);
    return teamLimits;
  },
  updateMe: (call) => Object.assign(ada, call.body),
  changePassword: () => null,
  endSession: () => null,
  listSessions: () =>
    list([
      {
        id: uuid(801),
        current: true,
        createdAt: iso(boot - 2e8),
        seenAt: iso(boot - 6e4),
        expiresAt: iso(boot + 4e8),
        ip: '203.0.113.7',
        userAgent: 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36',
      },
      {
        id: uuid(802),
        current: false,
        createdAt: iso(boot - 5e8),
        seenAt: iso(boot - 9e7),
        expiresAt: iso(boot + 1e8),
        ip: '198.51.100.24',
        userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile Safari/604.1',
      },
    ]),
};

const lists: Partial<Record<OperationId, Answer>> = {
  listWorkflows: (call) => {
    if (call.cookie.includes('fake=empty')) return list([]);
    const { status, q, tag, trigger, health, owner } = call.query as Record<string, string | undefined>;
    const found = workflows
      .map(listItem)
      .filter((each) => (status ? each.status === status : each.status !== 'archived'))
      .filter((each) => each.name.toLowerCase().includes((q ?? '').toLowerCase()))
      .filter((each) => !tag || each.tags.includes(tag))
      .filter((each) => !trigger || each.triggerTypes.includes(trigger))
      .filter((each) => !health || each.health.state === health)
      .filter((each) => !owner || each.owner?.id === (owner === 'me' ? ada.id : owner));
    return list(found);
  },
  listWorkflowTags: () => list([...new Set(workflows.flatMap(({ tags }) => tags))].map((tag) => ({ tag, workflows: 1 }))),
  bulkWorkflows: (call) => {
    const next = { activate: 'active', pause: 'paused', archive: 'archived', unarchive: 'paused', delete: null } as const;
    const action = call.body['action'] as keyof typeof next;
    return {
      items: (call.body['ids'] as string[]).map((id) => {
        const found = workflows.find((each) => each.id === id);
        if (found && action === 'delete') workflows.splice(workflows.indexOf(found), 1);
        else if (found) found.status = next[action] ?? found.status;
        return {
          id,
          ok: found !== undefined,
          status: next[action],
          error: found ? null : { code: 'workflow.not-found', detail: 'There is no such workflow.' },
        };
      }),
    };
  },
  duplicateWorkflow: (call) => {
    const from = workflows.find(({ id }) => id === call.params['id'])!;
    const copy = { ...from, id: uuid(0x700 + workflows.length), name: `${from.name} copy`, status: 'draft' as const, publishedVersion: null };
    workflows.unshift(copy);
    return { ...copy, definition: {} };
  },
  exportWorkflow: (call) => {
    const found = workflows.find(({ id }) => id === call.params['id'])!;
    return { format: 'hub-workflow', formatVersion: 1, name: found.name, description: null, tags: found.tags, definition: {}, placeholders: [] };
  },
  importWorkflow: (call) => {
    const { name } = call.body['file'] as { name: string };
    const made = { ...workflows[0]!, id: uuid(0x780 + workflows.length), name, status: 'draft' as const, publishedVersion: null };
    workflows.unshift(made);
    return { workflow: { ...made, definition: {} }, connect: [], errors: [], warnings: [] };
  },
  diffVersion: (call) => ({
    before: Number(call.query['against'] ?? Number(call.params['version']) - 1),
    after: call.params['version'] === 'draft' ? 'draft' : Number(call.params['version']),
    same: false,
    nodes: {
      added: [{ id: 'praise', type: 'transform', label: 'Thank-you list' }],
      removed: [{ id: 'by_product', type: 'transform', label: 'Count by product' }],
      changed: [
        {
          id: 'classify',
          type: 'prompt',
          label: 'Classify each review',
          fields: [
            { name: 'config.model', before: 'openai/gpt-5-mini', after: 'demo/rules' },
            { name: 'config.concurrency', before: 5, after: 10 },
            {
              name: 'config.messages',
              before: [{ role: 'user', content: 'Say how the customer feels: {{ item.text }}' }],
              after: [{ role: 'user', content: 'Say how the customer feels and why, in one word each: {{ item.text }}' }],
            },
          ],
        },
      ],
    },
    edges: { added: [{ from: 'unhappy', fromPort: 'false', to: 'praise' }], removed: [{ from: 'classify', fromPort: 'out', to: 'by_product' }] },
    triggers: { added: ['webhook'], removed: [], changed: [] },
    settings: [{ name: 'timeoutMs', before: 60_000, after: 300_000 }],
    inputs: null,
    ui: false,
  }),
};

const examples = join(import.meta.dirname, '..', '..', 'activities', 'examples');
const templates = () =>
  readdirSync(examples, { withFileTypes: true }).flatMap((folder) => {
    const text = (name: string): string => readFileSync(join(examples, folder.name, name), 'utf8');
    try {
      const about = JSON.parse(text('template.json')) as Record<string, unknown>;
      const definition = JSON.parse(text('definition.json')) as { nodes: { type: string }[] };
      return [
        {
          id: folder.name,
          ...about,
          nodeTypes: [...new Set(definition.nodes.map(({ type }) => type))],
          definition,
          notes: text('notes.md'),
          files: [],
        },
      ];
    } catch {
      return [];
    }
  });

const form = {
  type: 'object',
  required: ['hours'],
  properties: {
    hours: { type: 'integer', title: 'Hours to spend', minimum: 1, maximum: 8, default: 2 },
    note: { type: 'string', title: 'Note for the team', description: 'Goes into the message.' },
  },
};
const asked = [
  {
    id: uuid(601),
    runId: uuid(0xa002),
    workflowId: uuid(2),
    workflowName: 'Hourly lead scoring',
    nodeId: 'ask',
    path: 'ask',
    status: 'pending' as string,
    title: 'Call 12 hot leads today?',
    body: 'All scored 80 or more. Ada has time from 14:00.\n\nThe list goes to the sales channel once you say yes.',
    form,
    approvers: ['editor'],
    requestedAt: iso(boot - 1.4e6),
    expiresAt: iso(boot + 6.6e6),
    answer: null as unknown,
    mayAnswer: true,
  },
  {
    id: uuid(602),
    runId: uuid(0xa005),
    workflowId: uuid(1),
    workflowName: 'Product reviews',
    nodeId: 'report',
    path: 'report',
    status: 'pending' as string,
    title: 'Send the weekly report to the whole company?',
    body: null,
    form: null,
    approvers: ['cleo@example.com'],
    requestedAt: iso(boot - 9e6),
    expiresAt: null,
    answer: null as unknown,
    mayAnswer: false,
  },
];
const answered = (id: string | undefined, decision: unknown, given: unknown): void => {
  const found = asked.find((each) => each.id === id || each.nodeId === id);
  if (found)
    Object.assign(found, { status: decision, mayAnswer: false, answer: { decision, by: ada.email, at: iso(Date.now()), form: given ?? null } });
};

const waits: Record<string, Answer> = {
  listApprovals: (call) =>
    list(
      call.cookie.includes('fake=empty')
        ? []
        : asked.filter(
            (each) =>
              (!call.query['status'] || each.status === call.query['status']) &&
              (!call.query['runId'] || each.runId === call.query['runId']) &&
              (call.query['mine'] !== 'true' || each.mayAnswer),
          ),
    ),
  getApproval: (call) => asked.find(({ id }) => id === call.params['id']) ?? asked[0],
  getApprovalLink: (call) => asked.find(({ id }) => id === call.params['id']) ?? asked[0],
  answerApprovalLink: (call) => {
    answered(call.params['id'], call.body['decision'], call.body['form']);
    return asked.find(({ id }) => id === call.params['id']);
  },
  answerNode: (call) => {
    answered(call.params['nodeId'], call.body['decision'], call.body['form']);
    const found = runs.find(({ run }) => run.id === call.params['id']);
    if (found) found.run.statusReason = null;
    return { id: call.params['id'], nodeId: call.params['nodeId'], path: call.params['nodeId'], decision: call.body['decision'], repeated: false };
  },
  pauseRun: (call) => ({ id: call.params['id'], status: 'running' }),
  resumeRun: (call) => ({ id: call.params['id'], status: 'running' }),
  getRetention: () => ({ days: 365, chosen: null, byPlan: 365 }),
  setRetention: (call) => ({ days: Number(call.body['days'] ?? 365), chosen: call.body['days'] ?? null, byPlan: 365 }),
  noteRun: (call) => {
    const found = runs.find(({ run }) => run.id === call.params['id']);
    const note = typeof call.body['note'] === 'string' ? call.body['note'] : null;
    if (found) Object.assign(found.run, { note, noteBy: note === null ? null : { id: uuid(9), name: 'Ada Lovelace' } });
    return { note };
  },
  planRetry: (call) => ({
    version: 3,
    kept: [
      { nodeId: 'reviews', label: 'Read reviews', items: null, tokens: 0, costUsd: 0 },
      { nodeId: 'classify', label: 'Classify each review', items: 137, tokens: 21_400, costUsd: 0.0026 },
    ],
    runs: [
      {
        nodeId: 'classify',
        label: 'Classify each review',
        why: call.body['fromNode'] ? 'asked' : 'failed',
        tokens: 2600,
        costUsd: 0.0004,
        mayKeep: false,
      },
      { nodeId: 'unhappy', label: 'Any unhappy?', why: 'not-run', tokens: 0, costUsd: 0, mayKeep: false },
      { nodeId: 'report', label: 'Report', why: 'downstream', tokens: 900, costUsd: 0.0002, mayKeep: true },
    ],
    saved: { tokens: 21_400, costUsd: 0.0026 },
    cost: { tokens: 3500, costUsd: 0.0006 },
    mayBeSaved: { tokens: 900, costUsd: 0.0002 },
  }),
  getForm: () => ({
    title: 'Report a broken parcel',
    description: 'We look at it the same day and write to you.',
    public: true,
    schema: {
      type: 'object',
      properties: {
        email: { type: 'string', title: 'Your e-mail', format: 'email' },
        topic: { type: 'string', title: 'What happened', enum: ['Broken', 'Late', 'Not mine'] },
        text: { type: 'string', title: 'Tell us more', maxLength: 2000 },
        urgent: { type: 'boolean', title: 'It is urgent' },
      },
      required: ['email', 'topic'],
    },
    test: false,
  }),
  getSubmission: (call) => {
    const answer = {
      contentType: 'application/json',
      body: { ticket: 'T-1042', text: 'Thank you. Your parcel is replaced; a label is on its way to you.' },
    };
    const isDone = call.params['submission']?.includes('done') ?? false;
    return isDone
      ? { status: 'done', progress: { done: 4, total: 4 }, answer, message: 'Done.' }
      : { status: 'working', progress: { done: 2, total: 4 }, answer: null, message: 'It is being worked on.' };
  },
  listCacheEntries: () => ({
    items: [
      {
        id: uuid(0xc1),
        nodeId: 'classify',
        runId: uuid(0xa005),
        bytes: 48_200,
        tokens: 34_315,
        costUsd: 0.0043,
        uses: 3,
        createdAt: new Date(boot - 3.6e6).toISOString(),
        expiresAt: new Date(boot + 8e7).toISOString(),
      },
    ],
    nextCursor: null,
  }),
  clearCache: () => ({ cleared: 1 }),
  retryRun: () => ({ id: uuid(0xa001), status: 'queued' }),
  listTemplates: () => list(templates()),
  getTemplate: (call) => templates().find(({ id }) => id === call.params['templateId']),
  useTemplate: () => ({ workflow: { ...workflows[0], definition: {} }, sampleInput: {} }),
};

/** Of runs: the filters that the pages offer. */
export const runFilter =
  (query: Record<string, unknown>) =>
  ({ run }: ReturnType<typeof at>): boolean =>
    (!query['q'] || `${run.workflowName} ${run.error?.message ?? ''} ${run.id}`.toLowerCase().includes(String(query['q']).toLowerCase())) &&
    (!query['trigger'] || (run.trigger as { type: string }).type === query['trigger']) &&
    (!query['ids'] || String(query['ids']).split(',').includes(run.id)) &&
    (!query['from'] || run.createdAt >= String(query['from'])) &&
    (query['test'] === undefined || String(run.isTest ?? false) === query['test']);

export const pageAnswers: Partial<Record<OperationId, Answer>> = { ...figures, ...lists, ...waits };
