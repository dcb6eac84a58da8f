import { UserError } from '@hub/kit/errors';
import type { Json } from '@hub/dag/planner';

import { fileLimits } from '../../../file/limits.ts';
import type { ActionContext, ActionRun } from '../../../types.ts';
import { writeRows } from '../../sink.ts';
import { readSource } from '../../source.ts';
import type { Row } from '../../source.ts';
import type { splitRowsSpec } from './spec.ts';
import { own } from '../../../../values/json.ts';

type Params = Parameters<ActionRun<typeof splitRowsSpec>>[0]['params'];
type Part = { [key: string]: Json };

const maxValues = 100;
const maxParts = 10_000;

/** Answers `{ parts, count }`. By value, the source is read once per value when it goes to files, so that memory stays flat. */
export const runSplitRows: ActionRun<typeof splitRowsSpec> = async (context) => {
  const { params } = context;
  if (params.by === 'field' && params.field === undefined) throw new UserError('step.invalid-params', 'Name the field to split by.', { status: 422 });
  const parts = params.by === 'count' ? await byCount(context) : await byValue(context, params.field ?? '');
  return { output: { parts, count: parts.length } };
};

async function byCount(context: ActionContext<Params>): Promise<Part[]> {
  const { params } = context;
  const source = new Taker(readSource(params.source as Json, context));
  const parts: Part[] = [];
  let held = 0;
  while (await source.hasMore()) {
    if (parts.length >= maxParts)
      throw new UserError('data.too-many-parts', `There are more than ${maxParts} parts.`, { status: 422, remedy: 'Take larger parts.' });
    const key = String(parts.length + 1);
    const part = { key, ...(await writeRows(source.take(params.size), params.give, `part-${key}`, context)) } as Part;
    held += Number(part['count']);
    if (params.give === 'rows' && held > fileLimits.maxRows)
      throw new UserError('file.too-many-rows', `The parts hold more than ${fileLimits.maxRows} rows together.`, {
        status: 413,
        remedy: 'Give files.',
      });
    parts.push(part);
  }
  return parts;
}

/** Rows taken piece by piece from batches. */
class Taker {
  readonly #source: AsyncIterator<Row[]>;
  #rest: Row[] = [];

  constructor(source: AsyncGenerator<Row[]>) {
    this.#source = source;
  }

  async hasMore(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      this.#rest = next.value;
    }
    return true;
  }

  async *take(count: number): AsyncGenerator<Row[], void, undefined> {
    let left = count;
    while (left > 0 && (await this.hasMore())) {
      const piece = this.#rest.slice(0, left);
      this.#rest = this.#rest.slice(left);
      left -= piece.length;
      yield piece;
    }
  }
}

async function byValue(context: ActionContext<Params>, field: string): Promise<Part[]> {
  const { params } = context;
  const values = new Map<string, number>();
  const valueOf = (row: Row): string => {
    const value = own(row, field) ?? null;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  for await (const batch of readSource(params.source as Json, context)) {
    for (const row of batch) values.set(valueOf(row), (values.get(valueOf(row)) ?? 0) + 1);
    if (values.size > maxValues)
      throw new UserError('data.too-many-parts', `The field "${field}" has more than ${maxValues} values.`, {
        status: 422,
        remedy: 'Split by number of rows, or group first.',
      });
  }
  const parts: Part[] = [];
  for (const key of values.keys()) {
    const only = async function* (): AsyncGenerator<Row[], void, undefined> {
      for await (const batch of readSource(params.source as Json, { ...context, warn: () => undefined }))
        yield batch.filter((row) => valueOf(row) === key);
    };
    const name = key.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 60) || 'part';
    parts.push({ key, ...(await writeRows(only(), params.give, name, context)) });
  }
  return parts;
}
