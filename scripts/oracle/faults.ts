// Whether a generated definition could be published: rule 13 as far as the generator can break it. Tests use it.
import { portsOf } from './generate-node.ts';
import type { Definition } from './types.ts';

/** The faults of a definition, in words; none where it is valid. Checked anew: only the list of ports is the generator's own. */
export function faultsOf({ nodes, edges = [], triggers = [], settings }: Definition): string[] {
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
