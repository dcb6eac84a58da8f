/** A real OAuth 2 server (oidc-provider) as the far end: consents by itself, rotates refresh tokens and takes a whole grant back where one is used twice. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface OAuthServer {
  origin: string;
  place: string;
  clientId: string;
  clientSecret: string;
  /** Token requests by grant type, and those refused. */
  calls: Record<string, number>;
  refused: number;
  /** Answers 503 to everything. */
  down: boolean;
  /** Waits before it makes tokens. */
  beforeToken: (() => Promise<void>) | null;
  /** Waits before it answers a token request; called after it has made the tokens. */
  beforeAnswer: (() => Promise<void>) | null;
  /** Walks the consent pages from `url`; answers the address the browser is sent back to. */
  consent(url: string): Promise<URL>;
  close(): Promise<void>;
}

const clientId = 'workflow-hub';
const clientSecret = 'the-client-secret-of-the-tests-0123456789';

/** Starts one on a free port of loopback. `redirectUris` are matched exactly. */
export async function startOAuthServer(redirectUris: string[]): Promise<OAuthServer> {
  let handler: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server: Server = createServer((request, response) => handler(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `http://${place}`;
  const provider = new Provider(origin, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: redirectUris,
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    scopes: ['openid', 'offline_access', 'read', 'write'],
    features: { devInteractions: { enabled: false }, clientCredentials: { enabled: true }, revocation: { enabled: true } },
    pkce: { required: () => true },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      RefreshToken: 86_400,
      Grant: 86_400,
      Session: 86_400,
      Interaction: 600,
      IdToken: 3600,
      ClientCredentials: 600,
    },
    cookies: { keys: ['a-key-of-the-tests'] },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  });
  const made: OAuthServer = {
    origin,
    place,
    clientId,
    clientSecret,
    calls: {},
    refused: 0,
    down: false,
    beforeToken: null,
    beforeAnswer: null,
    consent: (url) => walk(url, origin),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  provider.use(async (ctx, next) => {
    if (ctx.path === '/token') await made.beforeToken?.();
    await next();
    if (ctx.path !== '/token') return;
    const grant = String((ctx as unknown as { oidc?: { params?: Record<string, unknown> } }).oidc?.params?.['grant_type'] ?? '?');
    made.calls[grant] = (made.calls[grant] ?? 0) + 1;
    if (ctx.status >= 400) made.refused += 1;
    await made.beforeAnswer?.();
  });
  const callback = provider.callback();
  handler = (request, response) => {
    if (made.down) response.writeHead(503).end();
    else if (request.url?.startsWith('/interaction/')) void agree(provider, request, response);
    else void callback(request, response);
  };
  return made;
}

/** Signs in and agrees to everything that was asked. */
async function agree(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  if (details.prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
  const grant = new provider.Grant({ accountId: 'ada', clientId });
  grant.addOIDCScope(String(details.params['scope'] ?? ''));
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

/** A browser that follows redirects within the provider and keeps its cookies. */
async function walk(start: string, origin: string): Promise<URL> {
  const jar = new Map<string, string>();
  let url = new URL(start);
  for (let hops = 0; hops < 12; hops += 1) {
    if (url.origin !== origin) return url;
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (at > 0) jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`the consent page answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    url = new URL(location, url);
  }
  throw new Error('the consent pages never end');
}
