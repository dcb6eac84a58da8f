import { UserError } from '@hub/kit/errors';
import type { Json } from '@hub/dag/planner';

import type { ActionRun } from '../../../types.ts';
import { keyOf } from '../../keys.ts';
import { writeRows } from '../../sink.ts';
import { readSource } from '../../source.ts';
import type { Row } from '../../source.ts';
import type { aggregateRowsSpec } from './spec.ts';
import { own } from '../../../../values/json.ts';

type Measure = Parameters<ActionRun<typeof aggregateRowsSpec>>[0]['params']['measures'][number];

interface State {
  count: number;
  sum: number;
  /** Sums keep what plain addition of floats loses (Neumaier). */
  rest: number;
  value: Json;
  seen: Set<string> | null;
}

const maxGroups = 500_000;
const maxDistinct = 2_000_000;

/** Answers `{ rows | file, count, of }`. Empty values count in nothing but the number of rows. */
export const runAggregateRows: ActionRun<typeof aggregateRowsSpec> = async (context) => {
  const { params } = context;
  const nameless = params.measures.find(({ op, field }) => op !== 'count' && field === undefined);
  if (nameless !== undefined) throw new UserError('step.invalid-params', `The measure "${nameless.name}" wants a field.`, { status: 422 });
  const groups = new Map<string, { first: Row; states: State[] }>();
  const distinct = { held: 0 };
  let of = 0;
  for await (const batch of readSource(params.source as Json, context)) {
    of += batch.length;
    for (const row of batch) {
      const key = keyOf(row, params.groupBy.length === 0 ? [''] : params.groupBy);
      let group = groups.get(key);
      if (group === undefined) {
        if (groups.size >= maxGroups)
          throw new UserError('data.too-many-keys', `There are more than ${maxGroups} groups.`, { status: 422, remedy: 'Group by fewer fields.' });
        group = {
          first: row,
          states: params.measures.map(({ op }) => ({ count: 0, sum: 0, rest: 0, value: null, seen: op === 'count_distinct' ? new Set() : null })),
        };
        groups.set(key, group);
      }
      for (const [at, measure] of params.measures.entries()) add(group.states[at] as State, measure, row, distinct);
    }
  }
  const rows = [...groups.values()].map(({ first, states }) => ({
    ...Object.fromEntries(params.groupBy.map((name) => [name, first[name] ?? null])),
    ...Object.fromEntries(params.measures.map((measure, at) => [measure.name, resultOf(states[at] as State, measure)])),
  }));
  async function* all(): AsyncGenerator<Row[], void, undefined> {
    yield rows;
  }
  return { output: { ...(await writeRows(all(), params.into, 'groups', context)), of } };
};

function add(state: State, { op, field }: Measure, row: Row, distinct: { held: number }): void {
  if (op === 'count' && field === undefined) return void (state.count += 1);
  const value = own(row, field ?? '') ?? null;
  if (value === null || value === '') return;
  state.count += 1;
  if (op === 'first') state.value = state.count === 1 ? value : state.value;
  else if (op === 'last') state.value = value;
  else if (op === 'min' || op === 'max')
    state.value = state.count === 1 || comes(value, state.value) === (op === 'min' ? -1 : 1) ? value : state.value;
  else if (op === 'sum' || op === 'avg') addNumber(state, value, field ?? '');
  else if (state.seen !== null && !state.seen.has(JSON.stringify(value))) {
    distinct.held += 1;
    if (distinct.held > maxDistinct)
      throw new UserError('data.too-many-keys', `There are more than ${maxDistinct} different values.`, { status: 422 });
    state.seen.add(JSON.stringify(value));
  }
}

function addNumber(state: State, value: Json, field: string): void {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (!Number.isFinite(number))
    throw new UserError('data.not-a-number', `The field "${field}" holds ${JSON.stringify(value).slice(0, 60)}, which is no number.`, {
      status: 422,
      remedy: 'Validate or convert the rows first.',
    });
  const sum = state.sum + number;
  state.rest += Math.abs(state.sum) >= Math.abs(number) ? state.sum - sum + number : number - sum + state.sum;
  state.sum = sum;
}

/** -1, 0, 1: numbers as numbers, else texts. */
function comes(one: Json, other: Json): number {
  const [a, b] = typeof one === 'number' && typeof other === 'number' ? [one, other] : [String(one), String(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function resultOf(state: State, { op }: Measure): Json {
  if (op === 'count') return state.count;
  if (op === 'count_distinct') return state.seen?.size ?? 0;
  if (op === 'sum') return state.sum + state.rest;
  if (op === 'avg') return state.count === 0 ? null : (state.sum + state.rest) / state.count;
  return state.value;
}
