/** A harmless call with a credential, to say whether it works and what it lacks. */
import { missingScopes } from '@hub/activities/connectors';
import type { CredentialTest } from '@hub/contract';
import type { CredentialRead } from '@hub/db/read';
import { credentialKind, type CredentialKindSpec } from '@hub/kit/credentials';
import { isHubError, UserError } from '@hub/kit/errors';
import type { Outbound } from '@hub/kit/http';
import { type LiveSecret, type Vault, wantedScopes } from '@hub/kit/vault';
import { connectorsOf } from './kinds.ts';

const answerLimits = { totalTimeoutMs: 15_000, maxBodyBytes: 100_000, maxRedirects: 0 };

interface Answer {
  status: number;
  body: Record<string, unknown>;
  /** What the provider says the credential may do; null where it does not say. */
  scopes: string[] | null;
}

/** Tests a credential of the team. What the provider says is never passed on but for names of scopes and accounts: its words may hold what we sent. */
export async function testCredential({ vault, http }: { vault: Vault; http: Outbound }, team: string, row: CredentialRead): Promise<CredentialTest> {
  const bad = (code: string, message: string, missingScopes: string[] = []): CredentialTest => ({
    ok: false,
    code,
    message,
    account: row.account,
    missingScopes,
  });
  const spec = credentialKind(row.kind);
  if (spec === null) return bad('credential.wrong-kind', 'This kind of credential is not known to this version of the hub.');
  try {
    const live = await vault.use(team, row.id, null);
    const missing = scopesNotGranted(spec, row.scopes, live);
    if (missing.length > 0) return bad('credential.missing-scope', missingWords(missing), missing);
    if (spec.probe === undefined)
      return good(
        row.account,
        spec.grant === 'stored' ? 'It can be opened. Nothing was called: this kind belongs to no one provider.' : 'The provider gave a token.',
      );
    let answer = await call(http, spec, live);
    if (answer.status === 401 && spec.grant !== 'stored') answer = await call(http, spec, await vault.renew(team, live));
    const lacking = answer.scopes === null ? [] : scopesLacking(spec.id, answer.scopes);
    if (answer.status === 200 && lacking.length > 0) return bad('credential.missing-scope', missingWords(lacking), lacking);
    return judge(spec, answer, row.account, bad);
  } catch (error) {
    if (!isHubError(error) || error.kind === 'bug') throw error;
    return bad(error.code, error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`);
  }
}

const good = (account: string | null, message: string): CredentialTest => ({ ok: true, code: null, message, account, missingScopes: [] });
const missingWords = (missing: string[]) =>
  `${missing.length === 1 ? 'This scope is' : 'These scopes are'} missing: ${missing.join(', ')}. Grant ${missing.length === 1 ? 'it' : 'them'} at the provider and connect again.`;

/** Scopes asked for and not granted, where the provider said what it granted. */
function scopesNotGranted(spec: CredentialKindSpec, granted: readonly string[], live: LiveSecret): string[] {
  if (spec.grant !== 'authorization-code' || granted.length === 0) return [];
  const have = new Set(granted);
  return wantedScopes(spec, live.values).filter((scope) => !have.has(scope));
}

/** Scopes that steps with this kind of credential need and `granted` lacks. */
const scopesLacking = (kind: string, granted: string[]): string[] => [
  ...new Set(connectorsOf(kind).flatMap((connector) => missingScopes(connector, granted))),
];

/** Slack says it in a header, Airtable in the answer. */
function scopesOf(headers: Readonly<Record<string, string>>, body: Record<string, unknown>): string[] | null {
  const said = headers['x-oauth-scopes'];
  if (said !== undefined) return said.split(',').map((scope) => scope.trim());
  const { scopes } = body;
  return Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string') ? scopes : null;
}

async function call(http: Outbound, { probe }: CredentialKindSpec, live: LiveSecret): Promise<Answer> {
  if (probe === undefined) throw new UserError('credential.wrong-kind', 'There is no call to test this kind with.', { status: 422 });
  const response = await http.request({
    url: probe.url,
    method: probe.method,
    headers: { accept: 'application/json', ...probe.headers },
    credential: { allowedHosts: live.allowedHosts, headers: { authorization: `Bearer ${live.values['token'] ?? ''}` } },
    limits: answerLimits,
  });
  const text = new TextDecoder().decode(await response.bytes());
  try {
    const parsed: unknown = JSON.parse(text);
    const body = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
    return { status: response.status, body, scopes: scopesOf(response.headers, body) };
  } catch {
    return { status: response.status, body: {}, scopes: null };
  }
}

function judge(
  spec: CredentialKindSpec,
  { status, body }: Answer,
  account: string | null,
  bad: (code: string, message: string, missing?: string[]) => CredentialTest,
): CredentialTest {
  const fine = status >= 200 && status < 300 && body['ok'] !== false;
  if (fine) return good(account ?? accountOf(body), 'The provider answered.');
  // Slack names what is missing (and says 200); others say 403.
  const needed = String(body['needed'] ?? '')
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => /^[\w:./-]{1,100}$/.test(scope));
  if (body['error'] === 'missing_scope' || status === 403)
    return bad(
      'credential.missing-scope',
      needed.length > 0 ? missingWords(needed) : `${spec.title} refuses for lack of rights (403): check the scopes at the provider.`,
      needed,
    );
  if (status === 401 || body['ok'] === false)
    return bad('credential.refused', `${spec.title} does not take this credential. Check it there and store it again.`);
  if (status === 429 || status >= 500)
    return bad('credential.provider-busy', `The provider does not answer well now (${status}). Try again in a minute.`);
  return bad('credential.refused', `The provider answered with status ${status}.`);
}

function accountOf(body: Record<string, unknown>): string | null {
  const name = ['team', 'name', 'email', 'workspace_name', 'portalId', 'id']
    .map((key) => body[key])
    .find((value) => typeof value === 'string' || typeof value === 'number');
  return name === undefined ? null : String(name).slice(0, 200);
}
