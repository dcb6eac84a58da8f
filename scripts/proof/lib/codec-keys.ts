/** The key ring of the payload codec as a file that a proof changes while the hub runs, and what it finds of the keys in histories. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openCodec } from '@hub/kit/temporal';

/** A ring looks at its file at most once a second. */
const ringMs = 1_200;

export interface CodecKeys {
  /** What HUB_CODEC_KEYS says. */
  setting: string;
  /** These keys from now on, newest first; resolves when every process has seen it. */
  use: (ids: string[]) => Promise<void>;
  /** Opens what any of the keys sealed. */
  opened: () => ReturnType<typeof openCodec>;
  remove: () => void;
}

/** A ring that begins with the first of these keys alone. */
export function codecKeys(ids: [string, ...string[]]): CodecKeys {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-hub-keys-'));
  const file = join(folder, 'keys');
  const keys = new Map(ids.map((id) => [id, randomBytes(32).toString('base64')]));
  const write = (used: string[]): void => {
    writeFileSync(`${file}.new`, used.map((id) => `${id}:${keys.get(id)}`).join('\n'), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  write([ids[0]]);
  return {
    setting: `file:${file}`,
    async use(used) {
      write(used);
      await delay(ringMs);
    },
    opened: () => openCodec({ keys: [...keys].map(([id, value]) => `${id}:${value}`).join(','), mode: 'on' }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Ids of the keys that sealed what a run's history holds. */
export function keysOf(value: unknown, ids = new Set<string>()): Set<string> {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return ids;
  const { metadata } = value as { metadata?: Record<string, Uint8Array> };
  const id = metadata?.['encryption-key-id'];
  if (id) ids.add(Buffer.from(id).toString());
  for (const one of Object.values(value)) keysOf(one, ids);
  return ids;
}
