/** What a kind that reaches outside (data_source, action, prompt), or `code`, answers for itself. It runs in the worker, in one attempt. */
import type { Json } from '@hub/dag/planner';

import type { ActivityDeps } from '../deps.ts';
import type { DataWire } from '../expressions/pool/jobs.ts';
import type { NodeDefinition } from '../platform/definition.ts';
import type { Uses } from '../platform/uses.ts';
import type { ModelCall, RunFacts, Warning } from '../ports.ts';

export interface ToFill {
  /** The part of the config that is filled as templates. */
  value: Json;
  /** JSON pointers into it that are handed on as they stand. */
  literal: string[];
}

export interface OutwardInput {
  node: NodeDefinition;
  path: string;
  facts: RunFacts;
  /** `toFill`'s value with its templates filled. */
  filled: Json;
  /** What expressions of this step see. */
  data: DataWire;
  /** Aborted on time-out, and on cancel. */
  signal: AbortSignal;
  timeoutMs: number;
  /** From 1. */
  attempt: number;
  /** The same for every attempt of one effect (04, rule 13). */
  idempotencyKey: string;
  /** Calls to models are noted here as they end, so a failed attempt keeps them too. */
  modelCalls: ModelCall[];
  deps: ActivityDeps;
}

export interface OutwardOutcome {
  /** JSON text. */
  outputText: string;
  port: string;
  warnings: Warning[];
}

export interface OutwardStep {
  /** Throws UserError for what the config names and is not there. */
  toFill: (config: Record<string, Json>, deps: ActivityDeps) => ToFill;
  /** What its expressions read, where that is not the `{{ }}` of `toFill`. */
  uses?: (node: NodeDefinition) => Uses;
  /** Its output depends on more than the filled config: on the data that its expressions read. */
  seesData?: true;
  /** Whether this very call may be repeated without harm. Throws UserError for wrong params. */
  isIdempotent: (config: Record<string, Json>, filled: Json, deps: ActivityDeps) => boolean;
  run: (input: OutwardInput) => Promise<OutwardOutcome>;
}
