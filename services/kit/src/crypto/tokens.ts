import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Compares in constant time for equal lengths; texts as UTF-8. Hashing first hides the length as well. */
export function safeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/** HMAC-SHA256 of `data`, as unpadded base64url. */
export function hmacBase64Url(key: Uint8Array, data: string | Uint8Array): string {
  return createHmac('sha256', key).update(data).digest('base64url');
}

/** True when `mac` (base64url) is the HMAC of `data` under one of `keys` (newest first; several during a rotation). */
export function hmacMatches(keys: readonly Uint8Array[], data: string | Uint8Array, mac: string): boolean {
  let matches = false;
  // Every key is tried, so that time does not tell which one fits.
  for (const key of keys) matches = safeEqual(hmacBase64Url(key, data), mac) || matches;
  return matches;
}

/** A random text of `bytes` bytes (32: 256 bits), base64url. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/** For secrets of high entropy only (API keys, tokens): never for passwords. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

export function sha256Base64Url(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('base64url');
}
