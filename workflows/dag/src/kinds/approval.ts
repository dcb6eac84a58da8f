import { z } from 'zod';
import { own } from '../pointer.ts';
import { duration, durationMs, jsonSchema, name, sitesBut, text, textOf, type Kind } from './kind.ts';
import { longDurations } from './wait.ts';

const schema = z.strictObject({
  title: text,
  body: z.string().optional(),
  form: jsonSchema.optional(),
  approvers: z.array(name).max(50).optional(),
  timeout: duration.optional(),
  remindEvery: duration.optional(),
});
const leastReminderMs = 60_000;

export const approval: Kind = {
  type: 'approval',
  label: 'Ask people',
  help: 'Asks people to approve or reject, and waits for the answer as long as it takes.',
  example: { id: 'ok', type: 'approval', config: { title: 'Publish this?', body: '{{ input.text }}', timeout: '3d' } },
  work: 'park',
  reachesOut: false,
  mayRetry: false,
  timeoutMs: 0,
  inBody: true,
  runs: true,
  schema: () => schema,
  ports: (raw) => ['approved', 'rejected', ...(Object.hasOwn(raw, 'timeout') ? ['timeout'] : [])],
  portOf: (value) => {
    const decision = own(value, 'decision');
    return decision === 'approved' || decision === 'rejected' ? decision : null;
  },
  sites: sitesBut('form'),
  check: (raw, ports) => {
    const faults = longDurations(raw, 'timeout', 'remindEvery');
    const remind = durationMs(own(raw, 'remindEvery'));
    if (remind !== null && remind < leastReminderMs) {
      faults.push({ path: '/remindEvery', code: 'approval.reminders', message: 'People are reminded at most once a minute.' });
    }
    const form = own(raw, 'form');
    const fault = form === undefined ? null : (ports.schemaFault?.(form as never) ?? null);
    if (fault !== null) faults.push({ path: '/form', code: 'node.schema', message: `This JSON Schema cannot be used: ${fault}` });
    return faults;
  },
  describe: (raw) => textOf(raw, 'title').slice(0, 60),
};
