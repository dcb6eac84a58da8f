/** Fields of the kinds that call a connector or a model. `connector` and `action` are chosen in a picker; the fields of `params` come from the action itself. */
import type { FormField } from './field.ts';
import { anyValue, forEach, plainText } from './parts.ts';

export const connector: readonly FormField[] = [
  plainText('connector', 'Connector', { required: true, width: 'half' }),
  plainText('action', 'Action', { required: true, width: 'half' }),
  {
    name: 'credentialId',
    label: 'Credential',
    kind: 'credential',
    width: 'full',
    help: 'Who it calls as. Kept apart from the workflow and sent only to the hosts it allows.',
  },
  { name: 'params', label: 'Parameters', kind: 'group', flat: true },
  {
    name: 'actionVersion',
    label: 'Version of the action',
    kind: 'number',
    whole: true,
    min: 1,
    more: true,
    placeholder: 'the newest',
    help: 'Publishing writes the newest here, so that a published workflow stays as it is.',
  },
  ...forEach,
];

const number = { kind: 'number', expression: true } as const;

export const prompt: readonly FormField[] = [
  {
    name: 'model',
    label: 'Model',
    kind: 'model',
    width: 'full',
    placeholder: 'provider/model',
    help: 'demo models need no key and cost nothing. Any other name of a provider works as well.',
  },
  { name: 'messages', label: 'Messages', kind: 'messages', help: 'What the model is told and asked. {{ }} puts in values.' },
  {
    name: 'output',
    label: 'Answer',
    kind: 'schema',
    help: 'The fields the answer must have: it is checked, and repaired once. Left out, the answer is { text }.',
  },
  {
    name: 'credentialId',
    label: 'Key',
    kind: 'credential',
    width: 'full',
    more: true,
    help: "The model's key. Left out, the key of this installation is used.",
  },
  { name: 'maxTokens', label: 'Longest answer', ...number, whole: true, min: 1, max: 1_000_000, unit: 'tokens', more: true },
  { name: 'temperature', label: 'Temperature', ...number, min: 0, max: 2, more: true, help: '0: the same again and again. Higher: more varied.' },
  {
    name: 'variables',
    label: 'Variables',
    kind: 'key-value',
    expression: true,
    more: true,
    words: { one: 'variable' },
    help: 'Names of your own for use in the messages.',
  },
  ...forEach,
  plainText('routerId', 'Router', { more: true, width: 'half', help: 'Chooses the model for each call. In place of a model.' }),
  {
    name: 'promptRef',
    label: 'Stored prompt',
    kind: 'group',
    more: true,
    help: 'A prompt of the library in place of messages.',
    fields: [
      plainText('name', 'Name', { width: 'half', required: true }),
      { name: 'version', label: 'Version', kind: 'number', whole: true, min: 1 },
      plainText('label', 'Label', { width: 'half' }),
    ],
  },
  { name: 'tools', label: 'Tools', kind: 'json', more: true, help: 'What the model may call.' },
];

export const batchPrompt: readonly FormField[] = [
  { name: 'model', label: 'Model', kind: 'model', width: 'full', required: true },
  anyValue('items', 'Items', { required: true, placeholder: '{{ input.rows }}', help: 'One call per item, which the messages know as item.' }),
  { name: 'messages', label: 'Messages', kind: 'messages', item: true, required: true },
  { name: 'output', label: 'Answer', kind: 'schema' },
];
