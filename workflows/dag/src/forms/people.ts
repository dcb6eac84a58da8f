/** Fields of the kinds that wait, ask, tell and call other workflows. */
import type { FormField } from './field.ts';
import { anyValue, filledText, plainText } from './parts.ts';

const duration = (name: string, label: string, more: Partial<FormField> = {}): FormField => ({ name, label, kind: 'duration', ...more });

export const subworkflow: readonly FormField[] = [
  { name: 'workflowId', label: 'Workflow', kind: 'workflow', width: 'full', required: true },
  anyValue('input', 'Input', { required: true, help: 'An object for the inputs of that workflow.' }),
  {
    name: 'version',
    label: 'Version',
    kind: 'any',
    width: 'half',
    default: 'published',
    more: true,
    help: 'A number, or published: the one that is live when this step starts.',
  },
  {
    name: 'wait',
    label: 'Wait for its end',
    kind: 'switch',
    default: true,
    more: true,
    help: 'Off: it goes on by itself, and this step gives { runId } at once.',
  },
];

export const wait: readonly FormField[] = [
  {
    name: '',
    label: 'Wait',
    kind: 'variant',
    ways: [
      { label: 'For a while', set: {}, fields: [duration('for', 'How long', { required: true })] },
      {
        label: 'Until a time',
        set: {},
        fields: [
          {
            name: 'until',
            label: 'Time',
            kind: 'date-time',
            expression: true,
            required: true,
            help: 'A time that has passed ends the wait at once.',
          },
          { name: 'timeZone', label: 'Time zone', kind: 'zone', help: 'Of a time that names none.' },
        ],
      },
      {
        label: 'For a signal',
        set: {},
        fields: [
          plainText('signal', 'Signal', { required: true, width: 'half', placeholder: 'paid', help: 'A webhook with this signal wakes the run.' }),
          duration('timeout', 'At most', { help: 'Then the way timeout is taken. Left out, it waits as long as it takes.' }),
          anyValue('key', 'Key', { placeholder: '{{ input.orderId }}', help: 'Which of the waiting runs is meant.' }),
        ],
      },
    ],
  },
];

export const approval: readonly FormField[] = [
  filledText('title', 'Question', { required: true, placeholder: 'Publish this?' }),
  filledText('body', 'What they should know', { multiline: true, help: 'Markdown. It stands above the buttons.' }),
  {
    name: 'approvers',
    label: 'Who is asked',
    kind: 'people',
    help: 'E-mail addresses and roles; one answer is enough. Left out: everybody who may answer.',
  },
  duration('timeout', 'At most', { help: 'Then the way timeout is taken.' }),
  duration('remindEvery', 'Remind every'),
  { name: 'form', label: 'Fields to fill in', kind: 'schema', more: true, help: 'Asked with the answer; given as form.' },
];

export const notify: readonly FormField[] = [
  {
    name: '',
    label: 'By',
    kind: 'variant',
    ways: [
      {
        label: 'E-mail',
        set: { channel: 'email' },
        fields: [
          { name: 'to', label: 'To', kind: 'people', expression: true, required: true },
          filledText('subject', 'Subject', { required: true }),
          filledText('body', 'Text', { required: true, multiline: true }),
          { name: 'cc', label: 'Copy to', kind: 'people', expression: true, more: true },
          filledText('replyTo', 'Answers to', { more: true }),
          anyValue('attachments', 'Attachments', {
            more: true,
            placeholder: '{{ nodes.report.output.file }}',
            help: 'A file, or a list of up to 20; together at most 25 MB.',
          }),
        ],
      },
      {
        label: 'Slack',
        set: { channel: 'slack' },
        fields: [
          { name: 'credentialId', label: 'Slack', kind: 'credential', width: 'full', required: true, credentialKinds: ['slack-webhook', 'bearer'] },
          filledText('text', 'Message', { required: true, multiline: true }),
          filledText('to', 'Channel or person', { placeholder: '#alerts', help: 'Needed with a bot token; an incoming webhook has its own.' }),
          { name: 'blocks', label: 'Blocks', kind: 'json', expression: true, more: true, help: "Slack's own layout, as JSON." },
          filledText('threadTs', 'Thread', { more: true, help: 'Time stamp of the message to answer to.' }),
        ],
      },
      {
        label: 'Webhook',
        set: { channel: 'webhook' },
        fields: [
          filledText('url', 'URL', { required: true, placeholder: 'https://example.com/hooks' }),
          { name: 'credentialId', label: 'Signing secret', kind: 'credential', width: 'full', required: true, credentialKinds: ['webhook-secret'] },
          anyValue('body', 'Body', { required: true, multiline: true }),
          filledText('event', 'Event', { more: true, placeholder: 'order_paid', help: 'Name of what happened, in the field type.' }),
          {
            name: 'headers',
            label: 'Headers',
            kind: 'key-value',
            expression: true,
            more: true,
            words: { one: 'header' },
            help: 'No secrets here: choose a credential.',
          },
        ],
      },
    ],
  },
];

export const respond: readonly FormField[] = [
  anyValue('body', 'Body', { required: true, multiline: true, help: 'What is answered: text as text, anything else as JSON.' }),
  { name: 'status', label: 'Status', kind: 'number', whole: true, min: 200, max: 599, default: 200, expression: true },
  { name: 'headers', label: 'Headers', kind: 'key-value', expression: true, words: { one: 'header' }, more: true },
];
