/** The shape of a condition (03): a comparison, all, any, not, or an expression; and the expressions in it. */
import { z } from 'zod';
import { isRecord, own, pointer } from './pointer.ts';
import type { CheckPorts } from './ports.ts';
import { bareSite, templateSites, type Site } from './sites.ts';

/** Operators with a right side. */
export const binaryOps = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'matches',
  'in',
  'not_in',
] as const;
/** Operators on the left side alone. */
export const unaryOps = ['is_empty', 'is_not_empty', 'exists', 'is_true', 'is_false'] as const;

const maxDepth = 10;
const shapes: Record<string, readonly string[]> = {
  all: ['all'],
  any: ['any'],
  not: ['not'],
  expression: ['expression'],
  op: ['left', 'op', 'right'],
};
const help = 'A condition is { left, op, right }, { all: […] }, { any: […] }, { not: … } or { expression }.';

/** zod schema of a condition; each fault stands at its own place in the tree. */
export const conditionSchema = z.unknown().superRefine((value, context) => {
  for (const { path, message } of conditionFaults(value, [], 0)) context.addIssue({ code: 'custom', path, message });
});

interface Found {
  path: (string | number)[];
  message: string;
}

function conditionFaults(value: unknown, path: (string | number)[], depth: number): Found[] {
  if (!isRecord(value)) return [{ path, message: help }];
  if (depth > maxDepth) return [{ path, message: `Conditions are nested more than ${maxDepth} deep. Use an expression instead.` }];
  const kind = Object.keys(shapes).find((key) => Object.hasOwn(value, key));
  if (kind === undefined) return [{ path: Object.hasOwn(value, 'left') ? [...path, 'op'] : path, message: help }];
  const unknown = Object.keys(value).filter((key) => !shapes[kind]?.includes(key));
  const found: Found[] = unknown.map((key) => ({ path: [...path, key], message: `"${key}" does not belong beside "${kind}". ${help}` }));
  return [...found, ...kindFaults(kind, value, path, depth)];
}

function kindFaults(kind: string, value: Record<string, unknown>, path: (string | number)[], depth: number): Found[] {
  const inner = value[kind];
  if (kind === 'op') return comparisonFaults(value, path);
  if (kind === 'not') return conditionFaults(inner, [...path, 'not'], depth + 1);
  if (kind === 'expression') {
    const isText = typeof inner === 'string' && inner.trim() !== '';
    return isText ? [] : [{ path: [...path, 'expression'], message: 'Write a JSONata expression, such as input.total > 10.' }];
  }
  if (!Array.isArray(inner)) return [{ path: [...path, kind], message: `"${kind}" takes a list of conditions.` }];
  return inner.flatMap((child, index) => conditionFaults(child, [...path, kind, index], depth + 1));
}

function comparisonFaults(value: Record<string, unknown>, path: (string | number)[]): Found[] {
  const op = value['op'];
  const binary = binaryOps.some((known) => known === op);
  const unary = unaryOps.some((known) => known === op);
  const found: Found[] = [];
  if (!Object.hasOwn(value, 'left')) found.push({ path: [...path, 'left'], message: 'The left side of the comparison is missing.' });
  if (!binary && !unary) found.push({ path: [...path, 'op'], message: `Unknown operator. Known: ${[...binaryOps, ...unaryOps].join(' ')}.` });
  if (binary && !Object.hasOwn(value, 'right')) found.push({ path: [...path, 'right'], message: `"${String(op)}" needs a right side.` });
  return found;
}

/** Faults of the RE2 patterns that stand in a condition as they are; those with a template are judged when they run. `at` is a pointer below the config. */
export function patternFaults(value: unknown, at: string, ports: CheckPorts): { path: string; code: string; message: string }[] {
  if (!isRecord(value)) return [];
  const lists = ['all', 'any'].flatMap((key) => {
    const list = own(value, key);
    return Array.isArray(list) ? list.flatMap((child, index) => patternFaults(child, at + pointer(key, index), ports)) : [];
  });
  const inner = Object.hasOwn(value, 'not') ? patternFaults(value['not'], `${at}/not`, ports) : [];
  const right = own(value, 'right');
  const literal = own(value, 'op') === 'matches' && typeof right === 'string' && !right.includes('{{') ? right : null;
  const message = literal === null ? null : (ports.patternFault?.(literal) ?? null);
  return [...lists, ...inner, ...(message === null ? [] : [{ path: `${at}/right`, code: 'expression.bad-regex', message }])];
}

/** The expressions of a condition. `item` is true where the condition is judged per item. */
export function conditionSites(value: unknown, at: string, item = false): Site[] {
  if (!isRecord(value)) return [];
  const lists = ['all', 'any'].flatMap((key) => {
    const list = own(value, key);
    return Array.isArray(list) ? list.flatMap((child, index) => conditionSites(child, at + pointer(key, index), item)) : [];
  });
  const expression = own(value, 'expression');
  return [
    ...lists,
    ...(Object.hasOwn(value, 'not') ? conditionSites(value['not'], `${at}/not`, item) : []),
    ...(typeof expression === 'string' ? [bareSite(expression, `${at}/expression`, item)] : []),
    ...['left', 'right'].flatMap((key) => templateSites(own(value, key), at + pointer(key), item)),
  ];
}
