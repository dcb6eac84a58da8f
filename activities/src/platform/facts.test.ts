import { expect, it } from 'vitest';

import { MemoryRuns } from '../testing/memory-runs.ts';
import { pagesOfJsonArray } from '../values/json-array.ts';
import { RunCache } from './facts.ts';

const list = Array.from({ length: 1_000 }, (_, n) => `{"n":${n}}`);
const text = `[${list.join(',')}]`;

/** A store that keeps items in pages of 256. */
class PagedRuns extends MemoryRuns {
  read: number[] = [];
  override async loopPages(): Promise<number[]> {
    return await Promise.resolve([0, 256, 512, 768]);
  }
  override async loopPage(_team: string, _run: string, _path: string, page: number): Promise<string> {
    this.read.push(page);
    return await Promise.resolve(`[${list.slice(page * 256, page * 256 + 256).join(',')}]`);
  }
}

it.each([
  ['in one page', () => new MemoryRuns({})],
  ['in several', () => new PagedRuns({})],
])('each item of a loop is its own, where the store keeps them %s', async (_, make) => {
  const runs = make();
  runs.items.set('l', text);
  const cache = new RunCache(runs);
  cache.opened('t', 'r', 'l', text, pagesOfJsonArray(text));
  for (const index of [0, 255, 256, 999, 511, 512, 1]) expect(await cache.item('t', 'r', 'l', index)).toBe(list[index]);
  expect(await cache.item('t', 'r', 'l', 1_000)).toBeUndefined();
});

it('a page is read once, however many items ask for it together', async () => {
  const runs = new PagedRuns({});
  const cache = new RunCache(runs);
  const asked = Array.from({ length: 300 }, async (_, index) => await cache.item('t', 'r', 'l', index));
  expect(await Promise.all(asked)).toEqual(list.slice(0, 300));
  expect(runs.read).toEqual([0, 1]);
});

it('a run that has ended makes room at once, and no other run does', async () => {
  const cache = new RunCache(new MemoryRuns({}));
  await cache.run('t', 'other');
  const before = cache.size().bytes;
  await cache.run('t', 'ended');
  cache.remember('t', 'ended', 'a', text);
  cache.opened('t', 'ended', 'l', text, pagesOfJsonArray(text));
  expect(cache.size().bytes).toBeGreaterThan(before + 2 * text.length);
  cache.ended('t', 'ended');
  expect(cache.size().bytes).toBe(before);
  expect(cache.isFresh('t', 'other')).toBe(true);
});
