import { describe, expect, it } from 'vitest';
import { diff, normalise } from './compare.ts';
import { generate } from './generate.ts';
import { portsOf } from './generate-node.ts';
import { interpret } from './oracle.ts';
import { RuleCounter } from './rules.ts';
import type { Definition, Json } from './types.ts';

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
      const { definition, script, options } = generate(seed);
      const result = interpret(definition, script, options);
      counter.add(result.met);
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
      expect([options.pinned, options.cancelAt]).toEqual([undefined, undefined]);
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
    expect(diff(numbers, numbers.map((each) => each + 1))).toHaveLength(11);
    expect(diff(numbers, numbers.map((each) => each + 1)).at(-1)).toBe('and 4 more');
  });
});

/** Rule 13 and the notes on ids and ports, checked anew: not with the generator's own means, except for the list of ports. */
function faultsOf({ nodes, edges = [], triggers = [], settings }: Definition): string[] {
  const faults: string[] = [];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const check = (fine: boolean, fault: string): void => {
    if (!fine) faults.push(fault);
  };
  const ids = [...nodes, ...triggers].map(({ id }) => id);
  check(nodes.length >= 1 && nodes.length <= 40, `${nodes.length} nodes`);
  check(new Set(ids).size === ids.length, 'duplicate id');
  check(new Set(edges.map((edge) => `${edge.from}.${edge.fromPort ?? 'out'}>${edge.to}`)).size === edges.length, 'the same edge twice');
  check(settings?.maxParallel === undefined || (settings.maxParallel >= 1 && settings.maxParallel <= 20), 'maxParallel');
  for (const id of ids) check(/^[a-z][a-z0-9_]{0,62}$/.test(id), `id ${id}`);
  for (const { from, fromPort = 'out', to } of edges) {
    const [source, target] = [byId.get(from), byId.get(to)];
    const name = `${from}.${fromPort} > ${to}`;
    check(target !== undefined, `${name}: no target`);
    if (source === undefined) {
      check(triggers.some(({ id }) => id === from) && fromPort === 'out' && target?.parent === undefined, `${name}: no source`);
      continue;
    }
    check(source.parent === target?.parent, `${name}: across a border`);
    check(fromPort === 'error' ? source.onError?.mode === 'branch' : portsOf(source).includes(fromPort), `${name}: port`);
  }
  for (const node of nodes) {
    const { id, type, config, parent, onError } = node;
    check(parent === undefined || byId.get(parent)?.type === 'loop', `${id}: parent`);
    check(type !== 'output' || parent === undefined, `${id}: output in a body`);
    check(onError?.mode !== 'branch' || edges.some((edge) => edge.from === id && edge.fromPort === 'error'), `${id}: branch without an edge`);
    check(onError?.mode !== 'continue' || portsOf(node).includes('out'), `${id}: continue`);
    if (type !== 'loop') continue;
    const body = nodes.filter((other) => other.parent === id);
    const sinks = body.filter((other) => !edges.some((edge) => edge.from === other.id));
    check(body.length > 0, `${id}: no body`);
    check(sinks.length === 1 || config['result'] !== undefined, `${id}: several sinks and no result`);
  }
  const open = new Set(nodes.map(({ id }) => id));
  for (let removed = true; removed; ) {
    removed = false;
    for (const id of open) {
      if (edges.some((edge) => edge.to === id && open.has(edge.from))) continue;
      removed = open.delete(id);
    }
  }
  check(open.size === 0, 'cycle');
  return faults;
}
