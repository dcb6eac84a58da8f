/** Fields that several kinds share. */
import type { FormField } from './field.ts';

/** A name, sent as it is written. */
export const plainText = (name: string, label: string, more: Partial<FormField> = {}): FormField => ({ name, label, kind: 'text', ...more });

/** Text whose {{ }} are filled. */
export const filledText = (name: string, label: string, more: Partial<FormField> = {}): FormField => ({
  name,
  label,
  kind: 'text',
  expression: true,
  ...more,
});

/** Any value whose strings are filled. */
export const anyValue = (name: string, label: string, more: Partial<FormField> = {}): FormField => ({
  name,
  label,
  kind: 'any',
  expression: true,
  ...more,
});

export const concurrency: FormField = {
  name: 'concurrency',
  label: 'At the same time',
  kind: 'number',
  whole: true,
  min: 1,
  max: 100,
  default: 10,
  unit: 'items',
  help: 'How many items are worked on at once.',
};

export const onItemError: FormField = {
  name: 'onItemError',
  label: 'When an item fails',
  kind: 'choice',
  default: 'fail',
  choices: [
    { value: 'fail', label: 'Fail', help: 'the whole fails with its error' },
    { value: 'skip', label: 'Leave it out', help: 'the others go on' },
    { value: 'collect', label: 'Keep its error', help: 'as { error } in its place' },
  ],
  help: 'What one failing item means for the rest.',
};

/** The fields of a node that can run once per item. */
export const forEach: readonly FormField[] = [
  anyValue('forEach', 'Once per item of', {
    more: true,
    placeholder: '{{ nodes.reviews.output.rows }}',
    help: 'A list: the step runs once for each item, which it knows as item, and gives a list. Left out, it runs once.',
  }),
  { ...concurrency, more: true },
  { ...onItemError, more: true },
];

export const overlap: FormField = {
  name: 'overlap',
  label: 'While a run is going on',
  kind: 'choice',
  more: true,
  placeholder: 'As the workflow says',
  choices: [
    { value: 'queue', label: 'Queue', help: 'it waits for its turn' },
    { value: 'skip', label: 'Skip', help: 'it is refused' },
    { value: 'cancel_older', label: 'Cancel the older', help: 'the new one takes its place' },
  ],
  help: 'Left out, the setting of the workflow holds.',
};

export const triggerInput: FormField = {
  name: 'input',
  label: 'Input of its runs',
  kind: 'key-value',
  help: 'Values for the inputs of the workflow.',
  words: { one: 'value' },
};
