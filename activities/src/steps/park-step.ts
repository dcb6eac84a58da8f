/** What a kind that parks answers for itself: what it waits for, and what it gives when its wait ends. */
import type { Json, ParkFacts } from '@hub/dag/planner';

import type { ActivityDeps } from '../deps.ts';
import type { ClosedWait, OpenWait } from '../wait-ports.ts';

export interface OpenInput {
  config: Record<string, Json>;
  /** `toFill` of the config, filled. */
  filled: Json;
  team: string;
  run: string;
  path: string;
  /** Ms since the epoch. */
  now: number;
  deps: ActivityDeps;
}

/** What there is to wait for; or what the step gives at once. */
export type Opening = { facts: ParkFacts; approval?: NonNullable<OpenWait['approval']>; link?: true } | { port: string; outputText: string };

export interface ParkStep {
  toFill: (config: Record<string, Json>) => Json;
  /** Throws UserError for what cannot be waited for. */
  open: (input: OpenInput) => Promise<Opening>;
  /** Throws UserError where the wait ends in a failure. `by` is null when its time was up. */
  close: (ended: ClosedWait, by: number | null) => { port: string; outputText: string };
}
