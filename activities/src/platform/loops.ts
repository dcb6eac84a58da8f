/** The hub's own work around loops: opening, judging, closing an iteration, gathering the results. */
import { itemPath } from '@hub/dag/planner';
import type { IterationNote, Json } from '@hub/dag/planner';
import type { CheckLoopInput, CloseIterationInput, CloseLoopInput, OpenLoopInput } from '@hub/runtime/types';

import type { ActivityDeps } from '../deps.ts';
import type { DataWire } from '../expressions/pool/jobs.ts';
import { textOf } from '../expressions/pool/data.ts';
import type { IterationValue, Warning } from '../ports.ts';
import { pagesOfJsonArray } from '../values/json-array.ts';
import { own } from '../values/json.ts';
import type { NodeDefinition } from './definition.ts';
import type { KnownRun, RunCache } from './facts.ts';
import { finalFailure } from './failures.ts';
import { gather } from './place.ts';
import { iterationText, previousText } from './previous.ts';
import { resolveText } from './resolve.ts';
import { usesOf } from './uses.ts';
import type { Uses } from './uses.ts';

interface At {
  known: KnownRun;
  node: NodeDefinition;
  /** The part of the loop's config that is evaluated. */
  part: Json;
  uses: Uses;
  data: DataWire;
}

/** What the expressions in `name` of the loop's config see. */
async function placeOf(deps: ActivityDeps, cache: RunCache, input: OpenLoopInput, name: 'items' | 'initial' | 'condition' | 'result'): Promise<At> {
  const known = await cache.run(input.team, input.run);
  const node = known.definition.node(input.nodeId);
  const part = own(node.config, name === 'items' && node.type !== 'loop' ? 'forEach' : name) ?? null;
  const uses = usesOf(node, name, part);
  return { known, node, part, uses, data: await gather(cache, deps.runs, known, { frames: input.frames, reads: input.reads, uses }) };
}

const never = new AbortController().signal;

/** Of `for_each`: an array as it is, null as [], any other value as one item. Of `while` and `until`: `initial`, kept as the only item of none. */
export async function openLoop(deps: ActivityDeps, cache: RunCache, input: OpenLoopInput): Promise<{ count: number }> {
  const { team, run, nodeId, path, frames, rows } = input;
  const repeats = !overItems(await cache.run(team, run), nodeId);
  const { node, part, data } = await placeOf(deps, cache, input, repeats ? 'initial' : 'items');
  const { text, warnings } = await resolveText(deps.pool, { value: part, literal: [] }, data, node.strict, never);
  const itemsText = text.startsWith('[') && !repeats ? text : text === 'null' ? '[]' : `[${text}]`;
  const pages = pagesOfJsonArray(itemsText);
  cache.opened(team, run, path, itemsText, pages);
  const count = repeats ? 0 : pages.count;
  const iteration = frames.at(-1)?.index ?? null;
  const begun = await deps.runs.openLoop({ team, run, nodeId, nodeType: node.type, path, iteration, rows, itemsText, count, pages });
  if (begun.gone) throw finalFailure('run.gone', 'The run has ended already');
  await warn(deps, input, path, warnings);
  return { count };
}

/** A step that is there for the whole loop is warned once of what each iteration may find. */
async function warn(deps: ActivityDeps, { team, run }: Pick<OpenLoopInput, 'team' | 'run'>, path: string, warnings: Warning[]): Promise<void> {
  if (warnings.length > 0) await deps.runs.warnLoop(team, run, path, warnings);
}

function overItems(known: KnownRun, nodeId: string): boolean {
  const node = known.definition.node(nodeId);
  return node.type !== 'loop' || own(node.config, 'mode') === 'for_each';
}

/** Whether the loop's `condition` holds; the planner knows what that means for `while` and for `until`. */
export async function checkLoop(deps: ActivityDeps, cache: RunCache, input: CheckLoopInput): Promise<{ holds: boolean }> {
  const { known, node, part, uses, data } = await placeOf(deps, cache, input, 'condition');
  // `until` is judged after the iteration, so `previous` is the result of the one that just ended.
  const ended = own(node.config, 'mode') === 'until' ? input.index + 1 : input.index;
  if (uses.names.has('previous'))
    data.values.previous = await previousText(cache, deps.runs, known, { loop: input.nodeId, path: input.path, index: ended });
  if (input.rows.length > 0) await deps.runs.writeRows(input.team, input.run, input.rows);
  const text = JSON.stringify(part);
  const { holds, warnings } = await deps.pool.run({ kind: 'condition', data, strict: node.strict, text });
  await warn(deps, input, input.path, warnings);
  return { holds };
}

