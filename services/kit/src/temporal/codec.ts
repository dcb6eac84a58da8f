/**
 * Encrypts what Temporal stores (04, rule 17): every payload becomes AES-256-GCM ciphertext before it leaves the process. Its metadata name the key, so keys
 * can be changed while runs are parked: new payloads take the first key of the ring, old ones open with theirs as long as it is in the ring.
 *
 * Each process encrypts under subkeys of the ring's key (HKDF, a random salt that goes along), each for at most 2^20 payloads: a random nonce of 96 bits stays
 * unique enough however much is written under one key.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';

import { createKeyRing, type KeyRing } from '../crypto/key-ring.ts';
import { BugError, UserError } from '../errors.ts';

const sealedEncoding = 'binary/encrypted';
const keyIdField = 'encryption-key-id';
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const payloadsPerSubkey = 2 ** 20;
const rememberedSubkeys = 1_000;
const purpose = 'workflow-hub temporal payload v1';

export interface CodecOptions {
  ring: KeyRing;
  /** False: writes plain payloads, and still opens sealed ones. */
  seals: boolean;
}

/** The codec of a process. Keep one: it remembers subkeys. Payloads that are not sealed pass as they are. */
export function createCodec({ ring, seals }: CodecOptions): PayloadCodec {
  const subkeys = new Subkeys();
  let current: { id: string; salt: Buffer; key: Uint8Array; left: number } | null = null;

  const forSealing = (): { id: string; salt: Buffer; key: Uint8Array } => {
    const { primary } = ring.current();
    if (current === null || current.id !== primary || current.left === 0) {
      const salt = randomBytes(saltBytes);
      current = { id: primary, salt, key: subkeys.of(ring, primary, salt), left: payloadsPerSubkey };
    }
    current.left -= 1;
    return current;
  };

  const seal = (payload: Payload): Payload => {
    if (textOf(payload, 'encoding') === sealedEncoding) return payload;
    const { id, salt, key } = forSealing();
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(`${purpose}|${id}`));
    const data = Buffer.concat([salt, nonce, cipher.update(pack(payload)), cipher.final(), cipher.getAuthTag()]);
    return { metadata: { encoding: Buffer.from(sealedEncoding), [keyIdField]: Buffer.from(id) }, data };
  };

  const open = (payload: Payload): Payload => {
    if (textOf(payload, 'encoding') !== sealedEncoding) return payload;
    const id = textOf(payload, keyIdField) ?? '';
    const bytes = Buffer.from(payload.data ?? []);
    if (bytes.length < saltBytes + nonceBytes + tagBytes) throw doesNotOpen('it is cut');
    const key = subkeys.of(ring, id, bytes.subarray(0, saltBytes));
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(saltBytes, saltBytes + nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(`${purpose}|${id}`));
    decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
    try {
      return unpack(Buffer.concat([decipher.update(bytes.subarray(saltBytes + nonceBytes, bytes.length - tagBytes)), decipher.final()]));
    } catch (cause) {
      throw doesNotOpen('it was changed, or its key is another one of the same name', cause);
    }
  };

  return {
    encode: (payloads) => Promise.resolve(seals ? payloads.map(seal) : payloads),
    // A throw becomes a rejection: the caller sees which key is missing.
    decode: async (payloads) => await Promise.resolve(payloads.map(open)),
  };
}

/** The codec of one process, in all the forms in which it is handed on. */
export interface TemporalCodec {
  codec: PayloadCodec;
  /** For clients, workers and replays. Failures carry their message and stack as a payload where it seals, so that these are sealed too. */
  converter: DataConverter;
  seals: boolean;
  /** Id of the key that seals now; null: it does not. */
  sealedBy: () => string | null;
}

/**
 * From the environment's words: `HUB_CODEC_KEYS` and `HUB_CODEC`.
 * @throws UserError `crypto.bad-keyset`
 */
export function openCodec({ keys, mode, onFault }: { keys: string; mode: 'on' | 'off'; onFault?: (error: unknown) => void }): TemporalCodec {
  const ring = createKeyRing(keys, onFault);
  const seals = mode === 'on';
  const codec = createCodec({ ring, seals });
  const failures = seals ? { failureConverterPath: fileURLToPath(new URL('./sealed-failures.ts', import.meta.url)) } : {};
  return { codec, seals, sealedBy: () => (seals ? ring.current().primary : null), converter: { payloadCodecs: [codec], ...failures } };
}

class Subkeys {
  readonly #known = new Map<string, Uint8Array>();

  /** @throws UserError `codec.unknown-key` */
  of(ring: KeyRing, id: string, salt: Uint8Array): Uint8Array {
    const master = ring.current().keys.get(id);
    if (master === undefined) throw unknownKey(id);
    const name = `${id} ${Buffer.from(salt).toString('base64')}`;
    const found = this.#known.get(name);
    if (found !== undefined) return found;
    const made = new Uint8Array(hkdfSync('sha256', master, salt, purpose, 32));
    // The oldest goes first: a process meets few at a time.
    if (this.#known.size >= rememberedSubkeys) this.#known.delete(this.#known.keys().next().value ?? '');
    this.#known.set(name, made);
    return made;
  }
}

function unknownKey(id: string): UserError {
  const name = /^[\w-]{1,32}$/.test(id) ? `"${id}"` : 'another';
  return new UserError('codec.unknown-key', `A payload of Temporal is encrypted with key ${name}, which is not in HUB_CODEC_KEYS.`, {
    remedy: 'Add the old key to the end of HUB_CODEC_KEYS of API and workers; the run goes on by itself.',
    status: 409,
  });
}

function doesNotOpen(why: string, cause?: unknown): BugError {
  return new BugError('codec.does-not-open', `A payload of Temporal does not open: ${why}.`, { cause });
}

function textOf({ metadata }: Payload, field: string): string | null {
  const value = metadata?.[field];
  return value ? Buffer.from(value).toString('utf8') : null;
}

/** Length of the metadata (4 bytes), the metadata as JSON of base64 texts, then the data. */
function pack({ metadata, data }: Payload): Buffer {
  const fields = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value ?? []).toString('base64')]);
  const head = Buffer.from(JSON.stringify(Object.fromEntries(fields)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  // A value that is nothing has no data of its own: in the sandbox protobuf then answers an empty list for it.
  return Buffer.concat([length, head, ArrayBuffer.isView(data) ? data : Buffer.from(data ?? [])]);
}

function unpack(bytes: Buffer): Payload {
  const end = 4 + bytes.readUInt32BE(0);
  const fields = JSON.parse(bytes.subarray(4, end).toString()) as Record<string, string>;
  const metadata = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, new Uint8Array(Buffer.from(value, 'base64'))]));
  return { metadata, data: new Uint8Array(bytes.subarray(end)) };
}
