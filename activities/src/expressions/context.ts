/** The data an expression sees: one object with the names of 03, made from JSON texts that are parsed when first touched. */
import type { Json, StepError } from '@hub/dag/planner';

import type { ExpressionName } from './names.ts';

/** A node as expressions see it; `output` is JSON text. A node that was skipped has no entry at all. */
export interface NodeWire {
  output: string;
  error?: StepError;
}

/** How a context travels to the pool: JSON texts by name, and only what is read. */
export interface ContextWire {
  values: Partial<Record<Exclude<ExpressionName, 'nodes'>, string>>;
  nodes: Record<string, NodeWire>;
}

type Root = Record<string, unknown>;

/**
 * `shared()` is one object for all evaluations that cannot change it; `fresh()` is a copy for those that can. After an evaluation failed
 * the shared one is given up, because JSONata marks some values in place when it fails.
 */
export class DataContext {
  readonly #wire: ContextWire;
  /** Ids of the nodes that are seen; null: all. */
  #seen: ReadonlySet<string> | null = null;
  #shared: Root | null = null;
  /** Values of nodes by id, each parsed once for as long as the shared object stands. */
  #values: object | null = null;
  /** The object made last for an item, since an item is mostly asked several things. */
  #item: { values: object; root: Root } | null = null;

  constructor(wire: ContextWire) {
    this.#wire = { values: wire.values, nodes: { ...wire.nodes } };
  }

  /** Adds the outcome of a node of the same group. */
  setNode(id: string, node: NodeWire): void {
    this.#wire.nodes[id] = node;
    if (this.#values === null) return;
    lazy(this.#values, id, () => nodeValue(node));
    this.#show();
  }

  /** From here these nodes are seen and no others: steps that share a context do not share what is upstream of them. */
  see(ids: Iterable<string>): void {
    this.#seen = new Set(ids);
    this.#show();
  }

  node(id: string): NodeWire | undefined {
    return Object.hasOwn(this.#wire.nodes, id) ? this.#wire.nodes[id] : undefined;
  }

  shared(): Root {
    if (this.#shared === null) {
      this.#values = this.#parsed();
      this.#shared = this.#build(this.#values);
    }
    return this.#shared;
  }

  fresh(): Root {
    return this.#build(this.#parsed());
  }

  dropShared(): void {
    this.#shared = null;
    this.#values = null;
    this.#item = null;
  }

  /** The same data with other values for some names, for one item of a preset. The item is not copied. */
  with(values: Partial<Record<ExpressionName, unknown>>): Root {
    if (this.#item?.values === values) return this.#item.root;
    const base = this.shared();
    const root: Root = {};
    Object.defineProperties(root, Object.getOwnPropertyDescriptors(base));
    for (const [name, value] of Object.entries(values))
      Object.defineProperty(root, name, { value, enumerable: true, configurable: true, writable: true });
    this.#item = { values, root };
    return root;
  }

  #build(values: object): Root {
    const root: Root = {};
    for (const [name, text] of Object.entries(this.#wire.values)) lazy(root, name, () => JSON.parse(text) as Json);
    this.#seat(root, values);
    return root;
  }

  #parsed(): object {
    const values = {};
    for (const [id, node] of Object.entries(this.#wire.nodes)) lazy(values, id, () => nodeValue(node));
    return values;
  }

  /** Puts the nodes that are seen into the shared object. */
  #show(): void {
    this.#item = null;
    if (this.#shared !== null && this.#values !== null) this.#seat(this.#shared, this.#values);
  }

  #seat(root: Root, values: object): void {
    const nodes = {};
    for (const [id, property] of Object.entries(Object.getOwnPropertyDescriptors(values)))
      if (this.#seen?.has(id) !== false) Object.defineProperty(nodes, id, property);
    Object.defineProperty(root, 'nodes', { value: nodes, enumerable: true, configurable: true, writable: true });
  }
}

function nodeValue(node: NodeWire): Record<string, Json> {
  const value: Record<string, Json> = { output: JSON.parse(node.output) as Json };
  if (node.error !== undefined) value['error'] = { ...node.error };
  return value;
}

/** An own property that is computed once. JSONata reads own properties only, and these are. */
function lazy(target: object, key: string, make: () => unknown): void {
  let made = false;
  let value: unknown;
  const get = (): unknown => {
    if (!made) {
      value = make();
      made = true;
    }
    return value;
  };
  Object.defineProperty(target, key, { enumerable: true, configurable: true, get });
}
