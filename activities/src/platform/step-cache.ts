/**
 * The step cache: a step with `cache` whose kind only reads, asks a model or computes takes the output of an earlier step that was made from the same.
 * What it was made from: the node's config as it stands, the filled config, and where the
 * kind says so all that it can see. It helps and never harms: a cache that
 * cannot be read or written is no failure of the step.
 */
import { createHash } from 'node:crypto';
import { cachesBy } from '@hub/dag/catalogue';
import type { Json } from '@hub/dag/planner';

import type { ActivityDeps } from '../deps.ts';
import type { CachedFrom } from '../ports.ts';
import type { OutwardOutcome } from '../steps/outward-step.ts';
import type { NodeDefinition } from './definition.ts';

export interface CachedWork {
  team: string;
  run: string;
  path: string;
  workflowId: string;
  node: NodeDefinition;
  filled: Json;
  /** What `code` sees; other kinds see their filled config only. */
  data: unknown;
  /** A person asked for this very step to run again. */
  afresh: boolean;
}

export interface StepCacheUse {
  outcome: OutwardOutcome;
  from: CachedFrom;
}

/** Key of this step's output; null where it is not cached. */
export function cacheKey({ workflowId, node, filled, data }: CachedWork): string | null {
  const caches = node.cacheTtlMs === null ? null : cachesBy(node.type);
  if (caches === null) return null;
  const { id, type, config, strict } = node;
  const made = { workflowId, id, type, config, strict, filled, ...(caches === 'context' ? { data } : {}) };
  return createHash('sha256').update(JSON.stringify(made)).digest('base64url');
}

/** The output that stands for this step's; null: it must run. */
export async function fromCache(deps: ActivityDeps, work: CachedWork, key: string | null): Promise<StepCacheUse | null> {
  if (key === null || work.afresh || deps.stepCache === undefined) return null;
  try {
    const found = await deps.stepCache.find(work.team, key);
    return found === null ? null : { outcome: { outputText: found.outputText, port: found.port, warnings: [] }, from: found.from };
  } catch (error) {
    deps.log.warn({ err: error, run: work.run }, 'the step cache could not be read; the step runs');
    return null;
  }
}

/** After the row is completed. */
export async function toCache(deps: ActivityDeps, work: CachedWork, key: string | null): Promise<void> {
  const { team, run, path, workflowId, node } = work;
  if (key === null || node.cacheTtlMs === null || deps.stepCache === undefined) return;
  try {
    await deps.stepCache.keep({ team, run, path, key, workflowId, nodeId: node.id, ttlMs: node.cacheTtlMs });
  } catch (error) {
    deps.log.warn({ err: error, run }, 'an output was not kept in the step cache');
  }
}
