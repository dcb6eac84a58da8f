import { z } from 'zod';
import { conditionSchema, conditionSites, patternFaults } from '../conditions.ts';
import { limits } from '../limits.ts';
import type { LoopPlan } from '../planner/types.ts';
import { own, type JsonObject } from '../pointer.ts';
import { templateSites, type Site } from '../sites.ts';
import { alwaysOut, concurrency, expr, itemPolicy, onItemError, onlyOut, textOf, type Kind } from './kind.ts';

const forEach = z.strictObject({
  mode: z.literal('for_each'),
  items: expr,
  concurrency: concurrency.optional(),
  onItemError: onItemError.optional(),
  result: expr.optional(),
});
const conditional = z.strictObject({
  mode: z.enum(['while', 'until', 'for_each']),
  condition: conditionSchema,
  maxIterations: z.number().int().min(1).max(limits.loopIterations).optional(),
  onMax: z.enum(['fail', 'continue']).optional(),
  result: expr.optional(),
  initial: expr.optional(),
});

const unknownMode = z.looseObject({ mode: z.enum(['for_each', 'while', 'until']) });

function isConditional(raw: JsonObject): boolean {
  return own(raw, 'mode') === 'while' || own(raw, 'mode') === 'until';
}

function sites(raw: JsonObject): Site[] {
  return [
    ...templateSites(own(raw, 'items'), '/items'),
    ...templateSites(own(raw, 'initial'), '/initial'),
    ...conditionSites(own(raw, 'condition'), '/condition', true),
    ...templateSites(own(raw, 'result'), '/result', true, 'result'),
  ];
}

function loopOf(raw: JsonObject): Omit<LoopPlan, 'sink'> {
  if (!isConditional(raw)) return { mode: 'for_each', body: 'nodes', ...itemPolicy(raw), maxIterations: 0, onMax: 'fail' };
  const max = own(raw, 'maxIterations');
  return {
    mode: own(raw, 'mode') === 'while' ? 'while' : 'until',
    body: 'nodes',
    concurrency: 1,
    onItemError: 'fail',
    maxIterations: typeof max === 'number' ? max : 100,
    onMax: own(raw, 'onMax') === 'continue' ? 'continue' : 'fail',
  };
}

export const loop: Kind = {
  type: 'loop',
  label: 'Loop',
  help: 'Runs the nodes whose parent it is: for_each once per item, several at a time, giving a list of results in item order; while and until as long as a condition says.',
  example: { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ input.rows }}', concurrency: 5, onItemError: 'collect' } },
  work: 'loop',
  reachesOut: false,
  mayRetry: false,
  timeoutMs: 0,
  inBody: true,
  runs: true,
  schema: (raw) => {
    if (isConditional(raw)) return conditional;
    return Object.hasOwn(raw, 'mode') && own(raw, 'mode') !== 'for_each' ? unknownMode : forEach;
  },
  ports: onlyOut,
  portOf: alwaysOut,
  sites,
  check: (raw, ports) => patternFaults(own(raw, 'condition'), '/condition', ports),
  loop: loopOf,
  describe: (raw) => textOf(raw, 'mode').replaceAll('_', ' '),
};
