/** HubSpot's search with its limits: at most five groups of six conditions, one order, 200 in a page, 10,000 in all. */
import type { Json } from '@hub/dag/planner';

import { refuse } from '../../testing/contract/stand-in.ts';
import type { Answered } from '../../testing/contract/stand-in.ts';
import type { Stored } from './stand-in.ts';

interface Condition {
  propertyName: string;
  operator: string;
  value?: string;
  highValue?: string;
  values?: string[];
}

export interface SearchBody {
  filterGroups?: { filters: Condition[] }[];
  sorts?: string[];
  query?: string;
  properties?: string[];
  limit?: number;
  after?: string;
}

const mostPerPage = 200;
const mostInAll = 10_000;

/** The page of `all` that is asked for. */
export function searchIn(
  all: Stored[],
  known: Readonly<Record<string, unknown>>,
  { filterGroups = [], sorts = [], query = '', properties = [], limit = 10, after = '0' }: SearchBody,
  shown: (one: Stored, names: readonly string[]) => { [key: string]: Json },
): Answered {
  if (limit > mostPerPage) refuse(400, `limit ${limit} exceeds ${mostPerPage}`);
  if (Number(after) + limit > mostInAll) refuse(400, 'paging goes past 10,000 results');
  if (filterGroups.length > 5 || filterGroups.some(({ filters }) => filters.length > 6 || filters.length === 0))
    refuse(400, 'too many or no filters');
  if (sorts.length > 1) refuse(400, 'only one sort is supported');
  const named = [
    ...filterGroups.flatMap(({ filters }) => filters.map(({ propertyName }) => propertyName)),
    ...sorts.map((sort) => sort.replace(/^-/, '')),
  ];
  for (const name of named) if (!(name in known)) refuse(400, `There was a problem with the request: property ${name} does not exist`);
  const found = all
    .filter((one) => filterGroups.length === 0 || filterGroups.some(({ filters }) => filters.every((each) => holds(one, each))))
    .filter((one) => query === '' || Object.values(one.properties).some((value) => value.toLowerCase().includes(query.toLowerCase())));
  const [order] = sorts;
  if (order !== undefined)
    // Those with the same value come in no promised order: here never in the one that would suit.
    found.sort(
      (a, b) =>
        (order.startsWith('-') ? -1 : 1) * compare(valueOf(a, order.replace('-', '')) ?? '', valueOf(b, order.replace('-', '')) ?? '') ||
        Number(b.id) - Number(a.id),
    );
  const from = Number(after);
  const next = from + limit < found.length ? { paging: { next: { after: String(from + limit) } } } : {};
  return { body: { total: found.length, results: found.slice(from, from + limit).map((one) => shown(one, properties)), ...next } };
}

const valueOf = (one: Stored, name: string): string | undefined =>
  name.endsWith('lastmodifieddate') ? String(Date.parse(one.updatedAt)) : one.properties[name];

function holds(one: Stored, { propertyName, operator, value = '', highValue = '', values = [] }: Condition): boolean {
  const has = valueOf(one, propertyName);
  switch (operator) {
    case 'HAS_PROPERTY':
      return has !== undefined && has !== '';
    case 'NOT_HAS_PROPERTY':
      return has === undefined || has === '';
    case 'IN':
      return has !== undefined && values.includes(has);
    case 'NOT_IN':
      return has !== undefined && !values.includes(has);
    case 'CONTAINS_TOKEN':
      return (has ?? '').toLowerCase().split(/\W+/).includes(value.toLowerCase());
    case 'NOT_CONTAINS_TOKEN':
      return !(has ?? '').toLowerCase().split(/\W+/).includes(value.toLowerCase());
    case 'EQ':
      return has === value;
    case 'NEQ':
      return has !== value;
    case 'BETWEEN':
      return has !== undefined && compare(has, value) >= 0 && compare(has, highValue) <= 0;
    default: {
      const order = has === undefined ? Number.NaN : compare(has, value);
      return operator === 'GT' ? order > 0 : operator === 'GTE' ? order >= 0 : operator === 'LT' ? order < 0 : order <= 0;
    }
  }
}

function compare(a: string, b: string): number {
  const [first, second] = [Number(a), Number(b)];
  return Number.isNaN(first) || Number.isNaN(second) ? a.localeCompare(b) : first - second;
}
