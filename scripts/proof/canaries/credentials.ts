/** One credential of each kind, its secrets canaries; and what uses it. */
import { generateKeyPairSync } from 'node:crypto';
import type { Aviary } from './secrets.ts';

export interface Kept {
  kind: string;
  values: Record<string, string>;
  allowedHosts?: string[];
  /** The action that uses it; absent: nothing calls out with it by itself. */
  uses?: { connector: string; action: string; params: object };
  /** Another credential of the kind: the key by which the definitions find it. */
  as?: string;
}

export interface Places {
  far: string;
  farUrl: string;
  mailPort: number;
  database: URL;
}

const vendorUses = {
  slack: { connector: 'slack', action: 'send-message', params: { channel: 'C1', text: 'Hello' } },
  google: { connector: 'google-drive', action: 'list-files', params: { limit: 5 } },
  airtable: { connector: 'airtable', action: 'list-records', params: { base: 'appOrders00000001', table: 'tblOrders00000001' } },
  notion: { connector: 'notion', action: 'search', params: { query: 'Notes' } },
  hubspot: { connector: 'hubspot', action: 'search-records', params: { object: 'contacts', limit: 5 } },
  salesforce: { connector: 'salesforce', action: 'query-records', params: { soql: 'SELECT Id FROM Contact' } },
};

/** All of them. */
export function keptCredentials({ make, note }: Aviary, { far, farUrl, mailPort, database }: Places): Kept[] {
  const http = { connector: 'http', action: 'request', params: { method: 'GET', url: `${farUrl}/echo/200` } };
  const client = (title: string) => ({ clientId: `client-${title}`, clientSecret: make(`client secret: ${title}`, 'plain') });
  const given = (kind: string, values: Record<string, string>): Kept => ({ kind, values, allowedHosts: [far], uses: http });
  const token = (kind: string, uses: Kept['uses']): Kept => ({ kind, values: { token: make(kind, 'plain') }, ...(uses && { uses }) });
  const consent = (kind: string, uses: Kept['uses'], more: Record<string, string> = {}): Kept => ({
    kind,
    values: { ...client(kind), ...more },
    ...(uses && { uses }),
  });
  const db = { host: database.hostname, port: database.port, database: database.pathname.slice(1), user: database.username, tls: 'off' };
  const mail = { host: '127.0.0.1', port: String(mailPort), tls: 'off', from: 'Hub <hub@example.com>' };
  const send = { connector: 'email', action: 'send-email', params: { to: ['ada@example.com'], subject: 'Hello', text: 'Hello' } };
  const select = (connector: string) => ({ connector, action: 'query', params: { sql: 'select 1 as one' } });
  return [
    given('bearer', { token: make('bearer') }),
    given('api-key', { header: 'x-api-key', value: make('API key in a header') }),
    { ...given('api-key', { query: 'key', value: make('API key in the query') }), as: 'api-key-query' },
    given('basic', { username: 'ada', password: make('basic password') }),
    given('header', { name: 'x-secret', value: make('header value') }),
    given('oauth2-client-credentials', { tokenUrl: `${farUrl}/cc/token`, ...client('oauth2-client-credentials') }),
    given('oauth2', {
      authorizationUrl: `${farUrl}/auth`,
      tokenUrl: `${farUrl}/ac/token`,
      revokeUrl: `${farUrl}/revoke`,
      scopes: 'read',
      ...client('oauth2'),
    }),
    token('slack-bot-token', vendorUses.slack),
    consent('slack-oauth', vendorUses.slack),
    { kind: 'google-service-account', values: { key: serviceAccount(note) }, uses: vendorUses.google },
    consent('google-oauth', vendorUses.google),
    token('airtable-token', vendorUses.airtable),
    consent('airtable-oauth', vendorUses.airtable),
    token('notion-token', vendorUses.notion),
    consent('notion-oauth', vendorUses.notion),
    token('hubspot-private-app', vendorUses.hubspot),
    consent('hubspot-oauth', vendorUses.hubspot),
    {
      kind: 'salesforce-client-credentials',
      values: { loginUrl: 'https://acme.my.salesforce.com', ...client('salesforce-client-credentials') },
      uses: vendorUses.salesforce,
    },
    consent('salesforce-oauth', vendorUses.salesforce),
    { kind: 'openai', values: { apiKey: make('OpenAI key', 'plain'), baseUrl: `${farUrl}/v1` } },
    { kind: 'anthropic', values: { apiKey: make('Anthropic key', 'plain'), baseUrl: farUrl } },
    { kind: 'postgres', values: { ...db, password: database.password }, uses: select('postgres') },
    { kind: 'postgres', as: 'postgres-wrong', values: { ...db, password: make('wrong database password') }, uses: select('postgres') },
    { kind: 'mysql', values: { ...db, host: '127.0.0.1', port: far.split(':')[1] ?? '', password: make('MySQL password') }, uses: select('mysql') },
    { kind: 'smtp', values: { ...mail, user: 'sender', password: make('SMTP password') }, uses: send },
    { kind: 'smtp', as: 'smtp-refused', values: { ...mail, user: 'refused', password: make('refused SMTP password') }, uses: send },
    { kind: 'webhook-secret', values: { secret: make('webhook secret', 'plain'), previous: make('previous webhook secret', 'plain') } },
    { kind: 'slack-webhook', values: { url: `https://hooks.slack.com/told/${make('Slack webhook URL', 'plain')}` } },
  ];
}

/** A key file whose private key is real; looked for is a line of it. */
function serviceAccount(note: Aviary['note']): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  note('private key of a service account', pem.split('\n')[3] ?? '');
  return JSON.stringify({
    type: 'service_account',
    client_email: 'hub@acme.iam.gserviceaccount.com',
    private_key: pem,
    private_key_id: 'k1',
    token_uri: 'https://oauth2.googleapis.com/token',
  });
}
