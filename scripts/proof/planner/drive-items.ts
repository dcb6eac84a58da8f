/** The activity's side of a loop's end: its items' results in the oracle's words. */
import { childPath, itemPath, type Command, type PlanNode } from '@hub/dag/planner';
import type { Definition, Item, NodeResult, Value } from '../../oracle/types.ts';
import type { DriveValues } from './drive-values.ts';

export class DriveItems {
  /** Exceptions of items that ran in a chunk, by loop path and index. */
  readonly stored = new Map<string, Item | null>();
  readonly #definition: Definition;
  readonly #nodes: ReadonlyMap<string, PlanNode>;
  readonly #results: ReadonlyMap<string, NodeResult>;
  readonly #values: DriveValues;

  constructor(definition: Definition, nodes: ReadonlyMap<string, PlanNode>, results: ReadonlyMap<string, NodeResult>, values: DriveValues) {
    this.#definition = definition;
    this.#nodes = nodes;
    this.#results = results;
    this.#values = values;
  }

  /** Of `while` and `until` the result of the last iteration, or `initial`. */
  closed(command: Extract<Command, { kind: 'close-loop' }>): Pick<NodeResult, 'value' | 'items' | 'last'> {
    const { path, nodeId, count, sink } = command;
    const config = this.#definition.nodes.find((node) => node.id === nodeId)?.config ?? {};
    if (config['mode'] !== 'while' && config['mode'] !== 'until') return { value: { $from: path }, items: this.#itemsOf(command) };
    if (count > 0) return { value: { $from: path }, last: this.#resultOf(itemPath(path, count - 1), nodeId, sink, true) };
    return { value: { $from: path }, last: config['initial'] === undefined ? null : { $initial: path } };
  }

  #itemsOf({ path, nodeId, count, sink, notes, stored: inChunks }: Extract<Command, { kind: 'close-loop' }>): Item[] {
    const items: Item[] = [];
    for (let index = 0; index < count; index += 1) {
      const stored = this.stored.get(itemPath(path, index));
      if (stored !== undefined) {
        if (stored !== null) items.push(stored);
        continue;
      }
      const note = notes.find((one) => one.index === index);
      if (note?.outcome === 'dropped') continue;
      if (note?.error) items.push({ index, kind: 'error', error: { nodeId: note.error.nodeId, path: note.error.path, code: note.error.code } });
      else
        items.push({
          index,
          kind: 'result',
          value: note?.value ? this.#values.of(note.value) : this.#resultOf(itemPath(path, index), nodeId, sink, inChunks === true),
        });
    }
    return items;
  }

  #resultOf(scope: string, nodeId: string, sink: string | null, inChunks: boolean): Value {
    if (this.#nodes.get(nodeId)?.loop?.body === 'self') return { $from: scope };
    if (sink === null) return { $result: scope };
    const path = childPath(scope, sink);
    const result = this.#results.get(path);
    if (result?.status !== 'completed') return null;
    // Of a chunk the value is taken from the sink's row, whatever was put there.
    return inChunks ? (result.value ?? null) : { $from: path };
  }
}
