import { z } from 'zod';
import { conditionSchema, conditionSites, patternFaults } from '../conditions.ts';
import { isRecord, own, pointer } from '../pointer.ts';
import { templateSites, type Site } from '../sites.ts';
import { expr, jsonSchema, text, type Kind, type KindFault } from './kind.ts';
import type { CheckPorts } from '../ports.ts';
import type { JsonObject } from '../pointer.ts';

const common = { name: text.max(100).optional(), weight: z.number().min(0).max(1_000).optional() };
const judged = { ...common, value: expr.optional() };
const count = z.number().int().min(0).max(100_000_000);

const scorer = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('rule'), ...common, when: conditionSchema }),
    z.strictObject({ type: z.literal('schema'), ...judged, schema: jsonSchema }),
    z.strictObject({ type: z.literal('regex'), ...judged, pattern: text.max(2_000), absent: z.boolean().optional() }),
    z.strictObject({
      type: z.literal('length'),
      ...judged,
      min: count.optional(),
      max: count.optional(),
      of: z.enum(['characters', 'words', 'items']).optional(),
    }),
  ],
  { error: 'Expected a scorer of type rule, schema, regex or length' },
);
const schema = z.strictObject({
  /** What is scored, where a scorer has no value of its own. */
  value: expr.optional(),
  scorers: z.array(scorer).min(1).max(50),
  gate: z.strictObject({ minScore: z.number().min(0).max(1) }).optional(),
});

/** Never filled: what is a pattern or a schema, not text. */
const literalFields = new Set(['schema', 'pattern', 'when', 'type', 'name', 'of']);

function sites(raw: JsonObject): Site[] {
  const scorers = own(raw, 'scorers');
  const list = Array.isArray(scorers) ? scorers : [];
  return [
    ...templateSites(own(raw, 'value'), '/value'),
    ...list.flatMap((one, at) => {
      if (!isRecord(one)) return [];
      const place = pointer('scorers', at);
      const filled = Object.entries(one).flatMap(([key, value]) => (literalFields.has(key) ? [] : templateSites(value, place + pointer(key))));
      return [...filled, ...conditionSites(own(one, 'when'), `${place}/when`)];
    }),
  ];
}

function check(raw: JsonObject, ports: CheckPorts): KindFault[] {
  const scorers = own(raw, 'scorers');
  if (!Array.isArray(scorers)) return [];
  return scorers.flatMap((one, at) => {
    if (!isRecord(one)) return [];
    const place = pointer('scorers', at);
    if (one['type'] === 'rule') return patternFaults(own(one, 'when'), `${place}/when`, ports);
    const faults: KindFault[] = [];
    const pattern = one['type'] === 'regex' ? own(one, 'pattern') : undefined;
    const wrong = typeof pattern === 'string' ? (ports.patternFault?.(pattern) ?? null) : null;
    if (wrong !== null) faults.push({ path: `${place}/pattern`, code: 'expression.bad-regex', message: wrong });
    if (!Object.hasOwn(one, 'value') && !Object.hasOwn(raw, 'value'))
      faults.push({ path: place, code: 'node.config', message: 'Say what is scored: a value here, or one for all scorers.' });
    if (one['type'] === 'schema' && isRecord(one['schema'])) {
      const fault = ports.schemaFault?.(one['schema'] as never) ?? null;
      if (fault !== null) faults.push({ path: `${place}/schema`, code: 'node.config', message: `The schema cannot be used: ${fault}` });
    }
    if (one['type'] === 'length') {
      const [min, max] = [own(one, 'min'), own(one, 'max')];
      if (min === undefined && max === undefined) faults.push({ path: place, code: 'node.config', message: 'Give min, max or both.' });
      if (typeof min === 'number' && typeof max === 'number' && min > max)
        faults.push({ path: `${place}/max`, code: 'node.config', message: 'max is smaller than min.' });
    }
    return faults;
  });
}

export const evaluate: Kind = {
  type: 'evaluate',
  label: 'Score',
  help: 'Scores a value from 0 to 1 by rules, a JSON Schema, patterns and lengths, each with a weight. With a gate, too low a score takes the port failed.',
  example: {
    id: 'quality',
    type: 'evaluate',
    config: {
      value: '{{ input.text }}',
      scorers: [
        { type: 'length', max: 200 },
        { type: 'regex', pattern: '(?i)thank', weight: 2 },
      ],
      gate: { minScore: 0.8 },
    },
  },
  work: 'step',
  reachesOut: false,
  mayRetry: true,
  timeoutMs: 60_000,
  inBody: true,
  runs: true,
  schema: () => schema,
  ports: (raw) => (Object.hasOwn(raw, 'gate') ? ['out', 'failed'] : ['out']),
  // A value given by hand takes the way it would have taken: a test of the failed branch pins `passed: false`.
  portOf: (value, ports) => (ports.includes('failed') && own(value, 'passed') === false ? 'failed' : 'out'),
  sites,
  check,
  idempotent: () => true,
  describe: (raw) => {
    const scorers = own(raw, 'scorers');
    return Array.isArray(scorers) ? `${scorers.length} ${scorers.length === 1 ? 'scorer' : 'scorers'}` : 'scorers';
  },
};
