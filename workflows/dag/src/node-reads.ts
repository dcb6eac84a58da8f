/** What a node's expressions read, and what is wrong with them. Used by the check and by compile, so they cannot disagree. */
import type { DefinitionNode } from './definition.ts';
import { loopsAround, upstreamOf, type Graph } from './graph.ts';
import { kindOf } from './kinds/index.ts';
import type { CheckPorts, NotParsed, ParsedReads } from './ports.ts';
import type { Site } from './sites.ts';

export interface ReadFault {
  /** Pointer below the node. */
  path: string;
  code: string;
  message: string;
}

export interface NodeReads {
  /** Sorted; only nodes that it may read. */
  reads: string[];
  faults: ReadFault[];
  warnings: ReadFault[];
}

const knownNames = new Set(['input', 'nodes', 'item', 'index', 'iteration', 'previous', 'loops', 'run', 'workflow', 'trigger', 'vars']);
const loopNames = new Set(['item', 'index', 'iteration', 'previous', 'loops']);

/** Parses every expression of a node. Never throws; a node of an unknown type reads nothing. */
export function readsOf(node: DefinitionNode, graph: Graph, ports: CheckPorts): NodeReads {
  const kind = kindOf(node.type);
  const found: NodeReads = { reads: [], faults: [], warnings: [] };
  if (!kind) return found;
  const upstream = upstreamOf(graph, node.id);
  const body = new Set(graph.body.get(node.id) ?? []);
  const reads = new Set<string>();
  const inLoop = loopsAround(graph, node.id).length > 0 || Boolean(kind.loop?.(node.config));
  for (const site of kind.sites(node.config)) {
    const path = `/config${site.pointer}`;
    if (site.fault !== undefined) {
      found.faults.push({ path, code: 'expression.unclosed', message: site.fault });
      continue;
    }
    const parsed = site.text === '' ? empty : ports.parseExpression(site.text);
    if (!parsed.ok) {
      found.faults.push(notParsed(path, site.text, parsed));
      continue;
    }
    const sees = site.sees === 'result' ? new Set([...upstream, ...body]) : upstream;
    take(parsed, sees, reads, path, graph, found);
    found.warnings.push(...nameWarnings(parsed, site, inLoop, path));
  }
  readCode(node, ports, upstream, reads, graph, found);
  found.reads = [...reads].sort();
  return found;
}

const empty: NotParsed = { ok: false, code: 'expression.syntax', message: 'There is nothing between {{ and }}' };

function notParsed(path: string, text: string, parsed: NotParsed): ReadFault {
  const place = parsed.position === undefined ? '' : ` (at position ${parsed.position} of "${text.slice(0, 60)}")`;
  return { path, code: parsed.code ?? 'expression.syntax', message: `${parsed.message.replace(/[.\s]+$/, '')}${place}.` };
}

function take(parsed: Omit<ParsedReads, 'names'>, sees: Set<string>, reads: Set<string>, path: string, graph: Graph, found: NodeReads): void {
  for (const id of parsed.reads) {
    if (sees.has(id)) reads.add(id);
    else found.faults.push({ path, code: 'expression.not-upstream', message: whyNot(id, sees, graph) });
  }
  if (parsed.dynamic) for (const id of sees) reads.add(id);
}

function whyNot(id: string, sees: Set<string>, graph: Graph): string {
  const node = graph.node.get(id);
  const seen = [...sees].sort().slice(0, 10).join(', ') || 'none';
  if (!node) return `There is no node "${id}". Nodes before this one: ${seen}.`;
  const loop = loopsAround(graph, id).find((around) => sees.has(around));
  if (loop !== undefined) return `${id} runs inside the loop ${loop}; outside of it only nodes.${loop}.output, its list of results, can be read.`;
  return `${id} does not run before this node, so its output may not be there. Connect it so that it comes before, or read one of: ${seen}.`;
}

function nameWarnings(parsed: ParsedReads, site: Site, inLoop: boolean, path: string): ReadFault[] {
  return parsed.names.flatMap((name) => {
    if (!knownNames.has(name)) {
      return [
        {
          path,
          code: 'expression.unknown-name',
          message: `"${name}" is not a name an expression can read, so it is always missing. Names: ${[...knownNames].join(', ')}.`,
        },
      ];
    }
    if (loopNames.has(name) && !inLoop && !site.item)
      return [{ path, code: 'expression.outside-loop', message: `"${name}" exists only inside a loop, so it is always missing here.` }];
    return [];
  });
}

/** A code node reads from `ctx`, in JavaScript; without a parser it is taken to read all it may. */
function readCode(node: DefinitionNode, ports: CheckPorts, upstream: Set<string>, reads: Set<string>, graph: Graph, found: NodeReads): void {
  const source = kindOf(node.type)?.source?.(node.config) ?? null;
  if (source === null) return;
  const parsed = ports.parseCode?.(source) ?? { ok: true as const, reads: [], dynamic: true };
  if (!parsed.ok)
    found.faults.push({ path: '/config/source', code: parsed.code ?? 'code.syntax', message: `${parsed.message}.`.replace(/\.\.$/, '.') });
  else take(parsed, upstream, reads, '/config/source', graph, found);
}
