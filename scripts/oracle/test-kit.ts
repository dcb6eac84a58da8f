// Short hand for hand-written cases: small definitions and scripts in a line or two.
import { interpret } from './oracle.ts';
import type { Interpretation } from './oracle.ts';
import type { Behaviour, Definition, Edge, InterpretOptions, Json, NodeDefinition, NodeType, Script, Trigger } from './types.ts';

type NodeExtras = Omit<Partial<NodeDefinition>, 'id' | 'type' | 'config'> & { readonly config?: { readonly [key: string]: Json } };

const defaults: { readonly [type in NodeType]?: { readonly [key: string]: Json } } = {
  switch: {
    cases: [
      { port: 'low', when: { expression: 'true' } },
      { port: 'high', when: { expression: 'true' } },
    ],
  },
  loop: { mode: 'for_each', items: '{{ input.items }}' },
};

/** A node; `config` is added to what the kind needs. */
export function node(id: string, type: NodeType = 'transform', extras: NodeExtras = {}): NodeDefinition {
  return { ...extras, id, type, config: { ...defaults[type], ...extras.config } };
}

/** `edges('a > b', 'c.true > b')`. */
export function edges(...texts: readonly string[]): readonly Edge[] {
  return texts.map((text) => {
    const [from = '', to = ''] = text.split(' > ');
    const [source = '', port] = from.split('.');
    return { from: source, ...(port === undefined ? {} : { fromPort: port }), to };
  });
}

export interface Case {
  readonly nodes: readonly NodeDefinition[];
  readonly edges?: readonly Edge[];
  readonly triggers?: readonly Trigger[];
  readonly settings?: Definition['settings'];
  /** By path, else by node id; what is missing is ok after 10 ms. */
  readonly script?: { readonly [pathOrId: string]: Partial<Behaviour> };
  readonly options?: InterpretOptions;
}

export function run({ nodes, edges: between = [], triggers = [], settings = {}, script = {}, options }: Case): Interpretation {
  const definition: Definition = { schemaVersion: 1, nodes, edges: between, triggers, settings };
  return interpret(definition, scriptOf(script), options);
}

export function scriptOf(given: { readonly [pathOrId: string]: Partial<Behaviour> }): Script {
  return { behave: (nodeId, path) => ({ durationMs: 10, outcome: 'ok', ...given[nodeId], ...given[path] }) };
}

/** The statuses by path, in one line: `a:completed b:skipped`, in order of path as given. */
export function statuses(result: Interpretation): string {
  return [...result.nodes].map(([path, { status }]) => `${path}:${status}`).join(' ');
}

/** What started and when: `0:a 10:b`. */
export function starts(result: Interpretation): string {
  return result.starts.map(([at, path]) => `${at}:${path}`).join(' ');
}

export const fails = { outcome: 'fail' } as const;
