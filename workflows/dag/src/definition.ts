/** The definition format, version 1 (03): its shape as a draft may have it. What a config means is each kind's own affair (kinds/). */
import { z } from 'zod';
import type { Json } from './planner/types.ts';
import type { JsonObject } from './pointer.ts';

export interface DefinitionNode {
  id: string;
  type: string;
  config: JsonObject;
  label?: string;
  notes?: string;
  /** Id of the loop whose body this node is in. */
  parent?: string;
  join?: 'any' | 'all';
  disabled?: boolean;
  /** A missing result of an expression is an error instead of null with a warning. */
  strict?: boolean;
  retry?: JsonObject;
  timeoutMs?: number;
  onError?: JsonObject;
  cache?: JsonObject | false;
}

export interface DefinitionEdge {
  from: string;
  /** `out` where none is named. */
  fromPort?: string;
  to: string;
}

export interface DefinitionTrigger {
  id: string;
  type: string;
  config?: JsonObject;
}

export interface Definition {
  schemaVersion: 1;
  /** JSON Schema 2020-12 of the run's input. */
  inputs?: JsonObject;
  triggers?: DefinitionTrigger[];
  nodes: DefinitionNode[];
  edges?: DefinitionEdge[];
  settings?: JsonObject;
  /** Layout only: never in the plan, a hash or a step key. */
  ui?: JsonObject;
}

const object = z.record(z.string(), z.custom<Json>());

/** A node's fields; `config`, `retry`, `onError` and the like may be unfinished in a draft. */
export const nodeShape = z.strictObject({
  id: z.string(),
  type: z.string(),
  config: object,
  label: z.string().optional(),
  notes: z.string().optional(),
  parent: z.string().optional(),
  join: z.enum(['any', 'all']).optional(),
  disabled: z.boolean().optional(),
  strict: z.boolean().optional(),
  retry: object.optional(),
  timeoutMs: z.number().optional(),
  onError: object.optional(),
  cache: z.union([object, z.literal(false)], { error: 'Expected { "ttlMs": n } or false' }).optional(),
});

export const edgeShape = z.strictObject({ from: z.string(), fromPort: z.string().optional(), to: z.string() });

export const triggerShape = z.strictObject({ id: z.string(), type: z.string(), config: object.optional() });

/** The whole, as save takes it. Everything in it is JSON already (see parse-definition.ts). */
export const definitionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  inputs: object.optional(),
  triggers: z.array(triggerShape).optional(),
  nodes: z.array(nodeShape),
  edges: z.array(edgeShape).optional(),
  settings: object.optional(),
  ui: object.optional(),
});
