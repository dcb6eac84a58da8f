/** The presets of `transform`. Each takes a list (null: none, any other value: one item) and gives a list. */
import { UserError } from '@hub/kit/errors';

import { holds } from '../../expressions/condition.ts';
import { listOf } from '../../expressions/operators.ts';
import type { Scope } from '../../expressions/scope.ts';
import { fill } from '../../expressions/template.ts';
import { isObject, setOwn } from '../../values/json.ts';
import { aggregate } from './aggregate.ts';
import { canonical, compareValues, fieldNames, fieldOf } from './fields.ts';

type Preset = (list: unknown[], config: Record<string, unknown>, scope: Scope) => Promise<unknown[]>;

const presets: Record<string, Preset> = {
  map: async (list, config, scope) => {
    const made: unknown[] = [];
    for (const [index, item] of list.entries()) made.push(await fill(config['fields'] ?? {}, scope, { item, index }));
    return made;
  },
  filter: async (list, config, scope) => {
    const kept: unknown[] = [];
    for (const [index, item] of list.entries()) if (await holds(config['where'], scope, { item, index })) kept.push(item);
    return kept;
  },
  sort: async (list, config) => await Promise.resolve(sorted(list, config['by'])),
  aggregate: async (list, config) => await Promise.resolve(aggregate(list, config)),
  dedupe: async (list, config) => await Promise.resolve(deduped(list, fieldNames(config['by']))),
  pick: async (list, config) => await Promise.resolve(list.map((item) => picked(item, fieldNames(config['fields'])))),
};

/** Throws UserError `step.invalid-config` for a preset that does not exist, and what filling in throws. */
export async function runPreset(config: Record<string, unknown>, scope: Scope): Promise<{ value: unknown[]; items: number }> {
  const name = config['preset'];
  const preset = typeof name === 'string' && Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (preset === undefined) throw new UserError('step.invalid-config', `There is no preset ${JSON.stringify(name)}`);
  const list = listOf(await fill(config['source'] ?? null, scope));
  return { value: await preset(list, config, scope), items: list.length };
}

function sorted(list: unknown[], by: unknown): unknown[] {
  const keys = (Array.isArray(by) ? by : []).filter(isObject).map((key) => ({ field: String(key['field']), sign: key['dir'] === 'desc' ? -1 : 1 }));
  return [...list].sort((a, b) => {
    for (const { field, sign } of keys) {
      const order = compareFields(fieldOf(a, field), fieldOf(b, field), sign);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** What is missing or null comes last in both directions. */
function compareFields(left: unknown, right: unknown, sign: number): number {
  const [noLeft, noRight] = [left ?? null, right ?? null].map((value) => value === null);
  if (noLeft === true || noRight === true) return Number(noLeft) - Number(noRight);
  return sign * compareValues(left, right);
}

function deduped(list: unknown[], by: string[]): unknown[] {
  const seen = new Set<string>();
  return list.filter((item) => {
    const key = canonical(by.length === 0 ? item : by.map((field) => fieldOf(item, field) ?? null));
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function picked(item: unknown, fields: string[]): object {
  const kept = {};
  for (const field of fields) {
    const value = fieldOf(item, field);
    if (value !== undefined) setOwn(kept, field, value);
  }
  return kept;
}
