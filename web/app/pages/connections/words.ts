/** States of a connection and the ends of a consent, in words. */

export const statusWords: Record<string, { label: string; tone: 'plain' | 'failed' | 'waiting' }> = {
  active: { label: 'Connected', tone: 'plain' },
  pending: { label: 'Not connected yet', tone: 'waiting' },
  needs_reauth: { label: 'Access lost', tone: 'failed' },
  expired: { label: 'Expired', tone: 'failed' },
};

/** Of one whose key ends at a time that is known. */
export const endWords: Record<'soon' | 'ended', { label: string; tone: 'failed' | 'waiting' }> = {
  soon: { label: 'Ends soon', tone: 'waiting' },
  ended: { label: 'Key has ended', tone: 'failed' },
};

/** By `problem` of the address the consent page leads back to. */
export const consentProblems: Record<string, string> = {
  state: 'The way back from the provider was not one of yours, was used already, or took longer than 10 minutes. Nothing changed; connect again.',
  denied: 'Consent was refused at the provider. Nothing changed.',
  refused: 'The provider did not take its own answer back. Check the client id and secret, then connect again.',
  changed: 'The connection was changed meanwhile. Connect again.',
  provider: 'The provider answered with a fault. Check the redirect URL and the scopes there, then connect again.',
};

export const whereWords: Record<string, string> = { draft: 'Draft', published: 'Published version', trigger: 'Trigger' };
