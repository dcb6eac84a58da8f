/** Filling `{{ }}` in configs (03, Templates). */
import { bareExpression as bare, scanTemplate } from '@hub/dag/template';
import type { ScannedTemplate } from '@hub/dag/template';
import { UserError } from '@hub/kit/errors';

import { setOwn, toJsonText } from '../values/json.ts';
import type { ExpressionName } from './names.ts';
import type { Scope } from './scope.ts';

export type ItemValues = Partial<Record<ExpressionName, unknown>>;

/** Fields that are handed on as they stand, as JSON pointers below the value being filled, e.g. `/params/query`. */
export type Literal = (pointer: string) => boolean;
const nothingLiteral: Literal = () => false;

/**
 * Fills every string in a JSON value; keys are left alone. A string that is exactly one `{{ }}` keeps its value's type; otherwise null gives
 * nothing, text stays, numbers and booleans are written as JSON, arrays and objects as compact JSON.
 */
export async function fill(value: unknown, scope: Scope, item?: ItemValues, literal: Literal = nothingLiteral, pointer = ''): Promise<unknown> {
  if (typeof value === 'string') return literal(pointer) ? value : await fillText(value, scope, item);
  if (typeof value !== 'object' || value === null || literal(pointer)) return value;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (const [at, element] of (value as unknown[]).entries()) list.push(await fill(element, scope, item, literal, `${pointer}/${at}`));
    return list;
  }
  const filled = {};
  for (const [key, child] of Object.entries(value)) setOwn(filled, key, await fill(child, scope, item, literal, `${pointer}/${escapePointer(key)}`));
  return filled;
}

/** Fills one string. */
export async function fillText(text: string, scope: Scope, item?: ItemValues): Promise<unknown> {
  if (!text.includes('{{')) return text;
  const scanned = scan(text);
  if (!scanned.ok) throw new UserError('expression.syntax', scanned.message);
  const [only] = scanned.parts;
  if (scanned.parts.length === 1 && only?.kind === 'expression') return await scope.required(only.text, item);
  let filled = '';
  for (const part of scanned.parts) filled += part.kind === 'text' ? part.text : asText(await scope.required(part.text, item));
  return filled;
}

/** A value inside a longer text. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : toJsonText(value).text;
}

/** The expression of a field that takes bare JSONata or exactly one `{{ }}`. */
export function bareExpression(text: string): string {
  return bare(text).text;
}

const scans = new Map<string, ScannedTemplate>();

/** A preset fills the same text once per item. */
function scan(text: string): ScannedTemplate {
  const known = scans.get(text);
  if (known !== undefined) return known;
  const made = scanTemplate(text);
  if (scans.size >= 500) scans.clear();
  scans.set(text, made);
  return made;
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
