/** Door of the vault: opens credentials, keeps access tokens fresh, speaks OAuth 2, re-wraps after a rotation. Rows come from outside. */
export { createOAuthClient, GrantRefused, wantedScopes } from './oauth.ts';
export type { OAuthClient } from './oauth.ts';
export { rewrapAll } from './rewrap.ts';
export type { RewrapRows } from './rewrap.ts';
export type { LiveSecret, VaultRows } from './types.ts';
export { createVault } from './vault.ts';
export type { Vault } from './vault.ts';
