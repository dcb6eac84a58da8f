/** What the docs, the API's catalogue and the builder show about the format: node kinds, trigger types, error codes. Pure data. */
import { kindFields, triggerFields } from './forms/index.ts';
import type { FormField } from './forms/field.ts';
import { kindOf, kinds } from './kinds/index.ts';
import type { JsonObject } from './pointer.ts';
import { triggerKinds } from './triggers.ts';

export { nodeFields, settingsFields } from './forms/index.ts';
export { errorCodes, type ErrorHelp } from './error-codes.ts';

export interface NodeKindEntry {
  type: string;
  label: string;
  help: string;
  /** Ports of the example; switch and others depend on the config. */
  ports: string[];
  example: { id: string; type: string; config: JsonObject };
  /** Limit of one attempt where a node sets none, ms; 0: none. */
  defaultTimeoutMs: number;
  defaultAttempts: number;
  /** How its config is asked for. Those of `params` come from the action. */
  fields: readonly FormField[];
  /** False: may be drawn and saved, but not published yet. */
  runs: boolean;
}

/** Every node kind, in the order of 03. */
export const nodeKinds: NodeKindEntry[] = Object.values(kinds).map((kind) => ({
  type: kind.type,
  label: kind.label,
  help: kind.help,
  ports: kind.ports(kind.example.config),
  example: kind.example,
  defaultTimeoutMs: kind.timeoutMs,
  defaultAttempts: kind.reachesOut ? 3 : 1,
  fields: kindFields[kind.type],
  runs: kind.runs,
}));

/** What an output of this kind depends on, where the step cache may keep it; null: it is never cached. */
export function cachesBy(type: string): 'input' | 'context' | null {
  return kindOf(type)?.caches ?? null;
}

/** Every trigger type, with how its config is asked for. */
export const triggerTypes = [...triggerKinds.values()].map(({ type, label, help, example }) => ({
  type,
  label,
  help,
  example,
  fields: triggerFields[type] ?? [],
}));
