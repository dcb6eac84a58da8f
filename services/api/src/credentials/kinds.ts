/** Kinds of credentials as the pages see them. */
import { connectorManifests } from '@hub/activities/catalogue';
import type { CredentialKindShape } from '@hub/contract';
import { credentialKinds, type CredentialKindSpec, oauthProviders } from '@hub/kit/credentials';

/** Where every provider sends the browser back to: it must be registered there exactly as it stands. */
export const redirectUrl = (hubUrl: string): string => `${hubUrl}/oauth/callback`;

/** Connectors whose actions take a kind; actions that name none take none. */
export function connectorsOf(kind: string): string[] {
  return Object.values(connectorManifests).flatMap(({ id, actions }) =>
    Object.values(actions).some(({ credentialKinds: taken }) => (taken as readonly string[]).includes(kind)) ? [id] : [],
  );
}

/** Every kind, in the order of the registry. */
export function kindShapes(hubUrl: string): CredentialKindShape[] {
  return Object.values(credentialKinds).map((spec: CredentialKindSpec) => {
    const provider = spec.grant === 'authorization-code' && spec.provider !== undefined ? oauthProviders[spec.provider] : null;
    return {
      id: spec.id,
      title: spec.title,
      help: spec.help,
      service: spec.service,
      grant: spec.grant,
      hosts: spec.hosts === 'given' ? null : typeof spec.hosts === 'function' || spec.hosts === 'nowhere' ? [] : [...spec.hosts],
      hostsFixed: spec.hostsFixed === true || spec.hosts === 'nowhere',
      docsUrl: spec.docsUrl === '' ? null : spec.docsUrl,
      fields: spec.fields.map(({ name, label, help, secret, required, input, choices, fallback }) => ({
        name,
        label,
        help,
        secret,
        required,
        input,
        choices: [...(choices ?? [])],
        fallback: fallback ?? null,
      })),
      oauth: provider === null ? null : { redirectUrl: redirectUrl(hubUrl), steps: [...provider.steps], scopes: [...provider.scopes] },
      connectors: connectorsOf(spec.id),
    };
  });
}
