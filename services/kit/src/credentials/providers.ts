/**
 * Who gives OAuth 2 access: addresses, scopes and habits of each provider, from its own documentation. Pure.
 * A provider whose addresses depend on the credential (an own domain) computes them from its values.
 */

export interface OAuthEndpoints {
  authorizationUrl: string;
  tokenUrl: string;
  /** RFC 7009; null: the provider has none, and the person takes access back on the provider's page. */
  revokeUrl: string | null;
}

export interface OAuthScope {
  scope: string;
  /** What the hub does with it, for the consent page and for the test that names a missing one. */
  why: string;
}

export interface OAuthProvider {
  id: string;
  title: string;
  endpoints(values: Readonly<Record<string, string>>): OAuthEndpoints;
  /** What is asked for where the credential names no scopes of its own. */
  scopes: readonly OAuthScope[];
  separator: ' ' | ',';
  /** How the client shows itself at the token address. */
  clientAuth: 'basic' | 'post';
  /** Proof key (S256) is always sent where the provider takes it. */
  pkce: boolean;
  /** Added to the authorisation address, such as what makes a provider hand out a refresh token. */
  authorizationParams: Readonly<Record<string, string>>;
  /** Life of an access token in seconds where the answer does not say it; null: it does not end by itself. */
  defaultExpirySeconds: number | null;
  /** Where an app is registered, and where access can be taken back. */
  appsUrl: string;
  steps: readonly string[];
}

const fixed = (endpoints: OAuthEndpoints) => (): OAuthEndpoints => endpoints;

const google: OAuthProvider = {
  id: 'google',
  title: 'Google',
  endpoints: fixed({
    authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    revokeUrl: 'https://oauth2.googleapis.com/revoke',
  }),
  scopes: [
    { scope: 'https://www.googleapis.com/auth/spreadsheets', why: 'read and write rows of Google Sheets' },
    { scope: 'https://www.googleapis.com/auth/drive', why: 'find, read and write files of Google Drive' },
  ],
  separator: ' ',
  clientAuth: 'post',
  pkce: true,
  // Without both, Google gives no refresh token at a second consent.
  authorizationParams: { access_type: 'offline', prompt: 'consent' },
  defaultExpirySeconds: 3_600,
  appsUrl: 'https://console.cloud.google.com/apis/credentials',
  steps: [
    'In Google Cloud, create an OAuth client of the type "Web application".',
    'Add the redirect URL above to its authorised redirect URIs, exactly as it stands.',
    'Enable the Google Sheets API and the Google Drive API for the project.',
    'Paste the client id and the client secret here.',
  ],
};

const slack: OAuthProvider = {
  id: 'slack',
  title: 'Slack',
  endpoints: fixed({
    authorizationUrl: 'https://slack.com/oauth/v2/authorize',
    tokenUrl: 'https://slack.com/api/oauth.v2.access',
    revokeUrl: 'https://slack.com/api/auth.revoke',
  }),
  scopes: [
    { scope: 'chat:write', why: 'post messages' },
    { scope: 'channels:read', why: 'list channels to choose from' },
    { scope: 'channels:history', why: 'read messages of public channels' },
    { scope: 'files:write', why: 'upload files' },
    { scope: 'users:read', why: 'list people to choose from' },
    { scope: 'users:read.email', why: 'find a person by e-mail address' },
  ],
  separator: ',',
  clientAuth: 'basic',
  pkce: false,
  authorizationParams: {},
  defaultExpirySeconds: null,
  appsUrl: 'https://api.slack.com/apps',
  steps: [
    'Create a Slack app for your workspace.',
    'Under OAuth & Permissions, add the redirect URL above and the bot scopes below.',
    'Paste the client id and the client secret of its Basic Information here.',
  ],
};

const notion: OAuthProvider = {
  id: 'notion',
  title: 'Notion',
  endpoints: fixed({
    authorizationUrl: 'https://api.notion.com/v1/oauth/authorize',
    tokenUrl: 'https://api.notion.com/v1/oauth/token',
    revokeUrl: 'https://api.notion.com/v1/oauth/revoke',
  }),
  // Notion has capabilities of the app instead of scopes.
  scopes: [],
  separator: ' ',
  clientAuth: 'basic',
  pkce: false,
  authorizationParams: { owner: 'user' },
  defaultExpirySeconds: null,
  appsUrl: 'https://www.notion.so/profile/integrations',
  steps: [
    'Create a public integration in Notion, with the capabilities to read, update and insert content.',
    'Add the redirect URL above to it.',
    'Paste its OAuth client id and client secret here.',
  ],
};

