/** What a node kind answers for itself. Adding a kind: one file here and one line in index.ts; shared code never asks for a type. */
import { z } from 'zod';
import { limits } from '../limits.ts';
import type { LoopPlan, NodeType } from '../planner/types.ts';
import { own, type JsonObject } from '../pointer.ts';
import { templateSites, type Site } from '../sites.ts';
import type { CheckPorts } from '../ports.ts';

export interface Kind {
  type: NodeType;
  label: string;
  /** One or two sentences for people. */
  help: string;
  /** A whole node that passes the check in a fitting graph. */
  example: { id: string; type: NodeType; config: JsonObject };
  /** step: an activity. pure: computed by the hub itself, may be fused. loop: opens a scope. park: waits in the workflow. */
  work: 'step' | 'pure' | 'loop' | 'park';
  /** What it does can fail by chance: retried by default. */
  reachesOut: boolean;
  /** False: `retry` is refused. */
  mayRetry: boolean;
  /** Limit of one attempt where the node sets none; 0: none. */
  timeoutMs: number;
  /** False: refused in a loop body. */
  inBody: boolean;
  /** False: its config is checked, but publish refuses it (`node.not-supported-yet`). */
  runs: boolean;
  /** Config fields that parse but that this engine does not run yet. */
  fieldsNotYet?: readonly string[];
  /** The schema of a config; `raw` decides between variants, so that faults speak of the variant meant. */
  schema: (raw: JsonObject) => z.ZodType;
  /** Ports out but `error`, read leniently from an unfinished config too. */
  ports: (raw: JsonObject) => string[];
  /** The port that a value given by hand takes (fallback, pin); null: the value does not fit (03, Meaning 5). */
  portOf: (value: unknown, ports: string[]) => string | null;
  /** The expressions in a config. */
  sites: (raw: JsonObject) => Site[];
  /** JavaScript that reads from `ctx`. */
  source?: (raw: JsonObject) => string | null;
  /** What the schema cannot know: pointers below the config. */
  check?: (raw: JsonObject, ports: CheckPorts) => KindFault[];
  /** Set for what repeats, by its config. */
  loop?: (raw: JsonObject) => Omit<LoopPlan, 'sink'> | null;
  /** May the step be repeated without harm. */
  idempotent?: (raw: JsonObject, ports: CheckPorts) => boolean;
  /**
   * Its output may be taken from the step cache: it depends on its filled config (`input`), or on all that it can see (`context`). Left out: `cache` on
   * it has no effect, because it has effects of its own, waits, or costs less than a look.
   */
  caches?: 'input' | 'context';
  /** A merge that runs at its first live edge. */
  first?: (raw: JsonObject) => boolean;
  /** The name of the run's output that it gives. */
  outputName?: (raw: JsonObject) => string | null;
  /** A few words on what this one does, for lists. */
  describe: (raw: JsonObject) => string;
}

export interface KindFault {
  path: string;
  code: string;
  message: string;
}

/** Any JSON value, with templates in its strings. */
export const expr = z.unknown().refine((value) => value !== undefined, { error: 'A value is missing here' });
export const text = z.string().min(1, { error: 'Must not be empty' });
export const name = text.max(limits.nameChars);
/** A number, or a template that gives one. */
export function numberOrTemplate(min: number, max: number): z.ZodType {
  return z.union([z.number().min(min).max(max), z.string().regex(/\{\{/)], {
    error: `Expected a number from ${min} to ${max}, or a {{ }} that gives one`,
  });
}
export const jsonSchema = z.record(z.string(), z.unknown(), { error: 'Expected a JSON Schema object' });
/** A duration, or a text with a template that gives one; the step judges that when it opens. */
export const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$|\{\{/, { error: 'Expected a duration such as 250ms, 30s, 5m, 2h or 7d, or a {{ }} that gives one' });

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration such as 5m; null where it is none. */
export function durationMs(value: unknown): number | null {
  const match = typeof value === 'string' ? /^(\d+)(ms|s|m|h|d)$/.exec(value) : null;
  return match ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : null;
}

export const onItemError = z.enum(['fail', 'skip', 'collect']);
export const concurrency = z.number().int().min(1).max(limits.concurrency);

/** The fields of a node that can run once per item. */
export const forEachFields = { forEach: expr.optional(), concurrency: concurrency.optional(), onItemError: onItemError.optional() };

/** `forEach` on a step: a for_each whose body is the step itself (03, Meaning 7). */
export function forEachLoop(raw: JsonObject): Omit<LoopPlan, 'sink'> | null {
  if (!Object.hasOwn(raw, 'forEach')) return null;
  return { mode: 'for_each', body: 'self', ...itemPolicy(raw), maxIterations: 0, onMax: 'fail' };
}

/** How items run, with the defaults of 03. */
export function itemPolicy(raw: JsonObject): Pick<LoopPlan, 'concurrency' | 'onItemError'> {
  const places = own(raw, 'concurrency');
  const mode = onItemError.safeParse(own(raw, 'onItemError'));
  return { concurrency: typeof places === 'number' ? places : 10, onItemError: mode.success ? mode.data : 'fail' };
}

export const onlyOut = (): string[] => ['out'];
export const alwaysOut = (): string => 'out';

/** Templates in every string of the config, but for the fields named, which are never filled. */
export function sitesBut(...literal: string[]): (raw: JsonObject) => Site[] {
  return (raw) => Object.entries(raw).flatMap(([key, value]) => (literal.includes(key) ? [] : templateSites(value, `/${key}`)));
}

export function textOf(raw: JsonObject, key: string, otherwise = '…'): string {
  const value = own(raw, key);
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

export type { CheckPorts };
