import { z } from 'zod';
import { own } from '../pointer.ts';
import { alwaysOut, expr, numberOrTemplate, onlyOut, sitesBut, type Kind } from './kind.ts';

const schema = z.strictObject({
  status: numberOrTemplate(200, 599).optional(),
  headers: z.record(z.string().min(1).max(100), expr).optional(),
  body: expr,
});

export const respond: Kind = {
  type: 'respond',
  label: 'Respond',
  help: 'Answers the HTTP request that started the run: the webhook with respond "result", or the form. The first one counts; a later one, or one that nobody waits for, only warns.',
  example: { id: 'answer', type: 'respond', config: { status: 200, body: { ok: true } } },
  work: 'step',
  reachesOut: true,
  mayRetry: true,
  timeoutMs: 60_000,
  inBody: false,
  runs: true,
  schema: () => schema,
  ports: onlyOut,
  portOf: alwaysOut,
  sites: sitesBut(),
  // The row of the answer names its step: given again it stays the same answer.
  idempotent: () => true,
  describe: (raw) => `status ${typeof own(raw, 'status') === 'number' ? Number(own(raw, 'status')) : 200}`,
};
