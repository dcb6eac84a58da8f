import { describe, expect, it } from 'vitest';
import { diff, normalise } from './compare.ts';
import { generate } from './generate.ts';
import { faultsOf } from './faults.ts';
import { interpret } from './oracle.ts';
import { interpretRetry } from './retry.ts';
import { RuleCounter } from './rules.ts';
import { describeDefinition, shrink } from './shrink.ts';
import type { Json } from './types.ts';

const seeds = Array.from({ length: 500 }, (_, seed) => seed);

describe('generated definitions', () => {
  it('keep what 03 demands of a definition that can be published', () => {
    for (const seed of seeds) expect(faultsOf(generate(seed).definition), `seed ${seed}`).toEqual([]);
  });

  it('are the same for the same seed, and so is what they give', () => {
    for (const seed of seeds.slice(0, 50)) {
      const [one, two] = [generate(seed), generate(seed)];
      expect(one.definition).toEqual(two.definition);
      const [first, second] = [one, two].map((each) => normalise(interpret(each.definition, each.script, each.options)));
      expect(diff(first as Json, second as Json)).toEqual([]);
    }
  });

  it('come to an end, every node settled, and meet every rule', () => {
    const counter = new RuleCounter();
    for (const seed of seeds.concat(seeds.map((each) => each + 500))) {
      const { definition, script, options, retry } = generate(seed);
      const result = interpret(definition, script, options);
      const again = retry === undefined ? undefined : interpretRetry(definition, result, options, retry);
      counter.add([...result.met, ...(again?.met ?? [])]);
      for (const node of definition.nodes) {
        if (node.parent === undefined) expect(result.nodes.has(node.id)).toBe(true);
      }
    }
    expect(counter.short(1)).toEqual([]);
  });

  it('leave out what they are asked to leave out', () => {
    for (const seed of seeds.slice(0, 200)) {
      const { definition, options } = generate(seed, { approvals: false, pins: false, interruptions: false });
      expect(definition.nodes.some(({ type }) => type === 'approval')).toBe(false);
      expect([options.pinned, options.pauses, options.only]).toEqual([undefined, undefined, undefined]);
    }
  });
});

describe('comparing results', () => {
  const { definition, script, options } = generate(3);
  const result = interpret(definition, script, options);

  it('finds nothing between a result and itself', () => {
    expect(diff(normalise(result), normalise(result))).toEqual([]);
  });

  it('says where two results differ, at most ten lines and how many more', () => {
    const [path, first] = [...result.nodes][0] ?? ['', undefined];
    if (first === undefined) throw new Error('no nodes');
    const other = { ...result, nodes: new Map(result.nodes).set(path, { nodeId: first.nodeId, status: 'cancelled' }) };
    expect(diff(normalise(result), normalise(other))).toContain(`nodes.${path}.status: "${first.status}" | "cancelled"`);
    const numbers = Array.from({ length: 14 }, (_, at) => at);
    expect(
      diff(
        numbers,
        numbers.map((each) => each + 1),
      ),
    ).toHaveLength(11);
    expect(
      diff(
        numbers,
        numbers.map((each) => each + 1),
      ).at(-1),
    ).toBe('and 4 more');
  });
});

describe('shrinking', () => {
  it('leaves the smallest valid graph of which the fault is still true', async () => {
    const nested = (candidate: ReturnType<typeof generate>): boolean =>
      interpret(candidate.definition, candidate.script, candidate.options).met.has('failure-nested');
    const found = Array.from({ length: 400 }, (_, seed) => generate(seed)).find(nested);
    if (found === undefined) throw new Error('none of the seeds meets the rule');
    const small = await shrink(found, (candidate) => faultsOf(candidate.definition).length === 0 && nested(candidate));
    expect(small.definition.nodes.length, describeDefinition(small.definition)).toBeLessThanOrEqual(4);
    expect(small.definition.edges).toEqual([]);
  });

  it('offers valid graphs only', async () => {
    for (const seed of [11, 12, 13, 14]) {
      await shrink(generate(seed), ({ definition }) => {
        expect(faultsOf(definition)).toEqual([]);
        return definition.nodes.length % 2 === 0;
      });
    }
  });
});
