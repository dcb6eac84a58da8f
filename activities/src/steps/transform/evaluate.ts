/** transform: a JSONata expression or a preset. */
import { bareExpression } from '../../expressions/template.ts';
import type { PureStep } from '../pure-step.ts';
import { runPreset } from './presets.ts';

export const transform: PureStep = {
  evaluate: async ({ config, scope }) => {
    const expression = config['expression'];
    if (typeof expression === 'string') return { value: await scope.required(bareExpression(expression)), port: 'out', input: { expression } };
    const { value, items } = await runPreset(config, scope);
    return { value, port: 'out', input: { preset: config['preset'], items } };
  },
};