const airtable: OAuthProvider = {
  id: 'airtable',
  title: 'Airtable',
  endpoints: fixed({
    authorizationUrl: 'https://airtable.com/oauth2/v1/authorize',
    tokenUrl: 'https://airtable.com/oauth2/v1/token',
    revokeUrl: null,
  }),
  scopes: [
    { scope: 'data.records:read', why: 'read records' },
    { scope: 'data.records:write', why: 'create and change records' },
    { scope: 'schema.bases:read', why: 'list bases, tables and fields to choose from' },
  ],
  separator: ' ',
  clientAuth: 'basic',
  pkce: true,
  authorizationParams: {},
  defaultExpirySeconds: 3_600,
  appsUrl: 'https://airtable.com/create/oauth',
  steps: ['Register an OAuth integration in Airtable.', 'Add the redirect URL above and the scopes below.', 'Paste the client id and secret here.'],
};

const hubspot: OAuthProvider = {
  id: 'hubspot',
  title: 'HubSpot',
  endpoints: fixed({
    authorizationUrl: 'https://app.hubspot.com/oauth/authorize',
    tokenUrl: 'https://api.hubapi.com/oauth/v1/token',
    revokeUrl: null,
  }),
  scopes: [
    { scope: 'oauth', why: 'sign in to the account' },
    ...['contacts', 'companies', 'deals'].flatMap((what) => [
      { scope: `crm.objects.${what}.read`, why: `read ${what}` },
      { scope: `crm.objects.${what}.write`, why: `create and change ${what}` },
    ]),
    { scope: 'tickets', why: 'read, create and change tickets' },
  ],
  separator: ' ',
  clientAuth: 'post',
  pkce: false,
  authorizationParams: {},
  defaultExpirySeconds: 1_800,
  appsUrl: 'https://app.hubspot.com/developer',
  steps: [
    'Create an app in a HubSpot developer account.',
    'Add the redirect URL above and the scopes below under Auth.',
    'Paste its client id and secret here.',
  ],
};

const salesforce: OAuthProvider = {
  id: 'salesforce',
  title: 'Salesforce',
  endpoints: ({ loginUrl = 'https://login.salesforce.com' }) => ({
    authorizationUrl: new URL('/services/oauth2/authorize', loginUrl).href,
    tokenUrl: new URL('/services/oauth2/token', loginUrl).href,
    revokeUrl: new URL('/services/oauth2/revoke', loginUrl).href,
  }),
  scopes: [
    { scope: 'api', why: 'read and write records' },
    { scope: 'refresh_token', why: 'stay connected without asking again' },
  ],
  separator: ' ',
  clientAuth: 'post',
  pkce: true,
  authorizationParams: {},
  // Salesforce does not say how long a session lives; its shortest setting is 15 minutes.
  defaultExpirySeconds: 900,
  appsUrl: 'https://login.salesforce.com/lightning/setup/NavigationMenus/home',
  steps: [
    'In Salesforce Setup, create an external client app with OAuth enabled.',
    'Add the redirect URL above as its callback URL, and the scopes below.',
    'Paste its consumer key and consumer secret here.',
  ],
};

const any: OAuthProvider = {
  id: 'any',
  title: 'OAuth 2 provider',
  endpoints: ({ authorizationUrl = '', tokenUrl = '', revokeUrl }) => ({ authorizationUrl, tokenUrl, revokeUrl: revokeUrl ?? null }),
  scopes: [],
  separator: ' ',
  clientAuth: 'basic',
  pkce: true,
  authorizationParams: {},
  defaultExpirySeconds: null,
  appsUrl: '',
  steps: ['Register the redirect URL above with the provider.', 'Paste its addresses, the client id and the client secret here.'],
};

export const oauthProviders = { google, slack, notion, airtable, hubspot, salesforce, any } as const;
export type OAuthProviderId = keyof typeof oauthProviders;
