import * as planner from '@hub/dag/planner';
import { expect, test } from 'vitest';
import { plantedBreaks } from './breaks.ts';
import { compareChunks, compareFused, compareItems, compareSeed, compareShortItems } from './compare.ts';
import { readFileSync } from 'node:fs';

const graphs = 2_000;

test(`the planner does what the oracle of 03 does, in ${graphs} random graphs`, () => {
  const differing: string[] = [];
  for (let seed = 1; seed <= graphs; seed += 1) {
    const { lines } = compareSeed(planner, seed);
    if (lines.length > 0) differing.push(`seed ${seed}: ${lines.join('; ')}`);
  }
  expect(differing).toEqual([]);
});

test('fused groups give the same states, ports and values as no groups', () => {
  const differing: string[] = [];
  let compared = 0;
  for (let seed = 1; seed <= 700; seed += 1) {
    const found = compareFused(planner, seed);
    if (found) compared += 1;
    if (found && found.lines.length > 0) differing.push(`seed ${seed}: ${found.lines.join('; ')}`);
  }
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(250);
});

test('bodies computed in chunks give the same states, ports and values as item by item', () => {
  const differing: string[] = [];
  let compared = 0;
  for (let seed = 1; seed <= 2_000; seed += 1) {
    const found = compareChunks(planner, seed);
    if (found) compared += 1;
    if (found && found.lines.length > 0) differing.push(`seed ${seed}: ${found.lines.join('; ')}`);
  }
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(80);
});

test.each([
  ['at the same moments', compareItems, 500],
  ['also where an activity ends early or leaves some to themselves', compareShortItems, 200],
] as const)('items that share an activity do what they do one by one, %s', (_, compare, least) => {
  const differing: string[] = [];
  let compared = 0;
  for (let seed = 1; seed <= 1_500; seed += 1) {
    const found = compare(planner, seed);
    if (found) compared += 1;
    if (found && found.lines.length > 0) differing.push(`seed ${seed}: ${found.lines.join('; ')}`);
  }
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(least);
});

test.each(plantedBreaks)('the planted break "$name" still finds its text in the planner', ({ file, find }) => {
  const text = readFileSync(new URL(`../../../workflows/dag/src/planner/${file}`, import.meta.url), 'utf8');
  expect(text.split(find)).toHaveLength(2);
});
