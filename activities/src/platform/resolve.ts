/** Filling a step's config. What holds nothing but plain paths is read here; everything else goes to the pool. */
import type { Json } from '@hub/dag/planner';

import { DataContext } from '../expressions/context.ts';
import { contextOf } from '../expressions/pool/data.ts';
import type { DataWire } from '../expressions/pool/jobs.ts';
import type { ExpressionPool } from '../expressions/pool/index.ts';
import { Scope } from '../expressions/scope.ts';
import { fill } from '../expressions/template.ts';
import type { Warning } from '../ports.ts';
import type { ToFill } from '../steps/outward-step.ts';
import { toJsonText } from '../values/json.ts';

/** Data above this is parsed in a child, not on the worker's event loop. */
const localBytes = 256 * 1024;

export interface Resolved {
  /** JSON text. */
  text: string;
  warnings: Warning[];
}

/** The filled value. Throws UserError: what an expression throws, `expression.missing` under `strict`. */
export async function resolve(
  pool: ExpressionPool,
  toFill: ToFill,
  data: DataWire,
  strict: boolean,
  signal: AbortSignal,
): Promise<{ value: Json; warnings: Warning[] }> {
  const { text, warnings } = await resolveText(pool, toFill, data, strict, signal);
  return { value: JSON.parse(text) as Json, warnings };
}

/** The same as JSON text. */
export async function resolveText(pool: ExpressionPool, toFill: ToFill, data: DataWire, strict: boolean, signal: AbortSignal): Promise<Resolved> {
  const valueText = JSON.stringify(toFill.value);
  if (!valueText.includes('{{')) return { text: valueText, warnings: [] };
  const local = sizeOf(data) <= localBytes ? await locally(toFill, data, strict) : null;
  if (local !== null) return local;
  const answer = await pool.run({ kind: 'resolve', data, strict, valueText, literal: toFill.literal }, { signal });
  return { text: answer.valueText, warnings: answer.warnings };
}

const needsEngine = new Error('needs the engine');

async function locally(toFill: ToFill, data: DataWire, strict: boolean): Promise<Resolved | null> {
  const engine = (): never => {
    throw needsEngine;
  };
  const scope = new Scope(new DataContext(contextOf(data)), { strict, engine });
  const literal = new Set(toFill.literal);
  try {
    const value = await fill(toFill.value, scope, undefined, (pointer) => literal.has(pointer));
    return { text: toJsonText(value).text, warnings: scope.warnings };
  } catch (error) {
    if (error === needsEngine) return null;
    throw error;
  }
}

function sizeOf(data: DataWire): number {
  let size = 0;
  for (const text of [...Object.values(data.values), ...Object.values(data.texts)]) size += text.length;
  return size;
}