/** Evaluates `result` at the end of an iteration and keeps it. */
export async function closeIteration(deps: ActivityDeps, cache: RunCache, input: CloseIterationInput): Promise<void> {
  const { team, run, path, index } = input;
  const { node, part, data } = await placeOf(deps, cache, input, 'result');
  const { text, warnings } = await resolveText(deps.pool, { value: part, literal: [] }, data, node.strict, never);
  if (input.rows.length > 0) await deps.runs.writeRows(team, run, input.rows);
  await deps.runs.saveIteration(team, run, itemPath(path, index), text);
  await warn(deps, input, path, warnings);
}

/** Iterations whose results are read at a time. */
const resultsAtOnce = 250;

/** The loop's output: of a `for_each` the results in order of items, as texts that are never parsed nor held all at once. */
export async function closeLoop(deps: ActivityDeps, cache: RunCache, input: CloseLoopInput): Promise<void> {
  const { team, run, nodeId, path, frames, rows } = input;
  const known = await cache.run(team, run);
  const node = known.definition.node(nodeId);
  if (rows.length > 0) await deps.runs.writeRows(team, run, rows);
  const end = {
    team,
    run,
    nodeId,
    nodeType: node.type,
    path,
    iteration: frames.at(-1)?.index ?? null,
    // The one that is open.
    attempt: 0,
    status: 'completed' as const,
    port: 'out',
    inputText: JSON.stringify({ items: input.count }),
    error: null,
    warnings: [],
    tokens: null,
    costUsd: null,
    model: null,
    modelCalls: [],
  };
  if (overItems(known, nodeId)) {
    const outputText = await deps.runs.endWithItems(end, gathered(deps, cache, known, node, input));
    if (outputText !== null) cache.remember(team, run, path, outputText);
    return;
  }
  const outputText = await lastResult(deps, cache, known, input);
  await deps.runs.end({ ...end, outputText });
  cache.remember(team, run, path, outputText);
}

async function* gathered(deps: ActivityDeps, cache: RunCache, known: KnownRun, node: NodeDefinition, input: CloseLoopInput): AsyncGenerator<string> {
  const { team, run, path, sink, count } = input;
  const asked = own(node.config, 'result') !== undefined;
  const of = { loopPath: path, sink, rows: !asked, kept: asked || input.stored === true };
  const notes = new Map(input.notes.map((note) => [note.index, note]));
  for (let from = 0; from < count; from += resultsAtOnce) {
    const to = Math.min(count, from + resultsAtOnce);
    const results = new Map((await deps.runs.loopResults(team, run, { ...of, from, to })).map((result) => [result.index, result]));
    for (let index = from; index < to; index += 1) {
      const note = notes.get(index);
      const text = note === undefined ? await resultText(results.get(index)) : await notedText(cache, known, note);
      if (text !== null) yield text;
    }
  }
}

/** null: the item is dropped. */
async function resultText(result: IterationValue | undefined): Promise<string | null> {
  return result?.dropped === true ? null : ((await result?.read()) ?? 'null');
}

/** null: the item is dropped. */
async function notedText(cache: RunCache, known: KnownRun, note: IterationNote): Promise<string | null> {
  return noted(note, note.value === undefined ? {} : await cache.texts(known, [note.value]));
}

/** null: the item is dropped. */
function noted(note: IterationNote, texts: Record<string, string>): string | null {
  if (note.outcome === 'dropped') return null;
  if (note.outcome === 'error') return JSON.stringify({ error: note.error ?? null });
  return note.value === undefined ? 'null' : (textOf(note.value, texts) ?? 'null');
}

async function lastResult(deps: ActivityDeps, cache: RunCache, known: KnownRun, input: CloseLoopInput): Promise<string> {
  const last = input.notes.find(({ index }) => index === input.count - 1);
  if (last !== undefined) return (await notedText(cache, known, last)) ?? 'null';
  if (input.count === 0) return await previousText(cache, deps.runs, known, { loop: input.nodeId, path: input.path, index: 0 });
  return await iterationText(cache, deps.runs, known, { loop: input.nodeId, path: input.path, index: input.count - 1 });
}
