import { expect, it } from 'vitest';
import { signalKey } from './waits.ts';

it('what is equal is one key of a signal, in whatever order its fields stand; what is not is another', () => {
  const key = signalKey({ order: 'a', at: [1, { x: null, y: 2 }] });
  expect(signalKey({ at: [1, { y: 2, x: null }], order: 'a' })).toBe(key);
  expect([signalKey({ order: 'a', at: [{ x: null, y: 2 }, 1] }), signalKey({ order: 'b', at: [1, { x: null, y: 2 }] })]).not.toContain(key);
  expect(signalKey(7)).toBe(signalKey('7'));
  expect([null, undefined, ''].map(signalKey)).toEqual([null, null, null]);
});
