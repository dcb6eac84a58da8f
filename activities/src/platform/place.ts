/** What the expressions of a step see, gathered from the run, the loops around and the values it reads. */
import type { LoopFrame, ReadRef } from '@hub/dag/planner';

import type { ExpressionName } from '../expressions/names.ts';
import type { DataWire } from '../expressions/pool/jobs.ts';
import type { RunStore } from '../ports.ts';
import { own } from '../values/json.ts';
import type { KnownRun, RunCache } from './facts.ts';
import { previousText } from './previous.ts';
import type { Uses } from './uses.ts';

export interface Place {
  frames: readonly LoopFrame[];
  /** Values behind `nodes`, as far as they are used. */
  reads: readonly ReadRef[];
  /** More refs whose texts are needed, such as live sources. */
  also?: readonly ReadRef[];
  uses: Uses;
  /** One-time links by node id, where this step may see them. */
  resumeUrls?: Record<string, string>;
}

export async function gather(cache: RunCache, runs: RunStore, known: KnownRun, place: Place): Promise<DataWire> {
  const values: DataWire['values'] = {};
  const { facts } = known;
  const wants = (name: ExpressionName): boolean => place.uses.names.has(name);
  if (wants('input')) values.input = facts.inputText;
  if (wants('run'))
    values.run = JSON.stringify({ id: facts.run, startedAt: facts.startedAt, ...(place.resumeUrls && { resumeUrls: place.resumeUrls }) });
  if (wants('workflow')) values.workflow = JSON.stringify({ name: facts.workflowName });
  if (wants('trigger')) values.trigger = JSON.stringify(facts.trigger);
  if (wants('vars')) values.vars = JSON.stringify(facts.vars);
  Object.assign(values, await loopValues(cache, runs, known, place));
  const { nodes } = place.uses;
  const reads = place.reads.filter((ref) => nodes === null || nodes.has(ref.id));
  return { values, reads, texts: await cache.texts(known, [...reads, ...(place.also ?? [])]) };
}

/** `item`, `index`, `iteration`, `previous` are the innermost loop's; `loops.<id>` has those of every loop around. */
export async function loopValues(cache: RunCache, runs: RunStore, known: KnownRun, place: Place): Promise<DataWire['values']> {
  const values: DataWire['values'] = {};
  const inner = place.frames.at(-1);
  if (inner === undefined) return values;
  values.index = String(inner.index);
  values.iteration = String(inner.index);
  if (place.uses.names.has('item')) {
    const item = await itemText(cache, known, inner);
    if (item !== undefined) values.item = item;
  }
  if (place.uses.names.has('previous') && !hasItems(known, inner)) values.previous = await previousText(cache, runs, known, inner);
  if (!place.uses.names.has('loops')) return values;
  const loops: string[] = [];
  for (const frame of place.frames) {
    const item = await itemText(cache, known, frame);
    loops.push(`${JSON.stringify(frame.loop)}:{"index":${frame.index},"iteration":${frame.index}${item === undefined ? '' : `,"item":${item}`}}`);
  }
  values.loops = `{${loops.join(',')}}`;
  return values;
}

async function itemText(cache: RunCache, known: KnownRun, frame: LoopFrame): Promise<string | undefined> {
  return hasItems(known, frame) ? await cache.item(known.facts.team, known.facts.run, frame.path, frame.index) : undefined;
}

/** True for `for_each` and `forEach`; a `while` or `until` has a previous result instead. */
function hasItems(known: KnownRun, frame: LoopFrame): boolean {
  const node = known.definition.node(frame.loop);
  return node.type !== 'loop' || own(node.config, 'mode') === 'for_each';
}
