/** Door to what kinds of credential there are and who gives OAuth access. Pure. */
export { checkCredentialValues, hostsOfKind } from './check.ts';
export { credentialKind, credentialKinds } from './kinds.ts';
export { parseServiceAccount } from './parts.ts';
export type { CredentialGrant, CredentialKind, CredentialKindSpec } from './kinds.ts';
export type { CredentialField } from './field.ts';
export { oauthProviders } from './providers.ts';
export type { OAuthProvider, OAuthProviderId } from './providers.ts';
