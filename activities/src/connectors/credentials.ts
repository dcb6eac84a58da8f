/** How each kind of credential shows itself in an HTTP request. */
import type { Json } from '@hub/dag/planner';
import { credentialKind } from '@hub/kit/credentials';
import { UserError } from '@hub/kit/errors';
import type { OutboundCredential } from '@hub/kit/http';

import type { LiveCredential } from '../ports.ts';

/**
 * What `credential` adds to a request. The guard sends it only to its allowed hosts.
 * @throws UserError `credential.incomplete` when a value its kind needs is missing.
 */
export function toOutboundCredential(credential: LiveCredential): OutboundCredential {
  const { kind, values, allowedHosts } = credential;
  const need = (name: string): string => {
    const value = values[name];
    if (value === undefined || value === '')
      throw new UserError('credential.incomplete', `The credential (${kind}) has no ${name}.`, { remedy: 'Save its values again.', status: 422 });
    return value;
  };
  switch (kind) {
    case 'basic':
      return {
        allowedHosts,
        headers: { authorization: `Basic ${Buffer.from(`${need('username')}:${values['password'] ?? ''}`, 'utf8').toString('base64')}` },
      };
    case 'header':
      return { allowedHosts, headers: { [need('name')]: need('value') } };
    case 'api-key':
      return values['query'] === undefined
        ? { allowedHosts, headers: { [values['header'] ?? 'x-api-key']: need('value') } }
        : { allowedHosts, query: { [need('query')]: need('value') } };
    case 'openai':
      return { allowedHosts, headers: { authorization: `Bearer ${need('apiKey')}` } };
    case 'anthropic':
      return { allowedHosts, headers: { 'x-api-key': need('apiKey') } };
    case 'webhook-secret':
    case 'slack-webhook':
    case 'postgres':
    case 'mysql':
    case 'smtp':
      throw new UserError('credential.wrong-kind', `A credential of kind ${kind} is not sent with an HTTP request.`, {
        remedy: 'Choose a credential that is made for HTTP, such as a bearer token.',
        status: 422,
      });
    default:
      return { allowedHosts, headers: { authorization: `Bearer ${need('token')}` } };
  }
}

/** The secret texts of a credential, for the redactor: what its kind calls secret, and the token that came of it. User names and header names are no secrets. */
export function secretsOf(credential: LiveCredential | null): string[] {
  if (credential === null) return [];
  const { values } = credential;
  const names = new Set([...(credentialKind(credential.kind)?.fields ?? []).filter(({ secret }) => secret).map(({ name }) => name), 'token']);
  const secrets = [...names].map((name) => values[name] ?? '').filter((value) => value !== '');
  if (credential.kind === 'basic') secrets.push(Buffer.from(`${values['username'] ?? ''}:${values['password'] ?? ''}`, 'utf8').toString('base64'));
  return secrets;
}

/** `value` with every text (and key) passed through `redact`: an API that echoes our secret must not bring it into outputs. What is clean is not copied. */
export function redactJson(value: Json, redact: (text: string) => string): Json {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const inner = value.map((one) => redactJson(one, redact));
    return inner.every((one, at) => one === value[at]) ? value : inner;
  }
  let clean = true;
  const entries = Object.entries(value).map(([name, inner]): [string, Json] => {
    const entry: [string, Json] = [redact(name), redactJson(inner, redact)];
    clean &&= entry[0] === name && entry[1] === inner;
    return entry;
  });
  return clean ? value : Object.fromEntries(entries);
}
