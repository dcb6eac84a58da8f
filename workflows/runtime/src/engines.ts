/** Which engine decides an execution (02, Engine versions). A run changes its engine only where it continues as new. */
import { engineVersion } from '@hub/dag/planner';
// By the package's own name, so that the proof of an upgrade can put later registries in its place.
import { frozenEngines } from '@hub/runtime/engines';
import { RunLoop } from './run-loop.ts';
import type { CarriedState, EngineClass } from './types.ts';

/** Before runs carried the number, there was one engine. */
const firstEngine = 1;

/**
 * The engine of that version.
 * @throws a plain error where this worker does not have it: the workflow task is tried again until a worker comes that does, and nothing is lost.
 */
export function engineFor(version: number = firstEngine): EngineClass {
  const found = version === engineVersion ? RunLoop : frozenEngines[version];
  if (found === undefined)
    throw new Error(`This worker has no engine ${version} (its own is ${engineVersion}): start a worker of the release that has it.`);
  return found;
}

/** What carried state of one version becomes in the next, by the version it comes from. Left out: it is taken as it is. */
const migrations: Readonly<Record<number, (carried: CarriedState) => CarriedState>> = {};

/** Carried state of an older engine, as today's reads it. */
export function migrateCarried(carried: CarriedState, version: number = firstEngine): CarriedState {
  let state = carried;
  for (let from = version; from < engineVersion; from += 1) state = migrations[from]?.(state) ?? state;
  return state;
}
