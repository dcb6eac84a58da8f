/** What binds a sealed credential to its row (05, rule 17): API and worker must name the same parts, so they are named once. */

/** AAD parts of `connector_credentials.encrypted_credentials`; the plaintext is the JSON text of the credential's values. */
export function credentialAad(team: string, credentialId: string, rowVersion: number): string[] {
  return [team, 'connector_credentials', credentialId, 'encrypted_credentials', String(rowVersion)];
}

/** AAD parts of the two token columns, which have a version of their own; the access token's plaintext is JSON. */
export function tokenAad(team: string, credentialId: string, which: 'access' | 'refresh', tokenVersion: number): string[] {
  return [team, 'connector_credentials', credentialId, `oauth_${which}_token_encrypted`, String(tokenVersion)];
}

/** AAD parts of `oauth_states.verifier_encrypted`; the hash of the state is the row's own name. */
export function verifierAad(team: string, stateHash: string): string[] {
  return [team, 'oauth_states', stateHash, 'verifier_encrypted', '1'];
}
