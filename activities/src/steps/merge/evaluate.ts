/** merge: joins the live branches (03, Meaning 9). An edge from `error` carries the error object. */
import { UserError } from '@hub/kit/errors';

import { isObject, setOwn } from '../../values/json.ts';
import type { LiveSource, PureStep } from '../pure-step.ts';
import { canonical } from '../transform/fields.ts';

const modes: Record<string, (sources: LiveSource[], config: Record<string, unknown>) => unknown> = {
  append: (sources) =>
    sources.flatMap(({ value }) => (Array.isArray(value) ? (value as unknown[]) : [value])).filter((value) => value !== null && value !== undefined),
  object: (sources) => {
    const made = {};
    for (const { id, value } of sources) setOwn(made, id, value ?? null);
    return made;
  },
  combine: (sources, config) => combine(sources, String(config['key'])),
  first: (sources) => sources[0]?.value ?? null,
};

export const merge: PureStep = {
  joins: true,
  evaluate: async ({ config, sources }) => {
    const mode = config['mode'];
    const join = typeof mode === 'string' && Object.hasOwn(modes, mode) ? modes[mode] : undefined;
    if (join === undefined) throw new UserError('step.invalid-config', `There is no merge mode ${JSON.stringify(mode)}`);
    return await Promise.resolve({
      value: join(sources, config),
      port: 'out',
      input: { mode, sources: sources.map(({ id, port }) => (port === 'out' ? id : `${id}.${port}`)) },
    });
  },
};

/** One object per value of `key`, in order of appearance; later edges win, what has no partner is kept. */
function combine(sources: LiveSource[], key: string): unknown[] {
  const byKey = new Map<string, object>();
  const all: object[] = [];
  for (const { value } of sources) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (!isObject(item)) continue;
      const id = Object.hasOwn(item, key) ? canonical(item[key]) : null;
      const known = id === null ? undefined : byKey.get(id);
      const target = known ?? {};
      for (const [name, field] of Object.entries(item)) setOwn(target, name, field);
      if (known !== undefined) continue;
      all.push(target);
      if (id !== null) byKey.set(id, target);
    }
  }
  return all;
}
