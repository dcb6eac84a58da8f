import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';

import { parseKeyset } from '../crypto/index.ts';
import { createCodec } from './codec.ts';

const key = (): string => randomBytes(32).toString('base64');
const first = `k1:${key()}`;
const second = `k2:${key()}`;
const ringOf = (text: string) => ({ current: () => parseKeyset(text) });
const plain = (text: string): Payload => ({ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(text)) });
const dataOf = ({ data }: Payload): string => Buffer.from(data ?? []).toString();

describe('the codec', () => {
  it('hides a payload whole and gives it back as it was', async () => {
    const codec = createCodec({ ring: ringOf(first), seals: true });
    const [sealed] = await codec.encode([plain('canary')]);
    expect(Buffer.from(sealed?.metadata?.['encoding'] ?? []).toString()).toBe('binary/encrypted');
    expect(Buffer.from(sealed?.metadata?.['encryption-key-id'] ?? []).toString()).toBe('k1');
    expect(dataOf(sealed ?? {})).not.toContain('canary');
    const [opened] = await codec.decode([sealed ?? {}]);
    expect([dataOf(opened ?? {}), Buffer.from(opened?.metadata?.['encoding'] ?? []).toString()]).toEqual(['"canary"', 'json/plain']);
  });

  it('keeps empty payloads and leaves plain ones alone', async () => {
    const codec = createCodec({ ring: ringOf(first), seals: true });
    const [sealed] = await codec.encode([{ metadata: { encoding: Buffer.from('binary/null') } }]);
    const [opened] = await codec.decode([sealed ?? {}]);
    expect([Object.keys(opened?.metadata ?? {}), opened?.data?.length]).toEqual([['encoding'], 0]);
    expect((await codec.decode([plain('as it is')])).map(dataOf)).toEqual(['"as it is"']);
    expect(await codec.encode([])).toEqual([]);
    // What protobuf answers in the sandbox for data that was never set.
    const none = { metadata: { encoding: Buffer.from('binary/null') }, data: [] as unknown as Uint8Array };
    const [of] = await codec.decode(await codec.encode([none]));
    expect(of?.data?.length).toBe(0);
  });

  it('writes plain payloads where it is off, and still opens sealed ones', async () => {
    const [sealed] = await createCodec({ ring: ringOf(first), seals: true }).encode([plain('x')]);
    const off = createCodec({ ring: ringOf(first), seals: false });
    expect((await off.encode([plain('x')])).map(dataOf)).toEqual(['"x"']);
    expect((await off.decode([sealed ?? {}])).map(dataOf)).toEqual(['"x"']);
  });

  it('after a rotation opens what the old key sealed and seals with the new one', async () => {
    const [old] = await createCodec({ ring: ringOf(first), seals: true }).encode([plain('old')]);
    const rotated = createCodec({ ring: ringOf(`${second},${first}`), seals: true });
    expect((await rotated.decode([old ?? {}])).map(dataOf)).toEqual(['"old"']);
    const [fresh] = await rotated.encode([plain('new')]);
    expect(Buffer.from(fresh?.metadata?.['encryption-key-id'] ?? []).toString()).toBe('k2');
  });

  it('names the key that is missing, and what to do', async () => {
    const [old] = await createCodec({ ring: ringOf(first), seals: true }).encode([plain('old')]);
    const without = createCodec({ ring: ringOf(second), seals: true });
    await expect(without.decode([old ?? {}])).rejects.toMatchObject({
      code: 'codec.unknown-key',
      message: expect.stringContaining('"k1"') as string,
    });
  });

  it('refuses a payload of which one bit was changed, and one that was moved to another key', async () => {
    const codec = createCodec({ ring: ringOf(`${first},${second}`), seals: true });
    const [sealed] = await codec.encode([plain('x')]);
    const data = Buffer.from(sealed?.data ?? []);
    for (let at = 0; at < data.length; at += 1) {
      const changed = Buffer.from(data);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      await expect(codec.decode([{ ...sealed, data: changed }])).rejects.toMatchObject({ code: 'codec.does-not-open' });
    }
    const moved = { ...sealed, metadata: { ...sealed?.metadata, 'encryption-key-id': Buffer.from('k2') } };
    await expect(codec.decode([moved])).rejects.toMatchObject({ code: 'codec.does-not-open' });
    await expect(codec.decode([{ ...sealed, data: data.subarray(0, 20) }])).rejects.toMatchObject({ code: 'codec.does-not-open' });
  });

  it('never gives the same bytes twice', async () => {
    const codec = createCodec({ ring: ringOf(first), seals: true });
    const sealed = await codec.encode(Array.from({ length: 100 }, () => plain('x')));
    expect(new Set(sealed.map(({ data }) => Buffer.from(data ?? []).toString('base64'))).size).toBe(100);
  });
});
