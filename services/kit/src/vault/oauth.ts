/** OAuth 2 as the hub speaks it: openid-client does the protocol, our guarded fetch carries it, providers.ts says how each provider differs. */
import { createSign } from 'node:crypto';
import * as client from 'openid-client';

import { type CredentialKindSpec, type OAuthProvider, oauthProviders, parseServiceAccount } from '../credentials/index.ts';
import { errorCode, isHubError, TransientError, UserError } from '../errors.ts';
import type { Outbound } from '../http/index.ts';
import { providerFetch } from './provider-fetch.ts';
import type { Tokens } from './types.ts';

export interface OAuthClientOptions {
  /** A guarded fetch that calls these hosts only. */
  fetchFor: (hosts: readonly string[]) => OutboundFetch;
  now?: () => number;
}

type OutboundFetch = Outbound['fetch'];
type Values = Readonly<Record<string, string>>;

/** A refusal by the provider that no repeating helps: consent is needed again. */
export class GrantRefused extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

const assertionSeconds = 3_600;
const tokenTimeoutSeconds = 20;

export type OAuthClient = ReturnType<typeof createOAuthClient>;

/** The provider of a kind. @throws UserError `credential.wrong-kind` for kinds without one. */
export function providerOf(kind: CredentialKindSpec): OAuthProvider {
  if (kind.provider === undefined)
    throw new UserError('credential.wrong-kind', `A credential of kind ${kind.id} is not connected at a provider.`, { status: 422 });
  return oauthProviders[kind.provider];
}

/** Scopes a credential asks for. */
export function wantedScopes(kind: CredentialKindSpec, values: Values): string[] {
  const own = (values['scopes'] ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
  return own.length > 0 || kind.provider === undefined ? own : oauthProviders[kind.provider].scopes.map(({ scope }) => scope);
}

/** How the library is set up for one credential. */
function configure({ fetchFor }: OAuthClientOptions, kind: CredentialKindSpec, values: Values): client.Configuration {
  const provider = providerOf(kind);
  const { authorizationUrl, tokenUrl, revokeUrl } = provider.endpoints(values);
  const issuer = URL.canParse(authorizationUrl) ? new URL(authorizationUrl).origin : new URL(tokenUrl).origin;
  const server: client.ServerMetadata = {
    issuer,
    authorization_endpoint: authorizationUrl,
    token_endpoint: tokenUrl,
    ...(revokeUrl === null ? {} : { revocation_endpoint: revokeUrl }),
  };
  const secret = values['clientSecret'] ?? '';
  const auth = provider.clientAuth === 'basic' ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret);
  const config = new client.Configuration(server, values['clientId'] ?? '', {}, auth);
  const hosts = [tokenUrl, revokeUrl].flatMap((url) => (url === null ? [] : [placeOf(url)]));
  return guarded(config, provider, fetchFor(hosts));
}

function guarded(config: client.Configuration, provider: OAuthProvider, fetch: OutboundFetch): client.Configuration {
  config.timeout = tokenTimeoutSeconds;
  // The guard decides about plain http: a secret goes there only where the operator listed the place.
  client.allowInsecureRequests(config);
  config[client.customFetch] = providerFetch(provider, fetch) as unknown as client.CustomFetch;
  return config;
}

function readTokens(kind: CredentialKindSpec, answer: client.TokenEndpointResponse, nowMs: number): Tokens {
  const seconds = answer.expires_in ?? providerOf(kind).defaultExpirySeconds;
  const said = answer as Record<string, unknown>;
  const { team, workspace_name: workspace, hub_domain: hub, instance_url: instance } = said;
  const expiresAt = seconds === null ? null : new Date(nowMs + seconds * 1000);
  const named = [(team as { name?: unknown } | undefined)?.name, workspace, hub].find((name) => typeof name === 'string');
  return {
    access: answer.access_token,
    refresh: answer.refresh_token ?? null,
    expiresAt,
    scopes: answer.scope === undefined ? null : answer.scope.split(' ').filter((scope) => scope !== ''),
    account: typeof named === 'string' ? named.slice(0, 200) : null,
    endsAt: endOf(kind, answer, expiresAt, nowMs),
    instanceUrl: typeof instance === 'string' && URL.canParse(instance) ? instance : null,
  };
}

/** Providers whose refresh tokens end name it by one of two names; without a refresh token the access ends with its token. */
function endOf(kind: CredentialKindSpec, answer: client.TokenEndpointResponse, expiresAt: Date | null, nowMs: number): Date | null {
  if (kind.grant !== 'authorization-code') return null;
  if (answer.refresh_token === undefined) return expiresAt;
  const { refresh_token_expires_in: one, refresh_expires_in: other } = answer as Record<string, unknown>;
  const seconds = [one, other].find((value) => typeof value === 'number' && value > 0) as number | undefined;
  return seconds === undefined ? null : new Date(nowMs + seconds * 1000);
}

