/** The part of SOQL that the tests speak; anything else is a malformed query, as Salesforce says it. */
import type { Json } from '@hub/dag/planner';

import { refuse } from '../../testing/contract/stand-in.ts';

export interface Query {
  fields: string[];
  object: string;
  holds: (record: Readonly<Record<string, Json>>) => boolean;
  order: { field: string; down: boolean }[];
  limit: number;
  /** Fields in conditions and order. */
  named: string[];
}

type Token = { kind: 'word' | 'text' | 'sign'; value: string };

const malformed = (what: string): never => refuse(400, `MALFORMED_QUERY: unexpected token: ${what}`);

function tokensOf(soql: string): Token[] {
  const tokens: Token[] = [];
  const form = /\s+|'((?:[^'\\]|\\[\\'"nrtbf])*)'|([A-Za-z0-9_.:+-]+)|(<=|>=|!=|[=<>(),])/gy;
  while (form.lastIndex < soql.length) {
    const at = form.lastIndex;
    const found = form.exec(soql) ?? malformed(soql.slice(at, at + 20));
    const [, text, word, sign] = found;
    if (text !== undefined)
      tokens.push({ kind: 'text', value: text.replaceAll(/\\(.)/g, (_, char: string) => ({ n: '\n', r: '\r', t: '\t' })[char] ?? char) });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
  }
  return tokens;
}

const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d))?$/;

/** `SELECT a, b FROM O [WHERE a = 'x' AND (b IN (1, 2) OR c > 3)] [ORDER BY a DESC, b] [LIMIT n]`. */
export function parseSoql(soql: string): Query {
  const tokens = tokensOf(soql);
  const isNext = (word: string): boolean => tokens[0]?.kind !== 'text' && tokens[0]?.value.toUpperCase() === word;
  const take = (kind?: Token['kind'], value?: string): Token => {
    const token = tokens.shift();
    if (token === undefined || (kind !== undefined && token.kind !== kind) || (value !== undefined && token.value.toUpperCase() !== value))
      malformed(token?.value ?? '<EOF>');
    return token as Token;
  };
  const list = <T>(one: () => T): T[] => {
    const all = [one()];
    while (isNext(',')) {
      take();
      all.push(one());
    }
    return all;
  };
  take('word', 'SELECT');
  const fields = list(() => take('word').value);
  take('word', 'FROM');
  const object = take('word').value;
  const named: string[] = [];
  type Holds = Query['holds'];
  /** Salesforce takes AND and OR side by side only with brackets. */
  const either = (): Holds => {
    const all = [single()];
    const word = isNext('OR') ? 'OR' : 'AND';
    while (isNext(word)) {
      take();
      all.push(single());
    }
    return (record) => (word === 'AND' ? all.every((each) => each(record)) : all.some((each) => each(record)));
  };
  const single = (): Holds => {
    if (isNext('(')) {
      take();
      const inside = either();
      take('sign', ')');
      return inside;
    }
    const one = conditionOf(take, isNext, list);
    named.push(one.field);
    return (record) => one.holds(record[one.field] ?? null);
  };
  let holds: Holds = () => true;
  if (isNext('WHERE')) {
    take();
    holds = either();
  }
  const order: Query['order'] = [];
  if (isNext('ORDER')) {
    take();
    take('word', 'BY');
    order.push(
      ...list(() => {
        const field = take('word').value;
        const down = isNext('DESC');
        if (down || isNext('ASC')) take();
        return { field, down };
      }),
    );
  }
  let limit = Number.POSITIVE_INFINITY;
  if (isNext('LIMIT')) {
    take();
    limit = Number(take('word').value);
    if (!Number.isInteger(limit)) malformed('LIMIT');
  }
  if (tokens.length > 0) malformed(tokens[0]?.value ?? '');
  return {
    fields,
    object,
    order,
    limit,
    named: [...named, ...order.map(({ field }) => field)],
    holds,
  };
}

function conditionOf(
  take: (kind?: Token['kind'], value?: string) => Token,
  isNext: (word: string) => boolean,
  list: <T>(one: () => T) => T[],
): { field: string; holds: (value: Json) => boolean } {
  const field = take('word').value;
  const literal = (): Json => {
    const { kind, value } = take();
    if (kind === 'text') return value;
    if (kind === 'sign') return malformed(value);
    if (instant.test(value)) return new Date(value).toISOString();
    if (/^(TRUE|FALSE)$/i.test(value)) return value.toUpperCase() === 'TRUE';
    if (/^null$/i.test(value)) return null;
    return Number.isNaN(Number(value)) ? malformed(value) : Number(value);
  };
  if (isNext('IN')) {
    take();
    take('sign', '(');
    const values = list(literal);
    take('sign', ')');
    return { field, holds: (value) => values.includes(value) };
  }
  const { value: sign } = take('sign');
  const wanted = literal();
  const comparable = (value: Json): number | string =>
    typeof value === 'number' ? value : typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value).toISOString() : String(value);
  const holds = (value: Json): boolean => {
    const [a, b] = [comparable(value), comparable(wanted)];
    if (sign === '=') return a === b;
    if (sign === '!=') return a !== b;
    if (sign === '<') return a < b;
    if (sign === '>') return a > b;
    return sign === '<=' ? a <= b : a >= b;
  };
  return { field, holds };
}
