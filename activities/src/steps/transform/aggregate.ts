/** The `aggregate` preset: one object per group, in order of appearance. */
import { UserError } from '@hub/kit/errors';

import { numberOf } from '../../expressions/operators.ts';
import { isObject, own, setOwn } from '../../values/json.ts';
import { canonical, compareValues, fieldNames, fieldOf } from './fields.ts';

type Measure = (rows: unknown[], field: string | null) => unknown;

const measures: Record<string, Measure> = {
  count: (rows, field) => (field === null ? rows.length : present(rows, field).length),
  sum: (rows, field) => numbers(rows, field).reduce((sum, number) => sum + number, 0),
  avg: (rows, field) => {
    const list = numbers(rows, field);
    return list.length === 0 ? null : list.reduce((sum, number) => sum + number, 0) / list.length;
  },
  min: (rows, field) => extreme(present(rows, field), -1),
  max: (rows, field) => extreme(present(rows, field), 1),
  first: (rows, field) => present(rows, field)[0] ?? null,
  list: (rows, field) => present(rows, field),
  count_distinct: (rows, field) => new Set(present(rows, field).map(canonical)).size,
};

/** Groups by the `groupBy` fields (none: everything is one group, also an empty list) and adds the measures. Throws UserError `step.invalid-config`. */
export function aggregate(list: unknown[], config: Record<string, unknown>): unknown[] {
  const groupBy = fieldNames(config['groupBy']);
  const groups = new Map<string, unknown[]>();
  if (groupBy.length === 0) groups.set('', list);
  else for (const item of list) addTo(groups, canonical(groupBy.map((field) => fieldOf(item, field) ?? null)), item);
  return [...groups.values()].map((rows) => {
    const made = {};
    for (const field of groupBy) setOwn(made, field, fieldOf(rows[0], field) ?? null);
    const wanted = config['measures'];
    for (const [name, measure] of Object.entries(isObject(wanted) ? wanted : {})) setOwn(made, name, measured(rows, measure));
    return made;
  });
}

function measured(rows: unknown[], measure: unknown): unknown {
  const op = own(measure, 'op');
  const field = own(measure, 'field');
  const run = typeof op === 'string' && Object.hasOwn(measures, op) ? measures[op] : undefined;
  if (run === undefined) throw new UserError('step.invalid-config', `There is no measure ${JSON.stringify(op)}`);
  if (typeof field !== 'string' && op !== 'count') throw new UserError('step.invalid-config', `The measure ${String(op)} needs a field`);
  return run(rows, typeof field === 'string' ? field : null);
}

function addTo(groups: Map<string, unknown[]>, key: string, item: unknown): void {
  const rows = groups.get(key);
  if (rows === undefined) groups.set(key, [item]);
  else rows.push(item);
}

/** Values that are there and not null. */
function present(rows: unknown[], field: string | null): unknown[] {
  return rows.map((row) => fieldOf(row, field ?? '')).filter((value) => value !== undefined && value !== null);
}

/** Numbers, also those written as text; other values are left out. */
function numbers(rows: unknown[], field: string | null): number[] {
  return present(rows, field)
    .map(numberOf)
    .filter((number) => number !== null);
}

function extreme(values: unknown[], sign: 1 | -1): unknown {
  let best: unknown = null;
  for (const value of values) if (best === null || sign * compareValues(value, best) > 0) best = value;
  return best;
}
