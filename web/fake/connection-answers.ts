/** What the fake answers for connections: one of each state, kinds as the hub has them. */
import type { OperationId } from '@hub/contract';
import type { FakeCall } from './answers.ts';
import { boot, uuid, workflows } from './store.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const base = {
  allowedHosts: ['api.example.com'],
  usableBy: 'team',
  users: [],
  statusReason: null,
  account: null,
  scopes: [] as string[],
  expiresAt: null,
  revision: 1,
  createdAt: iso(boot - 9e8),
  updatedAt: iso(boot - 9e8),
};
const googleHosts = ['sheets.googleapis.com', 'www.googleapis.com'];
const stored = [
  { ...base, id: uuid(60), name: 'CRM key', kind: 'bearer', status: 'active', lastUsedAt: iso(boot - 8e6) },
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
  { ...base, id: uuid(63), name: 'Announcements', kind: 'google-oauth', status: 'pending', allowedHosts: googleHosts, lastUsedAt: null },
];

const field = (name: string, label: string, secret: boolean, help = '') => ({
  name,
  label,
  help,
  secret,
  required: true,
  input: 'line',
  choices: [],
  fallback: null,
});
const kinds = [
  {
    id: 'bearer',
    title: 'Bearer token',
    help: 'Sent as the Authorization header.',
    service: 'Any service',
    grant: 'stored',
    hosts: null,
    hostsFixed: false,
    docsUrl: null,
    fields: [field('token', 'Token', true)],
    oauth: null,
    connectors: ['http'],
  },
  {
    id: 'google-oauth',
    title: 'Google with OAuth',
    help: 'Somebody signs in at Google and consents. Needs an app registered there.',
    service: 'Google',
    grant: 'authorization-code',
    hosts: googleHosts,
    hostsFixed: false,
    docsUrl: 'https://console.cloud.google.com/apis/credentials',
    fields: [field('clientId', 'Client id', false), field('clientSecret', 'Client secret', true)],
    oauth: {
      redirectUrl: 'http://localhost:3000/oauth/callback',
      steps: [
        'In Google Cloud, create an OAuth client of the type "Web application".',
        'Add the redirect URL above to its authorised redirect URIs, exactly as it stands.',
      ],
      scopes: [
        { scope: 'https://www.googleapis.com/auth/spreadsheets', why: 'read and write rows of Google Sheets' },
        { scope: 'https://www.googleapis.com/auth/drive', why: 'find, read and write files of Google Drive' },
      ],
    },
    connectors: [],
  },
];

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
  connectCredential: () => ({ url: '/connections' }),
};
