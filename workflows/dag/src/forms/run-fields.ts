/** Fields that every node has beside its config, and the settings of a workflow. */
import type { FormField } from './field.ts';
import { anyValue } from './parts.ts';

/** How a node runs: join, retry, limit, errors. Their holder is the node, not its config. */
export const nodeFields: readonly FormField[] = [
  {
    name: 'join',
    label: 'Starts when',
    kind: 'choice',
    width: 'full',
    default: 'any',
    choices: [
      { value: 'any', label: 'Any way leads here' },
      { value: 'all', label: 'All ways lead here' },
    ],
  },
  {
    name: 'retry',
    label: 'Tries again',
    kind: 'group',
    help: 'After an error that may pass by itself.',
    fields: [
      { name: 'maxAttempts', label: 'Attempts in all', kind: 'number', whole: true, min: 1, max: 100, default: 3 },
      {
        name: 'backoff',
        label: 'Pause',
        kind: 'choice',
        default: 'exponential',
        choices: [
          { value: 'exponential', label: 'Longer each time' },
          { value: 'fixed', label: 'Always the same' },
        ],
      },
      { name: 'initialMs', label: 'First pause', kind: 'milliseconds', default: 1_000 },
      { name: 'maxMs', label: 'Longest pause', kind: 'milliseconds', default: 60_000 },
    ],
  },
  { name: 'timeoutMs', label: 'One attempt takes at most', kind: 'milliseconds' },
  {
    name: 'onError',
    label: 'When it fails',
    kind: 'variant',
    help: 'After the last attempt.',
    ways: [
      { label: 'Fail the run', set: { mode: 'fail' }, fields: [] },
      { label: 'Go on without', help: 'its output is null', set: { mode: 'continue' }, fields: [] },
      { label: 'Go on with a value', set: { mode: 'fallback' }, fields: [anyValue('value', 'Value', { required: true, expression: false })] },
      { label: 'Take the way error', set: { mode: 'branch' }, fields: [] },
    ],
  },
  {
    name: 'strict',
    label: 'Missing values are errors',
    kind: 'switch',
    default: false,
    more: true,
    help: 'Off: an expression that finds nothing gives null and a warning.',
  },
  {
    name: 'cache',
    label: 'Keep the output',
    kind: 'group',
    more: true,
    help: 'The same input within this time gives the same output without running again.',
    fields: [{ name: 'ttlMs', label: 'For', kind: 'milliseconds' }],
  },
  { name: 'disabled', label: 'Left out', kind: 'switch', default: false, more: true, help: 'It is passed by: its input becomes its output.' },
];

/** Settings of a workflow. */
export const settingsFields: readonly FormField[] = [
  { name: 'timeoutMs', label: 'A run takes at most', kind: 'milliseconds', default: 3_600_000, help: 'Time spent waiting does not count.' },
  { name: 'maxConcurrentRuns', label: 'Runs at the same time', kind: 'number', whole: true, min: 1, max: 1000, default: 1 },
  {
    name: 'overlap',
    label: 'One more while they go on',
    kind: 'choice',
    default: 'queue',
    choices: [
      { value: 'queue', label: 'Queue' },
      { value: 'skip', label: 'Skip' },
      { value: 'cancel_older', label: 'Cancel the older' },
    ],
  },
  {
    name: 'onFailure',
    label: 'When a step fails',
    kind: 'choice',
    default: 'stop',
    choices: [
      { value: 'stop', label: 'Stop the rest' },
      { value: 'finish', label: 'Finish other branches' },
    ],
  },
  { name: 'maxParallel', label: 'Steps at the same time', kind: 'number', whole: true, min: 1, max: 100, default: 20 },
  {
    name: 'priority',
    label: 'Priority',
    kind: 'choice',
    default: 3,
    choices: [
      { value: 1, label: '1, first' },
      { value: 2, label: '2' },
      { value: 3, label: '3' },
      { value: 4, label: '4' },
      { value: 5, label: '5, last' },
    ],
  },
  {
    name: 'compensate',
    label: 'Undo what was done',
    kind: 'choice',
    default: 'never',
    choices: [
      { value: 'never', label: 'Never' },
      { value: 'cancel', label: 'When cancelled' },
      { value: 'failure', label: 'When failed' },
      { value: 'both', label: 'In both cases' },
    ],
    help: 'Runs the compensation of each completed action in reverse.',
  },
  { name: 'tags', label: 'Tags', kind: 'list', words: { one: 'tag' } },
];
