/**
 * Incoming webhooks: is this request of whoever holds the secret, and fresh? Fail-closed (05, rule 20): whatever is missing, doubled, misspelt or
 * unknown is a refusal. Works on the bytes as they came; every secret and every signature is compared, in constant time.
 */
import { createHmac } from 'node:crypto';
import { safeEqual } from '../crypto/tokens.ts';
import { standardKey } from './sign.ts';

export type HmacAlgorithm = 'sha256' | 'sha1' | 'sha512';
export type HmacEncoding = 'hex' | 'base64' | 'base64url';

/** How a sender signs. */
export type SignatureScheme =
  | { scheme: 'standardwebhooks' | 'stripe' | 'github' | 'slack' }
  | {
      scheme: 'hmac';
      header: string;
      algorithm?: HmacAlgorithm | undefined;
      encoding?: HmacEncoding | undefined;
      prefix?: string | undefined;
      timestampHeader?: string | undefined;
    };

export interface SignedRequest {
  /** Lower-case names, as Node gives them; a header that came twice as a list is refused. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Uint8Array;
  /** Newest first; all are tried. */
  secrets: readonly string[];
  nowMs: number;
}

export type VerifyRefusal = 'no-signature' | 'bad-signature' | 'stale' | 'bad-secret';
export type Verified =
  | {
      ok: true;
      /** What tells a repeat of this very request, and is covered by the signature. */
      replayId: string;
    }
  | { ok: false; reason: VerifyRefusal };

/** Seconds that a timestamp may be off, in the past or the future. */
export const toleranceSeconds = 300;
const maxSignatures = 10;

const refuse = (reason: VerifyRefusal): Verified => ({ ok: false, reason });

/** What a request claims: what was signed, by which signatures, at what time. */
interface Claim {
  signed: (Uint8Array | string)[];
  algorithm: HmacAlgorithm;
  encoding: HmacEncoding;
  /** Candidates without their prefix. */
  signatures: string[];
  /** Seconds since 1970; null where the scheme has none. */
  timestamp: number | null;
  keyOf: (secret: string) => Uint8Array | null;
  replayId: (signature: string) => string;
}

/** Checks one request. Never throws. */
export function verifySignature(scheme: SignatureScheme, request: SignedRequest): Verified {
  const claim = claimOf(scheme, request);
  if (claim === null) return refuse('no-signature');
  if (claim.signatures.length === 0 || claim.signatures.length > maxSignatures) return refuse('bad-signature');
  const keys = request.secrets.map(claim.keyOf);
  if (keys.length === 0 || keys.some((key) => key === null || key.length === 0)) return refuse('bad-secret');
  let match: string | null = null;
  for (const key of keys) {
    const mac = createHmac(claim.algorithm, key as Uint8Array);
    for (const part of claim.signed) mac.update(part);
    const wanted = mac.digest(claim.encoding);
    // All are compared, so that time does not tell which one fits.
    for (const given of claim.signatures) if (safeEqual(given, wanted)) match ??= given;
  }
  if (match === null) return refuse('bad-signature');
  // After the signature: a stranger does not learn how far our clock is.
  if (claim.timestamp !== null && Math.abs(Math.floor(request.nowMs / 1000) - claim.timestamp) > toleranceSeconds) return refuse('stale');
  return { ok: true, replayId: claim.replayId(match) };
}

function claimOf(scheme: SignatureScheme, request: SignedRequest): Claim | null {
  switch (scheme.scheme) {
    case 'standardwebhooks':
      return standardClaim(request);
    case 'stripe':
      return stripeClaim(request);
    case 'github':
      return githubClaim(request);
    case 'slack':
      return slackClaim(request);
    case 'hmac':
      return hmacClaim(scheme, request);
  }
}

/** One header, once; null otherwise. */
function header({ headers }: SignedRequest, name: string): string | null {
  const value = headers[name.toLowerCase()];
  return typeof value === 'string' && value !== '' && value.length <= 2_000 ? value : null;
}

/** Seconds as plain digits; null otherwise. */
function secondsIn(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,11}$/.test(text) ? Number(text) : null;
}

const utf8 = (secret: string): Uint8Array => Buffer.from(secret, 'utf8');
const bySignature = (signature: string): string => `sig:${signature}`;

function standardClaim(request: SignedRequest): Claim | null {
  const id = header(request, 'webhook-id');
  const time = header(request, 'webhook-timestamp');
  const given = header(request, 'webhook-signature');
  const timestamp = secondsIn(time);
  if (id === null || given === null || timestamp === null || !/^[\x21-\x7e]{1,200}$/.test(id)) return null;
  const signatures = given.split(' ').flatMap((one) => (one.startsWith('v1,') ? [one.slice(3)] : []));
  return {
    signed: [`${id}.${timestamp}.`, request.body],
    algorithm: 'sha256',
    encoding: 'base64',
    signatures,
    timestamp,
    keyOf: standardKey,
    replayId: () => `id:${id}`,
  };
}

function stripeClaim(request: SignedRequest): Claim | null {
  const given = header(request, 'stripe-signature');
  if (given === null) return null;
  const pairs = given.split(',').map((pair) => pair.split('=') as [string, string | undefined, ...string[]]);
  const times = pairs.flatMap(([name, value]) => (name === 't' ? [value ?? ''] : []));
  const timestamp = times.length === 1 ? secondsIn(times[0] ?? null) : null;
  if (timestamp === null) return null;
  return {
    signed: [`${timestamp}.`, request.body],
    algorithm: 'sha256',
    encoding: 'hex',
    signatures: pairs.flatMap(([name, value]) => (name === 'v1' && value ? [value] : [])),
    timestamp,
    keyOf: utf8,
    replayId: bySignature,
  };
}

function githubClaim(request: SignedRequest): Claim | null {
  const given = header(request, 'x-hub-signature-256');
  if (given === null || !given.startsWith('sha256=')) return null;
  return {
    signed: [request.body],
    algorithm: 'sha256',
    encoding: 'hex',
    signatures: [given.slice('sha256='.length)],
    timestamp: null,
    keyOf: utf8,
    replayId: bySignature,
  };
}

function slackClaim(request: SignedRequest): Claim | null {
  const given = header(request, 'x-slack-signature');
  const timestamp = secondsIn(header(request, 'x-slack-request-timestamp'));
  if (given === null || timestamp === null || !given.startsWith('v0=')) return null;
  return {
    signed: [`v0:${timestamp}:`, request.body],
    algorithm: 'sha256',
    encoding: 'hex',
    signatures: [given.slice('v0='.length)],
    timestamp,
    keyOf: utf8,
    replayId: bySignature,
  };
}

function hmacClaim(scheme: Extract<SignatureScheme, { scheme: 'hmac' }>, request: SignedRequest): Claim | null {
  const given = header(request, scheme.header);
  const prefix = scheme.prefix ?? '';
  if (given === null || !given.startsWith(prefix)) return null;
  const encoding = scheme.encoding ?? 'hex';
  const timed = scheme.timestampHeader !== undefined;
  const timestamp = timed ? secondsIn(header(request, scheme.timestampHeader ?? '')) : null;
  if (timed && timestamp === null) return null;
  const signature = given.slice(prefix.length);
  return {
    signed: timed ? [`${timestamp}.`, request.body] : [request.body],
    algorithm: scheme.algorithm ?? 'sha256',
    encoding,
    // Some write hex in capitals; it is the same number.
    signatures: [encoding === 'hex' ? signature.toLowerCase() : signature],
    timestamp,
    keyOf: utf8,
    replayId: bySignature,
  };
}
