/** The values that one way of a dry run knows, and what an expression sees of them. */
import { itemPath, parsePath } from '@hub/dag/planner';
import type { LoopFrame, ReadRef, SourceRef } from '@hub/dag/planner';

import { type DataWire, refKey } from '../expressions/pool/jobs.ts';
import type { DefinitionView, NodeDefinition } from '../platform/definition.ts';
import type { Uses } from '../platform/uses.ts';
import { own } from '../values/json.ts';
import type { DryRequest } from './types.ts';

/** JSON text; null: nobody knows it before the run. */
export type Value = string | null;

export class Known {
  /** By path of the step. */
  readonly values = new Map<string, Value>();
  /** By path of the loop: its items, the value of `initial`, and how many items each one that is looked at stands for. */
  readonly items = new Map<string, Value[]>();
  readonly initial = new Map<string, Value>();
  readonly weight = new Map<string, number>();
  /** By the path of an iteration: its result. */
  readonly results = new Map<string, Value>();
  /** Loops whose items, or whose number of iterations, are not known. */
  readonly guessed = new Set<string>();
  readonly #request: DryRequest;
  readonly #view: DefinitionView;

  constructor(request: DryRequest, view: DefinitionView) {
    this.#request = request;
    this.#view = view;
  }

  /** What an expression sees; null where a part of that is not known. */
  see(frames: LoopFrame[], reads: ReadRef[], uses: Uses, also: SourceRef[], ended?: number): DataWire | null {
    const { input, triggerFacts, workflowName, vars } = this.#request;
    const { names, nodes } = uses;
    // The run has no id and no start yet.
    if (names.has('run') || (names.has('vars') && vars === null)) return null;
    const values: DataWire['values'] = {
      input: JSON.stringify(input),
      workflow: JSON.stringify({ name: workflowName }),
      trigger: JSON.stringify(triggerFacts),
      vars: JSON.stringify(vars ?? {}),
    };
    const inner = frames.at(-1);
    if (inner !== undefined) {
      values.index = String(inner.index);
      values.iteration = String(inner.index);
      const seen = { item: this.items.get(inner.path)?.[inner.index], previous: this.#previous(inner, ended), loops: this.#loops(frames) };
      for (const name of ['item', 'previous', 'loops'] as const) {
        if (!names.has(name) || seen[name] === undefined) continue;
        if (seen[name] === null) return null;
        values[name] = seen[name];
      }
    }
    const used = reads.filter(({ id }) => nodes === null || nodes.has(id));
    const texts: DataWire['texts'] = {};
    for (const ref of [...used, ...also]) {
      const text = this.ref('port' in ref && ref.port === 'error' ? { ...ref, as: 'error' } : ref);
      if (text === null) return null;
      texts[refKey(ref)] = text;
    }
    return { values, reads: used, texts };
  }

  /** undefined: the loop goes over items and has none. */
  #previous({ loop, path, index }: LoopFrame, ended = index): Value | undefined {
    if (overItems(this.#view.node(loop))) return undefined;
    return (ended <= 0 ? this.initial.get(path) : this.results.get(itemPath(path, ended - 1))) ?? null;
  }

  #loops(frames: LoopFrame[]): Value {
    const parts: string[] = [];
    for (const { loop, path, index } of frames) {
      const item = this.items.get(path)?.[index];
      if (item === null) return null;
      parts.push(`${JSON.stringify(loop)}:{"index":${index},"iteration":${index}${item === undefined ? '' : `,"item":${item}`}}`);
    }
    return `{${parts.join(',')}}`;
  }

  ref(ref: ReadRef): Value {
    if (ref.as === 'null') return 'null';
    if (ref.as === 'error') return JSON.stringify(ref.error ?? null);
    if (ref.as === 'input') return JSON.stringify(this.#request.input);
    if (ref.as === 'pinned') return JSON.stringify(this.#request.samples[ref.id]?.value ?? null);
    if (ref.as === 'fallback') return this.#view.node(parsePath(ref.path)?.nodeId ?? ref.id).fallbackText ?? 'null';
    return this.values.get(ref.path) ?? null;
  }

  /** What did not run gave null. */
  valueAt(path: string): Value {
    return this.values.has(path) ? (this.values.get(path) ?? null) : 'null';
  }

  /** How many items one that is looked at stands for. */
  weightOf(frames: LoopFrame[]): number {
    return frames.reduce((product, { path }) => product * (this.weight.get(path) ?? 1), 1);
  }
}

/** True for `for_each` and `forEach`; a `while` or `until` has a previous result instead. */
export function overItems(node: NodeDefinition): boolean {
  return node.type !== 'loop' || own(node.config, 'mode') === 'for_each';
}
