/** Runs' frozen facts and the values of settled steps, kept in bounded caches: a step mostly reads what a step just wrote. */
import type { ReadRef } from '@hub/dag/planner';
import { parsePath } from '@hub/dag/planner';
import { BugError, UserError } from '@hub/kit/errors';

import { limits } from '../expressions/names.ts';
import { refKey } from '../expressions/pool/jobs.ts';
import type { RunFacts, RunStore } from '../ports.ts';
import { ByteCache } from '../values/byte-cache.ts';
import { splitJsonArray } from '../values/json-array.ts';
import type { ArrayPages } from '../values/json-array.ts';
import { DefinitionView } from './definition.ts';

const factsBytes = 32 * 1024 * 1024;
const definitionBytes = 32 * 1024 * 1024;
const valueBytes = 64 * 1024 * 1024;
const itemBytes = 24 * 1024 * 1024;
const pageBytes = 4 * 1024 * 1024;
/** Items of a loop that are kept at once when it opens: more are read page by page. */
const smallItems = 64 * 1024;

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
  /** Pages of loops' items, and where they begin. */
  readonly #items = new ByteCache<string[]>(itemBytes, 1);
  readonly #pages = new ByteCache<number[]>(pageBytes);
  /** Pages on their way: items that begin together ask for the same one. */
  readonly #coming = new Map<string, Promise<string[]>>();

  constructor(runs: RunStore) {
    this.#runs = runs;
  }

  /** Of all its parts together. */
  size(): { bytes: number; mostBytes: number } {
    const parts = [this.#facts, this.#definitions, this.#values, this.#items, this.#pages];
    const mostBytes = factsBytes + definitionBytes + valueBytes + itemBytes + pageBytes;
    return { bytes: parts.reduce((sum, part) => sum + part.bytes, 0), mostBytes };
  }

  /** Throws UserError `run.gone`. */
  async run(team: string, run: string): Promise<KnownRun> {
    const key = groupOf(team, run);
    const known = this.#facts.get(key);
    if (known !== undefined) return known;
    const facts = await this.#runs.facts(team, run);
    const made = { facts, definition: await this.#definition(team, facts.versionId) };
    const kept = facts.inputText.length + JSON.stringify([facts.vars, facts.trigger, facts.pinned]).length;
    this.#facts.set(key, made, 2 * kept + 1_024, key);
    return made;
  }

  /** True for a run that this worker has done something of, and that keeps nothing of another: it is under way, and holds what it wrote itself. */
  isFresh(team: string, run: string): boolean {
    return this.#facts.get(groupOf(team, run))?.facts.continues === false;
  }

  /** Runs of one version share its view, and with it what was parsed of its expressions. */
  async #definition(team: string, versionId: string): Promise<DefinitionView> {
    const key = `${team} ${versionId}`;
    const known = this.#definitions.get(key);
    if (known !== undefined) return known;
    const definition = await this.#runs.definition(team, versionId);
    const view = new DefinitionView(definition);
    // What is parsed of it weighs about as much again.
    this.#definitions.set(key, view, 8 * JSON.stringify(definition).length + 4_096, key);
    return view;
  }

  /**
   * The JSON texts behind refs, by `refKey`. Throws BugError `step.value-missing` for a completed step without a row; UserError
   * `expression.too-large` for what no expression may read, before it is read.
   */
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
    const stored = await this.#runs.outputs(team, run, [...wanted.keys()], limits.valueBytes);
    for (const [path, key] of wanted) {
      const value = stored.get(path);
      if (value === undefined) throw new BugError('step.value-missing', `There is no stored value at ${path}`);
      if (value.tooLarge) {
        const most = `${limits.valueBytes / 1024 / 1024} MB`;
        throw new UserError('expression.too-large', `The output of ${path} is larger than ${most} and cannot be read by an expression`);
      }
      texts[key] = this.remember(team, run, path, value.outputText ?? 'null');
    }
    return texts;
  }

  remember(team: string, run: string, path: string, text: string): string {
    this.#values.set(`${team} ${run} ${path}`, text, 2 * text.length + 200, groupOf(team, run));
    return text;
  }

  /** A value that nothing but its own iteration reads. */
  forget(team: string, run: string, path: string): void {
    this.#values.delete(`${team} ${run} ${path}`);
  }

  /** Nothing reads values of a run that has ended: they make room at once, not when others need it. */
  ended(team: string, run: string): void {
    for (const part of [this.#facts, this.#values, this.#items, this.#pages]) part.deleteGroup(groupOf(team, run));
  }

  /** Item `index` of the loop at `path`, as JSON text; undefined past its end. Only the page that holds it is read. */
  async item(team: string, run: string, path: string, index: number): Promise<string | undefined> {
    const key = `${team} ${run} ${path}`;
    const group = groupOf(team, run);
    const firsts = this.#pages.get(key) ?? this.#rememberPages(key, await this.#runs.loopPages(team, run, path), group);
    const page = pageOf(firsts, index);
    const items = this.#items.get(`${key} ${page}`) ?? (await this.#page(team, run, path, page));
    return items[index - (firsts[page] ?? 0)];
  }

  async #page(team: string, run: string, path: string, page: number): Promise<string[]> {
    const key = `${team} ${run} ${path} ${page}`;
    const coming =
      this.#coming.get(key) ?? this.#runs.loopPage(team, run, path, page).then((text) => this.#rememberItems(key, text, groupOf(team, run)));
    this.#coming.set(key, coming);
    try {
      return await coming;
    } finally {
      this.#coming.delete(key);
    }
  }

  /** The items of a loop as it opens: where the pages of more than one begin is the store's word. */
  opened(team: string, run: string, path: string, text: string, { items: firsts }: ArrayPages): void {
    if (firsts.length > 1 || text.length > smallItems) return;
    const key = `${team} ${run} ${path}`;
    this.#rememberPages(key, [0], groupOf(team, run));
    this.#rememberItems(`${key} 0`, text, groupOf(team, run));
  }

  #rememberPages(key: string, firsts: number[], group: string): number[] {
    this.#pages.set(key, firsts, 8 * firsts.length + 200, group);
    return firsts;
  }

  #rememberItems(key: string, text: string, group: string): string[] {
    const items = splitJsonArray(text);
    this.#items.set(key, items, 2 * text.length + 40 * items.length, group);
    return items;
  }
}

const groupOf = (team: string, run: string): string => `${team} ${run}`;

/** The last page that begins at or before `index`. */
function pageOf(firsts: number[], index: number): number {
  let low = 0;
  let high = firsts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((firsts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}
