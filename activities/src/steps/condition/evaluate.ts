/** condition: `{ result: boolean }`, and the port of the same name. */
import { holds } from '../../expressions/condition.ts';
import { fill } from '../../expressions/template.ts';
import type { PureStep } from '../pure-step.ts';

export const condition: PureStep = {
  evaluate: async ({ config, scope }) => {
    const result = await holds(config, scope);
    const compared = Object.hasOwn(config, 'op');
    return { value: { result }, port: String(result), input: compared ? await fill(config, scope) : config };
  },
};
