/** switch: the port of the first case that holds, else `default`. */
import { holds } from '../../expressions/condition.ts';
import { own } from '../../values/json.ts';
import type { PureStep } from '../pure-step.ts';

export const switchStep: PureStep = {
  evaluate: async ({ config, scope }) => {
    const cases = Array.isArray(config['cases']) ? (config['cases'] as unknown[]) : [];
    for (const [at, one] of cases.entries()) {
      if (!(await holds(own(one, 'when'), scope))) continue;
      const port = String(own(one, 'port'));
      return { value: { port }, port, input: { case: at, when: own(one, 'when') ?? null } };
    }
    return { value: { port: 'default' }, port: 'default', input: { case: null } };
  },
};
