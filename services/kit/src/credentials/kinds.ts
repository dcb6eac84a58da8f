/**
 * Every kind of credential: its values, where they may be sent, how a ready-to-use secret comes of them. Pure: API, worker and (through
 * GET /api/v1/credential-kinds) the pages read it. Adding a kind is an entry here; how it shows itself in HTTP follows from `grant`.
 */
import { z } from 'zod';

import { choice, type CredentialField, plain, secret } from './field.ts';
import { clientFields, database, googleKey, headerName, hostName, hostOf, httpsUrl, place, port, scopesField } from './parts.ts';
import { oauthProviders, type OAuthProviderId } from './providers.ts';

/**
 * How a ready-to-use secret comes of the stored values: `stored` as they are; `service-account` by a signed assertion; `client-credentials`
 * from the client's own secret; `authorization-code` after a person consented at the provider.
 */
export type CredentialGrant = 'stored' | 'service-account' | 'client-credentials' | 'authorization-code';

/** Where the values may be sent: hosts of the provider, hosts its owner names, a host among the values, or nowhere. */
export type CredentialHosts = readonly string[] | 'given' | 'nowhere' | ((values: Readonly<Record<string, string>>) => string[]);

export interface CredentialKindSpec {
  id: string;
  title: string;
  help: string;
  grant: CredentialGrant;
  provider?: OAuthProviderId;
  fields: readonly CredentialField[];
  hosts: CredentialHosts;
  /** True: the hosts follow from the values, its owner names none. */
  hostsFixed?: boolean;
  /** The provider's page where these values are found; null: there is no one provider. */
  docsUrl: string | null;
  /** What stands together: a kind is listed under its service. */
  service: string;
  /** A call that any good credential of this kind can make, for a test of the connection. */
  probe?: { method: 'GET' | 'POST'; url: string; headers?: Readonly<Record<string, string>> };
  /** A further check over all values; its message never quotes a value. */
  refine?: { holds(values: Readonly<Record<string, string>>): boolean; message: string };
}

const googleHosts = ['sheets.googleapis.com', 'www.googleapis.com', 'oauth2.googleapis.com', 'docs.googleapis.com'];
const salesforceHosts = ['*.salesforce.com', '*.force.com'];

const token = (label: string, more: { help?: string; check?: z.ZodType<string> } = {}): CredentialField[] => [secret('token', label, more)];
const oauth = <const Id extends string>(
  id: Id,
  service: string,
  provider: OAuthProviderId,
  hosts: CredentialHosts,
  more: Partial<CredentialKindSpec> = {},
) => ({
  id,
  title: `${oauthProviders[provider].title} with OAuth`,
  help: `Somebody signs in at ${oauthProviders[provider].title} and consents. Needs an app registered there.`,
  grant: 'authorization-code' as const,
  provider,
  service,
  hosts,
  docsUrl: oauthProviders[provider].appsUrl,
  fields: [...clientFields, scopesField],
  ...more,
});

