/** Runs' frozen facts and the values of settled steps, kept in bounded caches: a step mostly reads what a step just wrote. */
import type { ReadRef } from '@hub/dag/planner';
import { parsePath } from '@hub/dag/planner';
import { BugError } from '@hub/kit/errors';

import { refKey } from '../expressions/pool/jobs.ts';
import type { RunFacts, RunStore } from '../ports.ts';
import { ByteCache } from '../values/byte-cache.ts';
import { splitJsonArray } from '../values/json-array.ts';
import { DefinitionView } from './definition.ts';

const factsBytes = 32 * 1024 * 1024;
const definitionBytes = 32 * 1024 * 1024;
const valueBytes = 64 * 1024 * 1024;
const itemBytes = 96 * 1024 * 1024;

export interface KnownRun {
  facts: RunFacts;
  definition: DefinitionView;
}

/** Everything in it is immutable once it exists, so nothing here can be stale. */
export class RunCache {
  readonly #runs: RunStore;
  readonly #facts = new ByteCache<KnownRun>(factsBytes);
  readonly #definitions = new ByteCache<DefinitionView>(definitionBytes);
  readonly #values = new ByteCache<string>(valueBytes);
  readonly #items = new ByteCache<string[]>(itemBytes);

  constructor(runs: RunStore) {
    this.#runs = runs;
  }

  /** Of all its parts together. */
  size(): { bytes: number; mostBytes: number } {
    const parts = [this.#facts, this.#definitions, this.#values, this.#items];
    return { bytes: parts.reduce((sum, part) => sum + part.bytes, 0), mostBytes: factsBytes + definitionBytes + valueBytes + itemBytes };
  }

  /** Throws UserError `run.gone`. */
  async run(team: string, run: string): Promise<KnownRun> {
    const key = `${team} ${run}`;
    const known = this.#facts.get(key);
    if (known !== undefined) return known;
    const facts = await this.#runs.facts(team, run);
    const made = { facts, definition: await this.#definition(team, facts.versionId) };
    const kept = facts.inputText.length + JSON.stringify([facts.vars, facts.trigger, facts.pinned]).length;
    this.#facts.set(key, made, 2 * kept + 1_024);
    return made;
  }

  /** True for a run that this worker has done something of, and that keeps nothing of another: it is under way, and holds what it wrote itself. */
  isFresh(team: string, run: string): boolean {
    return this.#facts.get(`${team} ${run}`)?.facts.continues === false;
  }

  /** Runs of one version share its view, and with it what was parsed of its expressions. */
  async #definition(team: string, versionId: string): Promise<DefinitionView> {
    const key = `${team} ${versionId}`;
    const known = this.#definitions.get(key);
    if (known !== undefined) return known;
    const definition = await this.#runs.definition(team, versionId);
    const view = new DefinitionView(definition);
    // What is parsed of it weighs about as much again.
    this.#definitions.set(key, view, 8 * JSON.stringify(definition).length + 4_096);
    return view;
  }

  /** The JSON texts behind refs, by `refKey`. Throws BugError `step.value-missing` for a completed step without a row. */
  async texts(known: KnownRun, refs: readonly ReadRef[]): Promise<Record<string, string>> {
    const { team, run, inputText, pinned } = known.facts;
    const texts: Record<string, string> = {};
    const wanted = new Map<string, string>();
    for (const ref of refs) {
      const key = refKey(ref);
      const node = parsePath(ref.path)?.nodeId ?? ref.id;
      if (ref.as === 'input') texts[key] = inputText;
      else if (ref.as === 'pinned') texts[key] = JSON.stringify(pinned[node] ?? null);
      else if (ref.as === 'fallback') texts[key] = known.definition.node(node).fallbackText ?? 'null';
      else if (ref.as === 'row') {
        const text = this.#values.get(`${team} ${run} ${ref.path}`);
        if (text === undefined) wanted.set(ref.path, key);
        else texts[key] = text;
      }
    }
    if (wanted.size === 0) return texts;
    const stored = await this.#runs.outputs(team, run, [...wanted.keys()]);
    for (const [path, key] of wanted) {
      const value = stored.get(path);
      if (value === undefined) throw new BugError('step.value-missing', `There is no stored value at ${path}`);
      texts[key] = this.remember(team, run, path, value.outputText ?? 'null');
    }
    return texts;
  }

  remember(team: string, run: string, path: string, text: string): string {
    this.#values.set(`${team} ${run} ${path}`, text, 2 * text.length + 200);
    return text;
  }

  /** Item `index` of the loop at `path`, as JSON text; undefined past its end. */
  async item(team: string, run: string, path: string, index: number): Promise<string | undefined> {
    return (await this.items(team, run, path))[index];
  }

  /** All items of the loop at `path`, each as JSON text. */
  async items(team: string, run: string, path: string): Promise<string[]> {
    return this.#items.get(`${team} ${run} ${path}`) ?? this.rememberItems(team, run, path, await this.#runs.loopItems(team, run, path));
  }

  rememberItems(team: string, run: string, path: string, text: string): string[] {
    const items = splitJsonArray(text);
    this.#items.set(`${team} ${run} ${path}`, items, 2 * text.length + 40 * items.length);
    return items;
  }
}
