import { beforeAll, describe, expect, it } from 'vitest';
import { bundleEngine, bundleSize, replayAll } from './replay.ts';

type Bundle = Awaited<ReturnType<typeof bundleEngine>>;

describe('the replay gate', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleEngine();
  });

  it('replays every recorded history of every engine version', async () => {
    const { total, faults } = await replayAll(bundle);
    expect(faults).toEqual([]);
    expect(total).toBeGreaterThanOrEqual(200);
  });

  it('turns red when the order of commands is changed', async () => {
    const { faults } = await replayAll(await bundleEngine('reversed-commands'), (name) => name.startsWith('wide'));
    expect(faults).not.toEqual([]);
  });

  it('bundles the interpreter and nothing else: no zod, no node builtin, ours at most 275 kB', () => {
    expect(bundleSize(bundle).ours).toBeLessThan(275_000);
    expect(bundleSize(bundle).total).toBeLessThan(850_000);
    expect(bundle.code).not.toMatch(/ZodType|require\("(node:)?(fs|net|child_process|http)"\)/);
    expect(bundle.code).not.toMatch(/jsonata|undici|postgres/i);
  });
});
