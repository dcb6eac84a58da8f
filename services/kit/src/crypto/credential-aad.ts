/** What binds a sealed credential to its row (05, rule 17): API and worker must name the same parts, so they are named once. */

/** AAD parts of `connector_credentials.encrypted_credentials`; the plaintext is the JSON text of the credential's values. */
export function credentialAad(team: string, credentialId: string, rowVersion: number): string[] {
  return [team, 'connector_credentials', credentialId, 'encrypted_credentials', String(rowVersion)];
}
