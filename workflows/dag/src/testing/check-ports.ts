/** Test kit: check ports with a small stand-in for JSONata, one connector `demo` and definitions in a few words. */
import type { Definition, DefinitionNode } from '../definition.ts';
import type { CheckPorts, NotParsed, ParsedReads } from '../ports.ts';
import { isRecord, own, type JsonObject } from '../pointer.ts';

/** Reads names and `nodes.<id>` by a regular expression; `!` does not parse, `$nodes()` stands for dynamic access. */
function parseExpression(text: string): ParsedReads | NotParsed {
  if (text.includes('!')) return { ok: false, message: 'Unexpected !', position: text.indexOf('!') };
  const reads = [...text.matchAll(/(?<![A-Za-z0-9_.])nodes\.([a-z][a-z0-9_]*)/g)].map((match) => match[1] ?? '');
  const names = [...text.matchAll(/(?<![A-Za-z0-9_.$"'])([a-z][a-z0-9_]*)/gi)].map((match) => match[1] ?? '');
  return { ok: true, reads: [...new Set(reads)], names: [...new Set(names)], dynamic: text.includes('$nodes()') };
}

export const checkPorts: CheckPorts = {
  parseExpression,
  action: (connector, action) => {
    if (connector !== 'demo' || !['read', 'write', 'query'].includes(action)) return undefined;
    return {
      kind: action === 'write' ? 'write' : 'read',
      idempotent: () => action !== 'write',
      literalParams: action === 'query' ? ['sql'] : [],
      paramsFaults: (params) => (isRecord(params) && own(params, 'bad') === undefined ? [] : [{ path: '/bad', message: 'There is no param "bad".' }]),
    };
  },
  connectors: () => ['demo'],
  modelWarning: (name) => (name.startsWith('demo/') ? null : { code: 'node.unknown-model', message: 'No such model.' }),
  patternFault: (pattern) => (pattern.includes('(?=') ? 'No look-around.' : null),
};

/** A definition of nodes given as id -> fields; `config` fits a data_source of `demo` where left out. */
export function definitionOf(
  nodes: Record<string, Partial<Omit<DefinitionNode, 'id'>>>,
  edges: string[] = [],
  rest: Partial<Definition> = {},
): Definition {
  return {
    schemaVersion: 1,
    nodes: Object.entries(nodes).map(([id, fields]) => ({
      id,
      type: 'data_source',
      config: { connector: 'demo', action: 'read' } as JsonObject,
      ...fields,
    })),
    edges: edges.map((edge) => {
      const [from = '', to = ''] = edge.split('>');
      const [id = '', port] = from.split(':');
      return port === undefined ? { from: id, to } : { from: id, fromPort: port, to };
    }),
    ...rest,
  };
}
