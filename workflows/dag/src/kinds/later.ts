/** Kinds whose config is checked but that this engine does not run yet: publish refuses them with `node.not-supported-yet`. */
import { z } from 'zod';
import { own } from '../pointer.ts';
import { alwaysOut, duration, expr, jsonSchema, name, numberOrTemplate, onlyOut, sitesBut, text, textOf, type Kind } from './kind.ts';

const common = { work: 'step', reachesOut: true, mayRetry: true, timeoutMs: 60_000, inBody: true, runs: false } as const;
const waits = { ...common, reachesOut: false, mayRetry: false, timeoutMs: 0 } as const;

const schemas = {
  subworkflow: z.strictObject({
    workflowId: text,
    version: z.union([z.number().int().positive(), z.literal('published')]).optional(),
    input: expr,
    wait: z.boolean().optional(),
  }),
  waitForSignal: z.strictObject({ signal: name, key: expr.optional(), timeout: duration.optional() }),
  waitUntil: z.strictObject({ until: expr, timeZone: name.optional() }),
  waitFor: z.strictObject({ for: duration }),
  approval: z.strictObject({
    title: text,
    body: z.string().optional(),
    form: jsonSchema.optional(),
    approvers: z.array(name).optional(),
    timeout: duration.optional(),
    remindEvery: duration.optional(),
  }),
  batchPrompt: z.looseObject({ items: expr, messages: z.array(z.unknown()).min(1) }),
  evaluate: z.strictObject({ scorers: z.array(z.record(z.string(), z.unknown())).min(1), gate: z.strictObject({ minScore: z.number() }).optional() }),
  notify: z.looseObject({ channel: z.enum(['email', 'slack', 'webhook']) }),
  respond: z.strictObject({ status: numberOrTemplate(100, 599).optional(), headers: z.record(z.string(), expr).optional(), body: expr }),
};

export const subworkflow: Kind = {
  ...waits,
  type: 'subworkflow',
  label: 'Run a workflow',
  help: "Runs another workflow's version as a child and gives its output.",
  example: {
    id: 'child',
    type: 'subworkflow',
    config: { workflowId: '018f0000-0000-7000-8000-000000000000', version: 'published', input: { text: '{{ input.text }}' } },
  },
  schema: () => schemas.subworkflow,
  ports: onlyOut,
  portOf: alwaysOut,
  sites: sitesBut('workflowId', 'version'),
  describe: (raw) => textOf(raw, 'workflowId'),
};

export const wait: Kind = {
  ...waits,
  type: 'wait',
  label: 'Wait',
  help: 'Waits for a duration, until a time, or for a named signal with an optional time-out.',
  example: { id: 'pause', type: 'wait', config: { for: '5m' } },
  schema: (raw) => {
    if (Object.hasOwn(raw, 'signal')) return schemas.waitForSignal;
    return Object.hasOwn(raw, 'until') ? schemas.waitUntil : schemas.waitFor;
  },
  ports: (raw) => (Object.hasOwn(raw, 'timeout') ? ['out', 'timeout'] : ['out']),
  portOf: alwaysOut,
  sites: sitesBut('signal', 'timeout', 'for', 'timeZone'),
  describe: (raw) => textOf(raw, 'for', textOf(raw, 'signal', 'until a time')),
};

export const approval: Kind = {
  ...waits,
  type: 'approval',
  label: 'Ask people',
  help: 'Asks people to approve or reject, and waits for the answer as long as it takes.',
  example: { id: 'ok', type: 'approval', config: { title: 'Publish this?', body: '{{ input.text }}', timeout: '3d' } },
  schema: () => schemas.approval,
  ports: (raw) => ['approved', 'rejected', ...(Object.hasOwn(raw, 'timeout') ? ['timeout'] : [])],
  portOf: (value) => {
    const decision = own(value, 'decision');
    return decision === 'approved' || decision === 'rejected' ? decision : null;
  },
  sites: sitesBut('form', 'approvers', 'timeout', 'remindEvery'),
  describe: (raw) => textOf(raw, 'title').slice(0, 60),
};

export const batchPrompt: Kind = {
  ...common,
  type: 'batch_prompt',
  label: 'Ask a model in a batch',
  help: "Sends many items to a provider's batch API at a lower price and waits for the answers.",
  example: {
    id: 'many',
    type: 'batch_prompt',
    config: { model: 'openai/gpt-mini', items: '{{ input.rows }}', messages: [{ role: 'user', content: '{{ item.text }}' }] },
  },
  schema: () => schemas.batchPrompt,
  ports: onlyOut,
  portOf: alwaysOut,
  sites: sitesBut('output'),
  describe: (raw) => textOf(raw, 'model'),
};

export const evaluate: Kind = {
  ...common,
  type: 'evaluate',
  label: 'Score',
  help: 'Scores an output; with a gate, too low a score takes the port failed.',
  example: { id: 'quality', type: 'evaluate', config: { scorers: [{ type: 'length', max: 200 }], gate: { minScore: 0.8 } } },
  schema: () => schemas.evaluate,
  ports: (raw) => (Object.hasOwn(raw, 'gate') ? ['out', 'failed'] : ['out']),
  portOf: alwaysOut,
  sites: sitesBut(),
  describe: () => 'scorers',
};

export const notify: Kind = {
  ...common,
  type: 'notify',
  label: 'Notify',
  help: 'Sends an e-mail, a Slack message or a webhook.',
  example: { id: 'tell', type: 'notify', config: { channel: 'email', to: ['ops@example.com'], subject: 'Done' } },
  schema: () => schemas.notify,
  ports: onlyOut,
  portOf: alwaysOut,
  sites: sitesBut('channel'),
  describe: (raw) => textOf(raw, 'channel'),
};

export const respond: Kind = {
  ...common,
  type: 'respond',
  label: 'Respond',
  help: 'Answers the HTTP request that started the run.',
  example: { id: 'answer', type: 'respond', config: { status: 200, body: { ok: true } } },
  inBody: false,
  schema: () => schemas.respond,
  ports: onlyOut,
  portOf: alwaysOut,
  sites: sitesBut(),
  describe: (raw) => `status ${typeof own(raw, 'status') === 'number' ? Number(own(raw, 'status')) : 200}`,
};
