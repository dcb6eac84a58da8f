import { expect, it } from 'vitest';
import { QuickNodes } from './quick-nodes.ts';

function learned(ms: number[]): QuickNodes {
  const quick = new QuickNodes();
  for (const one of ms) quick.learn('v', 'a', one);
  return quick;
}

it('calls a node quick after three quick calls in a row, by their mean', () => {
  expect(learned([5, 5]).of('v')).toEqual([]);
  expect(learned([5, 5, 5]).of('v')).toEqual(['a']);
  expect(learned([5, 5, 5]).isQuick('v', 'a')).toBe(true);
  expect(learned([5, 5, 5]).isQuick('other', 'a')).toBe(false);
  expect(learned([900, 900, 900]).isQuick('v', 'a')).toBe(false);
  expect(learned([5, 5, 5, 1_500]).isQuick('v', 'a')).toBe(false);
});

it('is slow to trust again after trouble', () => {
  const quick = learned([5, 5, 5]);
  quick.trouble('v', 'a');
  for (let n = 0; n < 19; n += 1) quick.learn('v', 'a', 5);
  expect(quick.isQuick('v', 'a')).toBe(false);
  quick.learn('v', 'a', 5);
  expect(quick.isQuick('v', 'a')).toBe(true);
});

it('keeps the versions that were learned of last', () => {
  const quick = learned([5, 5, 5]);
  for (let n = 0; n < 2_000; n += 1) quick.learn(`v${n}`, 'b', 5);
  expect(quick.of('v')).toEqual([]);
});
