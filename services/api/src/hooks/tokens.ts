/** Tokens in the URLs of webhooks, forms and test windows: 256 bits, of which the database keeps a hash (05, rule 23). */
import { createHash } from 'node:crypto';
import type { NewToken, TokenKind } from '@hub/db/write';
import { hmacBase64Url, randomToken, safeEqual } from '@hub/kit/crypto';

const prefixes = { webhook: 'whk', form: 'frm', 'test-webhook': 'wht', 'test-form': 'frt' } as const;
export type AnyTokenKind = keyof typeof prefixes;

/** A fresh token; its prefix tells people (and secret scanners) what it is. */
export function newTriggerToken(kind: TokenKind | AnyTokenKind): NewToken {
  const token = `${prefixes[kind]}_${randomToken()}`;
  return { token, hash: hashToken(token) };
}

/** What the database knows of a token. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** True for the token of a form, published or under test. */
export const isFormToken = (token: string): boolean => token.startsWith('frm_') || token.startsWith('frt_');

/** Where people or programs send to. */
export function urlOfToken(origin: string, token: string): string {
  return `${origin}/${isFormToken(token) ? 'forms' : 'hooks'}/${token}`;
}

/** What the page of a form follows its run with: the run's id, signed for that form's team. Says nothing to anybody else. */
export function submissionToken(key: Buffer, team: string, run: string): string {
  return `frs_${run.replaceAll('-', '')}.${hmacBase64Url(key, `form-submission:${team}:${run}`)}`;
}

/** The run of a submission; null for a token that is not ours, or of another team. */
export function runOfSubmission(key: Buffer, team: string, token: string): string | null {
  const match = /^frs_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.[\w-]{43}$/.exec(token);
  if (match === null) return null;
  const run = match.slice(1).join('-');
  return safeEqual(submissionToken(key, team, run), token) ? run : null;
}
