/** What the fake answers for connections: one of each state, kinds as the hub has them. */
import { connectorManifests } from '@hub/activities/catalogue';
import type { OperationId } from '@hub/contract';
import { credentialKinds, type CredentialKindSpec, oauthProviders } from '@hub/kit/credentials';
import type { FakeCall } from './answers.ts';
import { Refused } from './refused.ts';
import { boot, uuid, workflows } from './store.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const base = {
  allowedHosts: ['api.example.com'],
  usableBy: 'team',
  users: [],
  statusReason: null,
  account: null,
  scopes: [] as string[],
  expiresAt: null as string | null,
  expiryWarning: null as 'soon' | 'ended' | null,
  revision: 1,
  createdAt: iso(boot - 9e8),
  updatedAt: iso(boot - 9e8),
};
const googleHosts = ['sheets.googleapis.com', 'www.googleapis.com'];
const stored = [
  {
    ...base,
    id: uuid(60),
    name: 'CRM key',
    kind: 'bearer',
    status: 'active',
    expiresAt: iso(boot + 3e8),
    expiryWarning: 'soon',
    lastUsedAt: iso(boot - 8e6),
  },
  {
    ...base,
    id: uuid(62),
    name: 'Sheets of the shop',
    kind: 'google-oauth',
    status: 'needs_reauth',
    statusReason: 'invalid_grant',
    allowedHosts: googleHosts,
    scopes: ['https://www.googleapis.com/auth/spreadsheets'],
    lastUsedAt: iso(boot - 9e7),
  },
  {
    ...base,
    id: uuid(64),
    name: 'Reporting robot',
    kind: 'google-service-account',
    status: 'active',
    account: 'robot@shop.iam.gserviceaccount.com',
    allowedHosts: googleHosts,
    lastUsedAt: iso(boot - 4e5),
  },
  {
    ...base,
    id: uuid(65),
    name: 'Warehouse, read only',
    kind: 'postgres',
    status: 'active',
    allowedHosts: ['db.example.com'],
    lastUsedAt: iso(boot - 6e5),
  },
  { ...base, id: uuid(66), name: 'Workspace of the shop', kind: 'slack-bot-token', status: 'active', allowedHosts: ['slack.com'], lastUsedAt: null },
  { ...base, id: uuid(63), name: 'Announcements', kind: 'google-oauth', status: 'pending', allowedHosts: googleHosts, lastUsedAt: null },
];

const takenBy = (kind: string): string[] =>
  Object.values(connectorManifests).flatMap(({ id, actions }) =>
    Object.values(actions).some(({ credentialKinds: taken }) => (taken as readonly string[]).includes(kind)) ? [id] : [],
  );

/** As the API tells them. */
const kinds = Object.values(credentialKinds).map((spec: CredentialKindSpec) => {
  const provider = spec.grant === 'authorization-code' && spec.provider !== undefined ? oauthProviders[spec.provider] : null;
  return {
    ...spec,
    hosts: spec.hosts === 'given' ? null : Array.isArray(spec.hosts) ? [...(spec.hosts as readonly string[])] : [],
    hostsFixed: spec.hostsFixed === true || spec.hosts === 'nowhere',
    docsUrl: spec.docsUrl === '' ? null : spec.docsUrl,
    fields: spec.fields.map((field) => ({ ...field, choices: [...(field.choices ?? [])], fallback: field.fallback ?? null })),
    oauth: provider && { redirectUrl: 'http://localhost:3000/oauth/callback', steps: [...provider.steps], scopes: [...provider.scopes] },
    connectors: takenBy(spec.id),
  };
});

const tables = ['customers', 'order_lines', 'orders', 'products', 'refunds', 'reviews', 'shipments', 'suppliers'];
const sheets = Array.from({ length: 130 }, (_, n) => ({
  value: `1aBcD_eFgHiJkLmNoPqRsTuVw${String(n).padStart(4, '0')}`,
  label:
    n === 0
      ? 'Orders of the shop'
      : n === 1
        ? 'Reviews to answer by somebody of the support team before the weekend'
        : `Export ${String(n).padStart(3, '0')}`,
  help: `changed ${iso(boot - n * 8.64e7).slice(0, 10)}`,
}));
const named = (names: string[], help?: string) => names.map((name) => ({ value: name, label: name, ...(help ? { help } : {}) }));
const choices: Record<string, { value: string; label: string; help?: string }[]> = {
  spreadsheets: sheets,
  sheets: named(['Orders', 'Returns', 'Notes']),
  schemas: named(['public', 'reporting']),
  tables: named(tables),
  columns: named(['id', 'customer', 'total', 'placed_at'], 'text'),
};
const pageSize = 50;

/** A database that has no schema `reporting` any more, a Slack that does not answer, and sheets in pages. */
function options({ params, body }: FakeCall): unknown {
  if (params['id'] === 'slack')
    throw new Refused(503, 'connector.unavailable', 'Slack did not answer within 20 s.', undefined, { remedy: 'Try again in a moment.' });
  if (body['resource'] === 'tables' && (body['params'] as Record<string, unknown>)['schema'] === 'reporting') return { items: [], nextCursor: null };
  const sought = String(body['search'] ?? '').toLowerCase();
  const found = (choices[String(body['resource'])] ?? []).filter(({ label }) => label.toLowerCase().includes(sought));
  const from = Number(body['cursor'] ?? 0);
  return { items: found.slice(from, from + pageSize), nextCursor: from + pageSize < found.length ? String(from + pageSize) : null };
}

function fields({ params, body }: FakeCall): unknown {
  const place = body['params'] as Record<string, unknown>;
  if (!place['sheet'] && !place['table'])
    throw new Refused(422, 'connector.refused', 'Choose a table first.', undefined, { remedy: 'Columns are those of a table.' });
  if (params['id'] === 'google-sheets')
    return { schema: { type: 'object', properties: { Order: {}, Customer: {}, Total: {}, 'Placed at': {}, 'Note for the warehouse': {} } } };
  return {
    schema: {
      type: 'object',
      properties: {
        id: { type: 'integer' },
        customer: { type: 'string' },
        total: { type: 'number' },
        paid: { type: 'boolean' },
        placed_at: { type: 'string', format: 'date-time' },
        note: {},
      },
      required: ['customer', 'total'],
    },
  };
}

export const connectionAnswers: Partial<Record<OperationId, (call: FakeCall) => unknown>> = {
  listCredentials: (call) => ({ items: call.cookie.includes('fake=empty') ? [] : stored, nextCursor: null }),
  getCredential: (call) => stored.find(({ id }) => id === call.params['id']) ?? stored[0],
  listCredentialKinds: () => ({ items: kinds, nextCursor: null }),
  listCredentialUses: () => ({
    items: workflows
      .slice(0, 2)
      .map(({ id, name }, at) => ({ workflowId: id, workflowName: name, nodeId: 'fetch_rows', where: at === 0 ? 'published' : 'draft' })),
    nextCursor: null,
  }),
  testCredential: () => ({
    ok: false,
    code: 'credential.missing-scope',
    message: 'This scope is missing: chat:write.',
    account: null,
    missingScopes: ['chat:write'],
  }),
  connectorOptions: options,
  connectorFields: fields,
  connectCredential: () => ({ url: '/connections' }),
};
