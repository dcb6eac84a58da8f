/** Fields of the kinds that shape data and decide. */
import type { FieldChoice, FormField } from './field.ts';
import { anyValue, concurrency, onItemError, plainText } from './parts.ts';

const source = anyValue('source', 'List', {
  required: true,
  placeholder: '{{ nodes.reviews.output.rows }}',
  help: 'The list to work on; a single value counts as a list of one.',
});
const names = (name: string, label: string, more: Partial<FormField> = {}): FormField => ({
  name,
  label,
  kind: 'list',
  words: { one: 'field' },
  ...more,
});

const measures: readonly FieldChoice[] = [
  { value: 'count', label: 'Count' },
  { value: 'sum', label: 'Sum' },
  { value: 'avg', label: 'Average' },
  { value: 'min', label: 'Least' },
  { value: 'max', label: 'Greatest' },
  { value: 'first', label: 'First' },
  { value: 'list', label: 'All, as a list' },
  { value: 'count_distinct', label: 'Count of different' },
];

export const transform: readonly FormField[] = [
  {
    name: '',
    label: 'How',
    kind: 'variant',
    ways: [
      {
        label: 'Expression',
        help: 'JSONata: anything in, anything out',
        set: {},
        fields: [
          {
            name: 'expression',
            label: 'Expression',
            kind: 'code',
            language: 'jsonata',
            required: true,
            placeholder: 'nodes.reviews.output.rows[score > 3]',
          },
        ],
      },
      {
        label: 'New fields per item',
        help: 'each item becomes an object of these fields',
        set: { preset: 'map' },
        fields: [
          source,
          { name: 'fields', label: 'Fields', kind: 'key-value', expression: true, item: true, required: true, words: { key: 'Field', one: 'field' } },
        ],
      },
      {
        label: 'Filter',
        help: 'keeps the items for which it holds',
        set: { preset: 'filter' },
        fields: [source, { name: 'where', label: 'Where', kind: 'conditions', item: true, required: true }],
      },
      {
        label: 'Sort',
        help: 'by one field after another',
        set: { preset: 'sort' },
        fields: [
          source,
          {
            name: 'by',
            label: 'By',
            kind: 'table',
            required: true,
            words: { one: 'field' },
            fields: [
              plainText('field', 'Field', { required: true }),
              {
                name: 'dir',
                label: 'Order',
                kind: 'choice',
                required: true,
                choices: [
                  { value: 'asc', label: 'Up' },
                  { value: 'desc', label: 'Down' },
                ],
              },
            ],
          },
        ],
      },
      {
        label: 'Group and count',
        help: 'one row per group, with figures',
        set: { preset: 'aggregate' },
        fields: [
          source,
          names('groupBy', 'Group by', { help: 'Left out, all items are one group.' }),
          {
            name: 'measures',
            label: 'Figures',
            kind: 'key-value',
            required: true,
            words: { key: 'Name', one: 'figure' },
            fields: [{ name: 'op', label: 'What', kind: 'choice', required: true, choices: measures }, plainText('field', 'Of field')],
          },
        ],
      },
      {
        label: 'Remove duplicates',
        help: 'the first of each stays',
        set: { preset: 'dedupe' },
        fields: [source, names('by', 'Same by', { help: 'Left out, the whole item counts.' })],
      },
      {
        label: 'Pick fields',
        help: 'the rest is left out',
        set: { preset: 'pick' },
        fields: [source, names('fields', 'Fields', { required: true })],
      },
    ],
  },
];

export const code: readonly FormField[] = [
  {
    name: 'source',
    label: 'JavaScript',
    kind: 'code',
    language: 'javascript',
    required: true,
    help: 'The body of an async function with one argument, ctx: ctx.input, ctx.nodes, ctx.vars. What it returns is the output.',
  },
];

/** A condition is its own config: the conditions control takes the whole of it. */
export const condition: readonly FormField[] = [
  { name: '', label: 'If', kind: 'conditions', required: true, help: 'Where it holds the way true is taken, else the way false.' },
];

export const switchCases: readonly FormField[] = [
  {
    name: 'cases',
    label: 'Cases',
    kind: 'table',
    required: true,
    words: { one: 'case' },
    help: 'The first that holds is taken; where none does, the way default.',
    fields: [
      plainText('port', 'Way', { required: true, placeholder: 'urgent', help: 'A lower-case word: the name of the way out.' }),
      { name: 'when', label: 'When', kind: 'conditions', required: true },
    ],
  },
];

