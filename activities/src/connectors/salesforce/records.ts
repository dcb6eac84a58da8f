/** Records as Salesforce has them and as steps see them. */
import type { Json } from '@hub/dag/planner';

export type Row = { [field: string]: Json };

/** A record without Salesforce's own notes on it; lists of child records as lists. `cut` is told of a list that was not given whole. */
export function toRow(record: Readonly<Record<string, Json>>, cut: () => void): Row {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => name !== 'attributes')
      .map(([name, value]) => [name, toValue(value, cut)]),
  );
}

function toValue(value: Json, cut: () => void): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (!isChildren(value)) return toRow(value, cut);
  if (value.done === false) cut();
  return value.records.map((one) => toRow(one, cut));
}

interface Children {
  records: Record<string, Json>[];
  done: boolean;
}
const isChildren = (value: object): value is Children => 'records' in value && 'done' in value && Array.isArray(value.records);

/** Salesforce's times have +0000 behind them. */
export function instant(value: Json | undefined): string {
  const time = typeof value === 'string' ? new Date(value) : new Date(Number.NaN);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}