/** The protocol of every grant. Errors name the provider's code only: its words may hold what we sent. */
export function createOAuthClient(options: OAuthClientOptions) {
  const { fetchFor, now = Date.now } = options;
  const ask = async (kind: CredentialKindSpec, call: () => Promise<client.TokenEndpointResponse>): Promise<Tokens> => {
    try {
      return readTokens(kind, await call(), now());
    } catch (error) {
      throw translate(error, providerOf(kind));
    }
  };

  return {
    /** Where the person consents. */
    async authorizationUrl(
      kind: CredentialKindSpec,
      values: Values,
      given: { redirectUrl: string; state: string; verifier: string },
    ): Promise<string> {
      const provider = providerOf(kind);
      const scopes = wantedScopes(kind, values);
      const proof = provider.pkce ? { code_challenge: await client.calculatePKCECodeChallenge(given.verifier), code_challenge_method: 'S256' } : {};
      return client.buildAuthorizationUrl(configure(options, kind, values), {
        ...provider.authorizationParams,
        ...proof,
        ...(scopes.length === 0 ? {} : { scope: scopes.join(provider.separator) }),
        redirect_uri: given.redirectUrl,
        state: given.state,
      }).href;
    },
    /** Takes the code of the redirect; `query` is what the provider sent, whose state was checked before. */
    exchange: (
      kind: CredentialKindSpec,
      values: Values,
      given: { redirectUrl: string; query: Values; state: string; verifier: string },
    ): Promise<Tokens> =>
      ask(kind, () => {
        const current = new URL(given.redirectUrl);
        for (const [name, value] of Object.entries(given.query)) current.searchParams.set(name, value);
        const proof = providerOf(kind).pkce ? { pkceCodeVerifier: given.verifier } : {};
        return client.authorizationCodeGrant(configure(options, kind, values), current, { ...proof, expectedState: given.state });
      }),
    refresh: (kind: CredentialKindSpec, values: Values, refreshToken: string): Promise<Tokens> =>
      ask(kind, () => client.refreshTokenGrant(configure(options, kind, values), refreshToken)),
    clientCredentials: (kind: CredentialKindSpec, values: Values): Promise<Tokens> =>
      ask(kind, () => {
        const scopes = wantedScopes(kind, values);
        // Salesforce takes the scopes of the app and refuses the parameter.
        const asked = scopes.length === 0 || kind.provider === 'salesforce' ? {} : { scope: scopes.join(' ') };
        return client.clientCredentialsGrant(configure(options, kind, values), asked);
      }),
    /** A token for a service account, by an assertion it signs (RFC 7523). */
    serviceAccount: (kind: CredentialKindSpec, values: Values, allowedHosts: readonly string[]): Promise<Tokens> =>
      ask(kind, async () => {
        const account = parseServiceAccount(values['key'] ?? '');
        if (account === null)
          throw new UserError('credential.incomplete', 'The key of the service account cannot be read.', {
            status: 422,
            remedy: 'Paste the whole JSON key file.',
          });
        const server: client.ServerMetadata = { issuer: new URL(account.tokenUri).origin, token_endpoint: account.tokenUri };
        const config = new client.Configuration(server, account.clientEmail, {}, client.None());
        // The key file is pasted by a person: its token address goes only where the credential may go.
        guarded(config, providerOf(kind), fetchFor(allowedHosts));
        const assertion = signAssertion(account, wantedScopes(kind, values), Math.floor(now() / 1000));
        return client.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:jwt-bearer', { assertion });
      }),
    /** Takes a token back at the provider. False: the provider has no address for it. */
    async revoke(kind: CredentialKindSpec, values: Values, token: string): Promise<boolean> {
      if (providerOf(kind).endpoints(values).revokeUrl === null) return false;
      try {
        await client.tokenRevocation(configure(options, kind, values), token);
        return true;
      } catch (error) {
        throw translate(error, providerOf(kind));
      }
    },
  };
}

const placeOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

function signAssertion(account: NonNullable<ReturnType<typeof parseServiceAccount>>, scopes: string[], seconds: number): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = { alg: 'RS256', typ: 'JWT', ...(account.privateKeyId === '' ? {} : { kid: account.privateKeyId }) };
  const claims = { iss: account.clientEmail, scope: scopes.join(' '), aud: account.tokenUri, iat: seconds, exp: seconds + assertionSeconds };
  const text = `${part(head)}.${part(claims)}`;
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(account.privateKey, 'base64url')}`;
  } catch {
    // What the signer says may quote the key.
    throw new UserError('credential.incomplete', 'The private key of the service account cannot be used.', {
      status: 422,
      remedy: 'Paste the whole JSON key file.',
    });
  }
}

/** Codes of RFC 6749 that mean: what we hold is worth nothing any more. */
const refusals = new Set([
  'invalid_grant',
  'access_denied',
  'invalid_client',
  'unauthorized_client',
  'unauthorized',
  'inactive_user',
  'inactive_org',
]);

function translate(error: unknown, provider: OAuthProvider): unknown {
  if (error instanceof GrantRefused) return error;
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) if (isHubError(at)) return at;
  const facts = error as { error?: unknown; status?: unknown; response?: { status?: unknown } };
  // Codes are words; what is none may be what we sent.
  const said = typeof facts.error === 'string' && /^[a-z][a-z_]{2,59}$/.test(facts.error) ? facts.error : null;
  const status = typeof facts.status === 'number' ? facts.status : null;
  if (said !== null && refusals.has(said)) return new GrantRefused(said);
  if (status === 401 || status === 403) return new GrantRefused(`http-${status}`);
  if (said === 'temporarily_unavailable' || status === null || status === 429 || status >= 500) {
    return new TransientError(
      'credential.refresh-failed',
      `${provider.title} did not give a token (${said ?? errorCode(error) ?? 'no answer'}${status === null ? '' : `, status ${status}`}).`,
      {
        didNothing: true,
      },
    );
  }
  return new UserError('credential.provider-refused', `${provider.title} did not give a token: ${said ?? `status ${status}`}.`, {
    status: 422,
    remedy: 'Check the client id, the client secret, the redirect URL and the scopes at the provider.',
  });
}