/** By id. The order is that of the pages: of one service, first the way that needs no app. */
export const credentialKinds = {
  bearer: {
    id: 'bearer',
    title: 'Bearer token',
    help: 'Sent as the Authorization header.',
    grant: 'stored',
    service: 'Any service',
    hosts: 'given',
    docsUrl: null,
    fields: token('Token'),
  },
  'api-key': {
    id: 'api-key',
    title: 'API key',
    help: 'Sent in a header of your choice, or as a query parameter.',
    grant: 'stored',
    service: 'Any service',
    hosts: 'given',
    docsUrl: null,
    fields: [
      plain('header', 'Header', { required: false, check: headerName, help: 'Such as x-api-key.' }),
      plain('query', 'Query parameter', { required: false, help: 'Instead of a header, where the service wants it so.' }),
      secret('value', 'Key'),
    ],
    refine: {
      holds: ({ header, query }) => (header === undefined) !== (query === undefined),
      message: 'name a header or a query parameter, not both',
    },
  },
  basic: {
    id: 'basic',
    title: 'User and password',
    help: 'Sent as HTTP basic authentication.',
    grant: 'stored',
    service: 'Any service',
    hosts: 'given',
    docsUrl: null,
    fields: [plain('username', 'User', { check: z.string().max(500) }), secret('password', 'Password')],
  },
  header: {
    id: 'header',
    title: 'Any header',
    help: 'A header with a secret value.',
    grant: 'stored',
    service: 'Any service',
    hosts: 'given',
    docsUrl: null,
    fields: [plain('name', 'Header', { check: headerName }), secret('value', 'Value')],
  },
  'webhook-secret': {
    id: 'webhook-secret',
    title: 'Webhook secret',
    help: 'Checks who calls a webhook of yours, or signs what you send. It is sent nowhere.',
    grant: 'stored',
    service: 'Webhooks',
    hosts: 'nowhere',
    docsUrl: null,
    fields: [secret('secret', 'Secret'), secret('previous', 'Previous secret', { required: false, help: 'Taken too while you rotate.' })],
  },
  'slack-webhook': {
    id: 'slack-webhook',
    title: 'Slack incoming webhook',
    help: 'Posts to one channel.',
    grant: 'stored',
    service: 'Slack',
    hosts: ({ url }) => hostOf(url),
    hostsFixed: true,
    docsUrl: 'https://api.slack.com/messaging/webhooks',
    fields: [secret('url', 'Webhook URL', { check: z.url({ protocol: /^https$/ }).max(2_000) })],
  },
  'slack-bot-token': {
    id: 'slack-bot-token',
    title: 'Slack bot token',
    help: 'The bot token of a Slack app installed in your workspace; begins with xoxb-.',
    grant: 'stored',
    service: 'Slack',
    hosts: ['slack.com', 'files.slack.com'],
    docsUrl: 'https://api.slack.com/apps',
    fields: token('Bot token', { help: 'OAuth & Permissions, Bot User OAuth Token.' }),
    probe: { method: 'POST', url: 'https://slack.com/api/auth.test' },
  },
  'slack-oauth': oauth('slack-oauth', 'Slack', 'slack', ['slack.com', 'files.slack.com'], {
    probe: { method: 'POST', url: 'https://slack.com/api/auth.test' },
  }),
  'google-service-account': {
    id: 'google-service-account',
    title: 'Google service account',
    help: 'A robot account. Share the sheet or folder with its e-mail address; no consent page is needed.',
    grant: 'service-account',
    provider: 'google',
    service: 'Google',
    hosts: googleHosts,
    docsUrl: 'https://console.cloud.google.com/iam-admin/serviceaccounts',
    fields: [secret('key', 'JSON key', { input: 'lines', check: googleKey, help: 'The whole file that Google gave you under Keys.' }), scopesField],
  },
  'google-oauth': oauth('google-oauth', 'Google', 'google', googleHosts),
  'airtable-token': {
    id: 'airtable-token',
    title: 'Airtable personal access token',
    help: 'With the scopes data.records:read, data.records:write and schema.bases:read, and access to the bases you need.',
    grant: 'stored',
    service: 'Airtable',
    hosts: ['api.airtable.com'],
    docsUrl: 'https://airtable.com/create/tokens',
    fields: token('Token'),
    probe: { method: 'GET', url: 'https://api.airtable.com/v0/meta/whoami' },
  },
  'airtable-oauth': oauth('airtable-oauth', 'Airtable', 'airtable', ['api.airtable.com', 'airtable.com'], {
    probe: { method: 'GET', url: 'https://api.airtable.com/v0/meta/whoami' },
  }),
  'notion-token': {
    id: 'notion-token',
    title: 'Notion internal integration',
    help: 'The secret of an internal integration; connect it to the pages and databases it may see.',
    grant: 'stored',
    service: 'Notion',
    hosts: ['api.notion.com'],
    docsUrl: 'https://www.notion.so/profile/integrations',
    fields: token('Internal integration secret'),
    probe: { method: 'GET', url: 'https://api.notion.com/v1/users/me', headers: { 'notion-version': '2025-09-03' } },
  },
  'notion-oauth': oauth('notion-oauth', 'Notion', 'notion', ['api.notion.com'], {
    probe: { method: 'GET', url: 'https://api.notion.com/v1/users/me', headers: { 'notion-version': '2025-09-03' } },
  }),
  'hubspot-private-app': {
    id: 'hubspot-private-app',
    title: 'HubSpot private app',
    help: 'The access token of a private app; begins with pat-.',
    grant: 'stored',
    service: 'HubSpot',
    hosts: ['api.hubapi.com'],
    docsUrl: 'https://app.hubspot.com/private-apps',
    fields: token('Access token'),
    probe: { method: 'GET', url: 'https://api.hubapi.com/account-info/v3/details' },
  },
  'hubspot-oauth': oauth('hubspot-oauth', 'HubSpot', 'hubspot', ['api.hubapi.com'], {
    probe: { method: 'GET', url: 'https://api.hubapi.com/account-info/v3/details' },
  }),
  'salesforce-client-credentials': {
    id: 'salesforce-client-credentials',
    title: 'Salesforce client credentials',
    help: 'An external client app that runs as one user; no consent page is needed.',
    grant: 'client-credentials',
    provider: 'salesforce',
    service: 'Salesforce',
    hosts: ({ loginUrl }) => [...hostOf(loginUrl), ...salesforceHosts],
    docsUrl: 'https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm',
    fields: [plain('loginUrl', 'My Domain URL', { check: httpsUrl, help: 'Such as https://acme.my.salesforce.com.' }), ...clientFields],
  },
  'salesforce-oauth': oauth('salesforce-oauth', 'Salesforce', 'salesforce', ({ loginUrl }) => [...hostOf(loginUrl), ...salesforceHosts], {
    fields: [
      plain('loginUrl', 'Login URL', {
        check: httpsUrl,
        required: false,
        fallback: 'https://login.salesforce.com',
        help: 'https://test.salesforce.com for a sandbox.',
      }),
      ...clientFields,
      scopesField,
    ],
  }),
  oauth2: oauth('oauth2', 'Any service', 'any', 'given', {
    title: 'OAuth 2',
    help: 'Somebody signs in at the provider and consents. For services that have no kind of their own here.',
    docsUrl: null,
    fields: [
      plain('authorizationUrl', 'Authorisation URL', { check: httpsUrl }),
      plain('tokenUrl', 'Token URL', { check: httpsUrl }),
      plain('revokeUrl', 'Revocation URL', { check: httpsUrl, required: false }),
      ...clientFields,
      plain('scopes', 'Scopes', { required: false, help: 'Separated by spaces.' }),
    ],
  }),
  'oauth2-client-credentials': {
    id: 'oauth2-client-credentials',
    title: 'OAuth 2 client credentials',
    help: 'The hub signs in as itself; nobody consents.',
    grant: 'client-credentials',
    provider: 'any',
    service: 'Any service',
    hosts: 'given',
    docsUrl: null,
    fields: [
      plain('tokenUrl', 'Token URL', { check: httpsUrl }),
      ...clientFields,
      plain('scopes', 'Scopes', { required: false, help: 'Separated by spaces.' }),
    ],
  },
  postgres: {
    id: 'postgres',
    title: 'PostgreSQL',
    help: 'A database the hub can reach.',
    grant: 'stored',
    service: 'Databases',
    hosts: place,
    hostsFixed: true,
    docsUrl: null,
    fields: database('5432'),
  },
  mysql: {
    id: 'mysql',
    title: 'MySQL or MariaDB',
    help: 'A database the hub can reach.',
    grant: 'stored',
    service: 'Databases',
    hosts: place,
    hostsFixed: true,
    docsUrl: null,
    fields: database('3306'),
  },
  smtp: {
    id: 'smtp',
    title: 'Mail server (SMTP)',
    help: 'Sends mail as you.',
    grant: 'stored',
    service: 'E-mail',
    hosts: place,
    hostsFixed: true,
    docsUrl: null,
    fields: [
      plain('host', 'Host', { check: hostName, help: 'Such as smtp.example.com.' }),
      plain('port', 'Port', { check: port, required: false, fallback: '587' }),
      choice('tls', 'Encryption', [
        { value: 'starttls', label: 'STARTTLS (usual at port 587)' },
        { value: 'implicit', label: 'TLS from the start (usual at port 465)' },
        { value: 'off', label: 'None' },
      ]),
      plain('user', 'User', { required: false }),
      secret('password', 'Password', { required: false }),
      plain('from', 'Sender', { required: false, help: 'Such as Reports <reports@example.com>.' }),
    ],
  },
  openai: {
    id: 'openai',
    title: 'OpenAI',
    help: 'For models of OpenAI and services that speak its language.',
    grant: 'stored',
    service: 'Models',
    hosts: ({ baseUrl }) => (baseUrl === undefined ? ['api.openai.com'] : hostOf(baseUrl)),
    docsUrl: 'https://platform.openai.com/api-keys',
    fields: [
      secret('apiKey', 'API key'),
      plain('baseUrl', 'Base URL', {
        required: false,
        check: httpsUrl,
        help: 'For a compatible service, such as http://127.0.0.1:11434/v1 for Ollama. Where its address is not public, the operator opens it by HUB_OUTBOUND_ALLOW=127.0.0.1:11434 for API and worker.',
      }),
    ],
  },
  anthropic: {
    id: 'anthropic',
    title: 'Anthropic',
    help: 'For models of Anthropic.',
    grant: 'stored',
    service: 'Models',
    hosts: ({ baseUrl }) => (baseUrl === undefined ? ['api.anthropic.com'] : hostOf(baseUrl)),
    docsUrl: 'https://console.anthropic.com/settings/keys',
    fields: [secret('apiKey', 'API key'), plain('baseUrl', 'Base URL', { required: false, check: httpsUrl })],
  },
} as const satisfies Record<string, CredentialKindSpec>;

export type CredentialKind = keyof typeof credentialKinds;

/** The kind of this id, or null. Own names only. */
export function credentialKind(id: string): CredentialKindSpec | null {
  return Object.hasOwn(credentialKinds, id) ? credentialKinds[id as CredentialKind] : null;
}
