import { beforeAll, describe, expect, it } from 'vitest';
import { bundleEngine, replayAll } from './replay.ts';

type Bundle = Awaited<ReturnType<typeof bundleEngine>>;

describe('the replay gate', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleEngine();
  }, 60_000);

  it('replays every recorded history of every engine version', async () => {
    const { total, faults } = await replayAll(bundle);
    expect(faults).toEqual([]);
    expect(total).toBeGreaterThanOrEqual(25);
  }, 120_000);

  it('turns red when the order of commands is changed', async () => {
    const { faults } = await replayAll(await bundleEngine('reversed-commands'), (name) => name.startsWith('wide'));
    expect(faults).not.toEqual([]);
  }, 120_000);

  it('bundles the interpreter and nothing else: no zod, no node builtin, at most 1.5 MB', () => {
    expect(bundle.code.length).toBeLessThan(1_500_000);
    expect(bundle.code).not.toMatch(/ZodType|require\("(node:)?(fs|net|child_process|http)"\)/);
    expect(bundle.code).not.toMatch(/jsonata|undici|postgres/i);
  });
});
