import { z } from 'zod';
import { conditionSchema, conditionSites, patternFaults } from '../conditions.ts';
import { own, type JsonObject } from '../pointer.ts';
import { bareSite, templateSites, type Site } from '../sites.ts';
import { alwaysOut, expr, name, onlyOut, text, textOf, type Kind } from './kind.ts';

const measure = z
  .strictObject({ op: z.enum(['count', 'sum', 'avg', 'min', 'max', 'first', 'list', 'count_distinct']), field: name.optional() })
  .superRefine((value, context) => {
    if (value.op !== 'count' && value.field === undefined)
      context.addIssue({ code: 'custom', path: ['field'], message: `The measure "${value.op}" needs a field.` });
  });
const fields = z.array(name).min(1).max(100);

const presets = {
  map: z.strictObject({ preset: z.literal('map'), source: expr, fields: z.record(z.string(), expr) }),
  filter: z.strictObject({ preset: z.literal('filter'), source: expr, where: conditionSchema }),
  sort: z.strictObject({
    preset: z.literal('sort'),
    source: expr,
    by: z.array(z.strictObject({ field: name, dir: z.enum(['asc', 'desc']) })).min(1),
  }),
  aggregate: z.strictObject({
    preset: z.literal('aggregate'),
    source: expr,
    groupBy: z.array(name).max(20).optional(),
    measures: z.record(z.string(), measure),
  }),
  dedupe: z.strictObject({ preset: z.literal('dedupe'), source: expr, by: fields.optional() }),
  pick: z.strictObject({ preset: z.literal('pick'), source: expr, fields }),
};
const plain = z.strictObject({ expression: text });
const unknownPreset = z.looseObject({ preset: z.enum(Object.keys(presets) as [string, ...string[]]) });

function schemaOf(raw: JsonObject): z.ZodType {
  const preset = own(raw, 'preset');
  if (preset === undefined) return plain;
  const found = Object.entries(presets).find(([key]) => key === preset);
  return found ? found[1] : unknownPreset;
}

function sites(raw: JsonObject): Site[] {
  const expression = own(raw, 'expression');
  return [
    ...(typeof expression === 'string' ? [bareSite(expression, '/expression')] : []),
    ...templateSites(own(raw, 'source'), '/source'),
    ...templateSites(own(raw, 'fields'), '/fields', true),
    ...conditionSites(own(raw, 'where'), '/where', true),
  ];
}

export const transform: Kind = {
  type: 'transform',
  label: 'Reshape data',
  help: 'Makes new data from what is there: a JSONata expression, or a preset (map, filter, sort, aggregate, dedupe, pick), which always gives a list.',
  example: {
    id: 'by_topic',
    type: 'transform',
    config: {
      preset: 'aggregate',
      source: '{{ input.rows }}',
      groupBy: ['topic'],
      measures: { count: { op: 'count' }, score: { op: 'avg', field: 'score' } },
    },
  },
  work: 'pure',
  reachesOut: false,
  mayRetry: true,
  timeoutMs: 60_000,
  inBody: true,
  runs: true,
  schema: schemaOf,
  ports: onlyOut,
  portOf: alwaysOut,
  sites,
  check: (raw, ports) => patternFaults(own(raw, 'where'), '/where', ports),
  describe: (raw) => (Object.hasOwn(raw, 'preset') ? textOf(raw, 'preset') : textOf(raw, 'expression').slice(0, 60)),
};
