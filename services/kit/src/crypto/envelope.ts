/**
 * Envelope encryption (05, rule 17): every record has a data key of its own (AES-256-GCM, random 96-bit nonce), wrapped by a key of the keyset.
 * The additional data binds a ciphertext to its place `v1|tenant|table|rowId|column|rowVersion`: moved to another row, column or tenant it does not open.
 * Sealed form: `v1.<key id>.<wrapped data key>.<ciphertext>`, both base64url of nonce | ciphertext | tag.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import { BugError, UserError } from '../errors.ts';

/** Keys to wrap with: the first is primary (seals), all open. */
export interface Keyset {
  primary: string;
  keys: ReadonlyMap<string, Uint8Array>;
}

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/**
 * Reads `k1:<base64 of 32 bytes>[,k0:<...>]`, newest first.
 * @throws UserError `crypto.bad-keyset`; the message never holds key material.
 */
export function parseKeyset(text: string): Keyset {
  const keys = new Map<string, Uint8Array>();
  for (const [at, part] of text.split(',').entries()) {
    const match = /^([a-z][a-z0-9_-]{0,31}):([A-Za-z0-9+/_-]+={0,2})$/.exec(part.trim());
    const id = match?.[1];
    const key = Buffer.from(match?.[2] ?? '', 'base64');
    if (id === undefined || key.length !== keyBytes) throw badKeyset(`key ${at + 1} is not of the form id:<base64 of 32 bytes>`);
    if (keys.has(id)) throw badKeyset(`the key id of key ${at + 1} appears twice`);
    keys.set(id, key);
  }
  const primary = keys.keys().next().value;
  if (primary === undefined) throw badKeyset('it is empty');
  return { primary, keys };
}

function badKeyset(what: string): UserError {
  return new UserError('crypto.bad-keyset', `The keyset cannot be used: ${what}.`, {
    remedy: 'Give `k1:<base64 of 32 random bytes>`, newest first, separated by commas.',
  });
}

/**
 * Encrypts `plaintext` for one place. `aadParts` are tenant, table, row id, column, row version, in this order.
 * Sealing twice gives different texts.
 */
export function seal(keyset: Keyset, aadParts: readonly string[], plaintext: string | Uint8Array): string {
  const aad = additionalData(aadParts);
  const dataKey = randomBytes(keyBytes);
  const sealed = `v1.${keyset.primary}.${encrypt(keyOf(keyset, keyset.primary), aad, dataKey)}.${encrypt(dataKey, aad, plaintext)}`;
  dataKey.fill(0);
  return sealed;
}

/**
 * Decrypts what `seal` made for the same place.
 * @throws UserError `crypto.unknown-key` when its key is not in the keyset; BugError `crypto.does-not-open` when text or place were changed.
 */
export function open(keyset: Keyset, aadParts: readonly string[], sealed: string): Buffer {
  const { keyId, wrapped, body } = parse(sealed);
  const aad = additionalData(aadParts);
  const dataKey = decrypt(keyOf(keyset, keyId), aad, wrapped);
  const plaintext = decrypt(dataKey, aad, body);
  dataKey.fill(0);
  return plaintext;
}

/** Wraps the data key with the primary key; the ciphertext stays. Answers the text itself when it already uses the primary. */
export function rewrap(keyset: Keyset, aadParts: readonly string[], sealed: string): string {
  const { keyId, wrapped, body } = parse(sealed);
  if (keyId === keyset.primary) return sealed;
  const aad = additionalData(aadParts);
  const dataKey = decrypt(keyOf(keyset, keyId), aad, wrapped);
  // Opening the body as well: a broken record must not get a fresh wrapping.
  decrypt(dataKey, aad, body).fill(0);
  const again = `v1.${keyset.primary}.${encrypt(keyOf(keyset, keyset.primary), aad, dataKey)}.${body}`;
  dataKey.fill(0);
  return again;
}

/** The id of the key that wraps `sealed`, to find what still needs `rewrap`. */
export function keyIdOf(sealed: string): string {
  return parse(sealed).keyId;
}

function parse(sealed: string): { keyId: string; wrapped: string; body: string } {
  const [version, keyId, wrapped, body, more] = sealed.split('.');
  if (version !== 'v1' || !keyId || !wrapped || body === undefined || more !== undefined) throw doesNotOpen('it is not of the form of sealed text');
  return { keyId, wrapped, body };
}

/** Parts may not hold the separator, so no two places give the same text. */
function additionalData(parts: readonly string[]): Buffer {
  for (const part of parts) {
    if (part === '' || part.includes('|')) throw new BugError('crypto.bad-place', 'A part of the additional data is empty or holds "|".');
  }
  if (parts.length < 2) throw new BugError('crypto.bad-place', 'The additional data names no place.');
  return Buffer.from(['v1', ...parts].join('|'), 'utf8');
}

function keyOf(keyset: Keyset, id: string): Uint8Array {
  const key = keyset.keys.get(id);
  if (key === undefined) {
    throw new UserError('crypto.unknown-key', `The value is sealed with key "${id}", which is not in the keyset.`, {
      remedy: 'Add the old key to the end of HUB_CREDENTIAL_KEYS.',
      status: 409,
    });
  }
  return key;
}

function encrypt(key: Uint8Array, aad: Buffer, plaintext: string | Uint8Array): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(aad);
  const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext, 'utf8') : plaintext;
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function decrypt(key: Uint8Array, aad: Buffer, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  // base64url ignores stray bits and characters: only the one canonical spelling is taken.
  if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== text) throw doesNotOpen('it is cut or misspelt');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(aad);
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes)), decipher.final()]);
  } catch (cause) {
    throw doesNotOpen('it was changed, or belongs to another place', cause);
  }
}

function doesNotOpen(why: string, cause?: unknown): BugError {
  return new BugError('crypto.does-not-open', `Sealed text does not open: ${why}.`, { cause });
}