export const merge: readonly FormField[] = [
  {
    name: 'mode',
    label: 'How',
    kind: 'choice',
    width: 'full',
    required: true,
    choices: [
      { value: 'append', label: 'One list', help: 'values and lists one after another' },
      { value: 'object', label: 'By source', help: 'an object with a field per branch' },
      { value: 'combine', label: 'Join on a key', help: 'lists of objects, one object per key' },
      { value: 'first', label: 'The first to arrive', help: 'does not wait for the others' },
    ],
  },
  plainText('key', 'Key', {
    required: true,
    when: { field: 'mode', is: ['combine'] },
    placeholder: 'id',
    help: 'The field that says which objects belong together.',
  }),
];

const result = anyValue('result', 'Result of one turn', {
  more: true,
  item: true,
  help: 'What a turn gives. Left out: the output of the last node of the body.',
});
const repeated: readonly FormField[] = [
  { name: 'condition', label: 'Condition', kind: 'conditions', item: true, required: true },
  { name: 'maxIterations', label: 'At most', kind: 'number', whole: true, min: 1, max: 10_000, default: 100, unit: 'turns' },
  {
    name: 'onMax',
    label: 'When that is reached',
    kind: 'choice',
    default: 'fail',
    choices: [
      { value: 'fail', label: 'Fail' },
      { value: 'continue', label: 'Go on' },
    ],
  },
  anyValue('initial', 'Value before the first turn', { more: true, help: 'Known as previous in the first turn.' }),
  result,
];

export const loop: readonly FormField[] = [
  {
    name: '',
    label: 'Repeat',
    kind: 'variant',
    ways: [
      {
        label: 'Per item',
        set: { mode: 'for_each' },
        fields: [
          anyValue('items', 'Items', { required: true, placeholder: '{{ input.rows }}', help: 'A list: the body runs once for each item.' }),
          concurrency,
          onItemError,
          result,
        ],
      },
      { label: 'While', help: 'checked before each turn', set: { mode: 'while' }, fields: repeated },
      { label: 'Until', help: 'checked after each turn', set: { mode: 'until' }, fields: repeated },
    ],
  },
];

export const output: readonly FormField[] = [
  plainText('name', 'Name', { required: true, width: 'full', placeholder: 'report', help: "The name of this value in the run's result." }),
  anyValue('value', 'Value', { required: true, placeholder: '{{ nodes.summary.output }}' }),
];

const scored = anyValue('value', 'Value', { more: true, help: 'Left out, the value above is scored.' });
const weight: FormField = { name: 'weight', label: 'Weight', kind: 'number', min: 0, max: 1000, default: 1, more: true };
const scorerName = plainText('name', 'Name', { more: true, width: 'half' });

export const evaluate: readonly FormField[] = [
  anyValue('value', 'What is scored', { placeholder: '{{ nodes.answer.output.text }}' }),
  {
    name: 'scorers',
    label: 'Scorers',
    kind: 'table',
    required: true,
    words: { one: 'scorer' },
    help: 'Each gives 0 to 1; the score is their weighted mean.',
    fields: [
      {
        name: '',
        label: '',
        kind: 'variant',
        ways: [
          {
            label: 'Length',
            set: { type: 'length' },
            fields: [
              { name: 'min', label: 'At least', kind: 'number', whole: true, min: 0 },
              { name: 'max', label: 'At most', kind: 'number', whole: true, min: 0 },
              {
                name: 'of',
                label: 'Counted in',
                kind: 'choice',
                default: 'characters',
                choices: [
                  { value: 'characters', label: 'Characters' },
                  { value: 'words', label: 'Words' },
                  { value: 'items', label: 'Items' },
                ],
              },
              weight,
              scorerName,
              scored,
            ],
          },
          {
            label: 'Pattern',
            set: { type: 'regex' },
            fields: [
              plainText('pattern', 'Pattern', { required: true, placeholder: '(?i)thank' }),
              { name: 'absent', label: 'Must not occur', kind: 'switch', default: false },
              weight,
              scorerName,
              scored,
            ],
          },
          {
            label: 'Rule',
            set: { type: 'rule' },
            fields: [{ name: 'when', label: 'Holds when', kind: 'conditions', required: true }, weight, scorerName],
          },
          {
            label: 'Schema',
            set: { type: 'schema' },
            fields: [{ name: 'schema', label: 'Must look like', kind: 'schema', required: true }, weight, scorerName, scored],
          },
        ],
      },
    ],
  },
  {
    name: 'gate',
    label: 'Gate',
    kind: 'group',
    help: 'With a gate, too low a score takes the way failed.',
    fields: [{ name: 'minScore', label: 'Least score', kind: 'number', min: 0, max: 1, required: true }],
  },
];
