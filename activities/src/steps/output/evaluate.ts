/** output: names a value of the run's result. */
import { fill } from '../../expressions/template.ts';
import type { PureStep } from '../pure-step.ts';

export const output: PureStep = {
  evaluate: async ({ config, scope }) => ({ value: await fill(config['value'] ?? null, scope), port: 'out', input: { name: config['name'] } }),
};
