/** Fields of the triggers. */
import type { FormField } from './field.ts';
import { overlap, plainText, triggerInput } from './parts.ts';

const more = { more: true } as const;

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const calendar: FormField = {
  name: 'calendar',
  label: 'Calendar',
  kind: 'group',
  required: true,
  flat: true,
  fields: [
    {
      name: 'times',
      label: 'At',
      kind: 'list',
      required: true,
      placeholder: '07:00',
      words: { one: 'time' },
      help: 'Hours and minutes, such as 18:30.',
    },
    {
      name: 'weekdays',
      label: 'On these weekdays',
      kind: 'choices',
      choices: weekdays.map((label) => ({ value: label.slice(0, 3).toLowerCase(), label })),
      help: 'None: any. Together with days of the month a day must be both.',
    },
    {
      name: 'days',
      label: 'On these days of the month',
      kind: 'choices',
      ...more,
      choices: [...Array.from({ length: 31 }, (_, day) => ({ value: day + 1, label: String(day + 1) })), { value: -1, label: 'Last' }],
    },
    { name: 'months', label: 'In these months', kind: 'choices', ...more, choices: months.map((label, month) => ({ value: month + 1, label })) },
    { name: 'dates', label: 'On these dates too', kind: 'list', ...more, placeholder: '2026-12-24', words: { one: 'date' } },
    {
      name: 'except',
      label: 'Not on these dates',
      kind: 'list',
      ...more,
      placeholder: '2026-12-25',
      words: { one: 'date' },
      help: 'Holidays, for instance.',
    },
  ],
};

const schedule: readonly FormField[] = [
  {
    name: '',
    label: 'When',
    kind: 'variant',
    ways: [
      { label: 'Every', set: {}, fields: [{ name: 'every', label: 'Every', kind: 'duration', required: true }] },
      {
        label: 'Cron',
        set: {},
        fields: [
          {
            name: 'cron',
            label: 'Cron',
            kind: 'cron',
            required: true,
            placeholder: '0 7 * * 1-5',
            help: 'Minute, hour, day of month, month, day of week.',
          },
        ],
      },
      { label: 'Calendar', set: {}, fields: [calendar] },
    ],
  },
  { name: 'timeZone', label: 'Time zone', kind: 'zone', default: 'UTC' },
  triggerInput,
  overlap,
  { name: 'catchUpWindow', label: 'Catch up after a break', kind: 'duration', ...more, help: 'Times missed by more than this are left out.' },
  { name: 'jitter', label: 'Spread', kind: 'duration', ...more, help: 'Each start is put off by up to this, so that not all start at once.' },
];

const scheme = (label: string, value: string, fields: readonly FormField[] = []) => ({ label, set: { scheme: value }, fields });
const secret: FormField = {
  name: 'credentialId',
  label: 'Secret',
  kind: 'credential',
  width: 'full',
  required: true,
  credentialKinds: ['webhook-secret'],
};

const webhook: readonly FormField[] = [
  {
    name: 'respond',
    label: 'Answers',
    kind: 'choice',
    width: 'full',
    default: 'accepted',
    choices: [
      { value: 'accepted', label: 'At once', help: '202 and the id of the run' },
      { value: 'result', label: 'With the result', help: 'of the first Respond node, or the output' },
    ],
  },
  {
    name: 'verify',
    label: 'Proof of the sender',
    kind: 'variant',
    help: 'Requests that do not prove who sent them are refused.',
    ways: [
      scheme('None', 'none'),
      scheme('Standard Webhooks', 'standardwebhooks', [secret]),
      scheme('GitHub', 'github', [secret]),
      scheme('Slack', 'slack', [secret]),
      scheme('Stripe', 'stripe', [secret]),
      scheme('HMAC', 'hmac', [
        secret,
        plainText('header', 'Header', { required: true, width: 'half', placeholder: 'x-signature' }),
        {
          name: 'algorithm',
          label: 'Algorithm',
          kind: 'choice',
          default: 'sha256',
          choices: [
            { value: 'sha256', label: 'SHA-256' },
            { value: 'sha1', label: 'SHA-1' },
            { value: 'sha512', label: 'SHA-512' },
          ],
        },
        {
          name: 'encoding',
          label: 'Written as',
          kind: 'choice',
          default: 'hex',
          choices: [
            { value: 'hex', label: 'Hex' },
            { value: 'base64', label: 'Base64' },
            { value: 'base64url', label: 'Base64, URL-safe' },
          ],
        },
        plainText('prefix', 'Prefix', { width: 'half', placeholder: 'sha256=' }),
        plainText('timestampHeader', 'Header of the time', { width: 'half' }),
      ]),
    ],
  },
  {
    name: 'dedupe',
    label: 'The same request twice',
    kind: 'variant',
    ...more,
    help: 'What tells a repeated request: it starts no second run.',
    ways: [
      { label: 'By a header', set: {}, fields: [plainText('header', 'Header', { placeholder: 'x-request-id' })] },
      { label: 'By a place in the body', set: {}, fields: [plainText('path', 'Place', { placeholder: 'data.id' })] },
    ],
  },
  {
    name: 'signal',
    label: 'Wakes a waiting run',
    kind: 'group',
    ...more,
    help: 'Instead of starting a run it reaches the one that waits for this signal with this key.',
    fields: [
      plainText('name', 'Signal', { width: 'half', required: true }),
      plainText('key', 'Key', { width: 'half', placeholder: '{{ input.orderId }}' }),
    ],
  },
  overlap,
];

export const triggerFields: Readonly<Record<string, readonly FormField[]>> = {
  manual: [overlap],
  api: [overlap],
  schedule,
  webhook,
  form: [
    plainText('title', 'Title', { required: true }),
    plainText('description', 'What it is for', { multiline: true }),
    { name: 'public', label: 'Open to everybody', kind: 'switch', required: true, help: 'Off: only members of the team can fill it in.' },
    overlap,
  ],
  continuous: [
    { name: 'pauseMs', label: 'Pause between runs', kind: 'milliseconds', required: true },
    { name: 'maxFailures', label: 'Stop after failures in a row', kind: 'number', whole: true, min: 1 },
    triggerInput,
  ],
  poll: [
    plainText('connector', 'Connector', { required: true, width: 'half' }),
    plainText('action', 'Action', { required: true, width: 'half' }),
    { name: 'params', label: 'Parameters', kind: 'group', flat: true },
    { name: 'credentialId', label: 'Credential', kind: 'credential', width: 'full' },
    { name: 'every', label: 'Every', kind: 'duration', required: true },
    {
      name: 'cursor',
      label: 'What tells items apart',
      kind: 'any',
      width: 'half',
      required: true,
      placeholder: 'id',
      help: 'A field of an item: what was seen is not given again.',
    },
    overlap,
  ],
  event: [
    {
      name: '',
      label: 'After',
      kind: 'variant',
      ways: [
        { label: 'A workflow', set: {}, fields: [{ name: 'workflowId', label: 'Workflow', kind: 'workflow', width: 'full', required: true }] },
        { label: 'Any workflow', set: { any: true }, fields: [] },
      ],
    },
    {
      name: 'on',
      label: 'When it',
      kind: 'choices',
      required: true,
      choices: [
        { value: 'completed', label: 'Completed' },
        { value: 'failed', label: 'Failed' },
        { value: 'timed_out', label: 'Timed out' },
        { value: 'waiting', label: 'Waits', help: 'told once, when it first waits' },
      ],
    },
    overlap,
  ],
};
