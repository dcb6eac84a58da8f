/**
 * What a step's output is made from, as a hash: kind, config, filled config, and for kinds that see more than that all that they see. Prompt and model
 * stand in the config. Where a step has the same key as at its path in the run that this one continues, that output stands and nothing is called.
 */
import { createHash } from 'node:crypto';
import { sortedJson } from '@hub/dag';
import type { Json } from '@hub/dag/planner';

import type { DataWire } from '../expressions/pool/jobs.ts';
import type { RunFacts, RunStore } from '../ports.ts';
import type { NodeDefinition } from './definition.ts';
import type { StepCacheUse } from './step-cache.ts';

/** How a node repeats says nothing about what one item is made from. */
const repeats = new Set(['forEach', 'concurrency', 'onItemError']);

export interface KeyedWork {
  node: NodeDefinition;
  filled: Json;
  /** Null where the filled config is all that the kind sees. */
  data: DataWire | null;
}

const fixed = new WeakMap<NodeDefinition, string>();

function fixedPart(node: NodeDefinition): string {
  const known = fixed.get(node);
  if (known !== undefined) return known;
  const { type, config, strict } = node;
  const own = Object.fromEntries(Object.entries(config).filter(([name]) => !repeats.has(name)));
  const made = `${type} ${strict ? 'strict ' : ''}${sortedJson(own)}`;
  fixed.set(node, made);
  return made;
}

/** Order of keys in the config does not count; in values it does, as they are hashed as their text. */
export function stepKey({ node, filled, data }: KeyedWork): string {
  const hash = createHash('sha256').update(`${fixedPart(node)}\0${JSON.stringify(filled)}\0`);
  if (data !== null) hash.update(JSON.stringify(data));
  return hash.digest('base64url');
}

/**
 * The output that the runs which this one continues have at this path, made from the same; null where the step must run. Unlike the step cache it must
 * be answered: not asking would repeat an effect that was promised to stand.
 */
export async function sameStep(
  runs: RunStore,
  { sameAs }: RunFacts,
  { team, path, nodeId }: { team: string; path: string; nodeId: string },
  key: string | null,
): Promise<StepCacheUse | null> {
  const earlier = sameAs.filter(({ nodes }) => nodes.includes(nodeId)).map(({ run }) => run);
  if (earlier.length === 0 || key === null) return null;
  const found = await runs.sameStep(team, earlier, path, key);
  if (found === null) return null;
  return { outcome: { outputText: found.outputText, port: found.port, warnings: [] }, from: { ...found.from, by: 'run' } };
}
