import { z } from 'zod';
import { own } from '../pointer.ts';
import {
  alwaysOut,
  expr,
  forEachFields,
  forEachLoop,
  jsonSchema,
  name,
  numberOrTemplate,
  onlyOut,
  sitesBut,
  text,
  textOf,
  type Kind,
} from './kind.ts';

const part = z.union([z.strictObject({ type: z.literal('text'), text: z.string() }), z.strictObject({ type: z.literal('file'), file: expr })], {
  error: 'A part is { type: "text", text } or { type: "file", file: "{{ … }}" }',
});
const message = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.union([z.string(), z.array(part)]) });

const schema = z
  .strictObject({
    model: text.max(200).optional(),
    routerId: name.optional(),
    /** The model's key; without one the operator's is used. */
    credentialId: name.optional(),
    promptRef: z.strictObject({ name, version: z.number().int().positive().optional(), label: name.optional() }).optional(),
    messages: z.array(message).min(1).max(200).optional(),
    variables: z.record(z.string(), expr).optional(),
    output: jsonSchema.optional(),
    maxTokens: numberOrTemplate(1, 1_000_000).optional(),
    temperature: numberOrTemplate(0, 2).optional(),
    tools: z.array(z.unknown()).optional(),
    ...forEachFields,
  })
  .superRefine((config, context) => {
    if ((config.model === undefined) === (config.routerId === undefined)) {
      context.addIssue({ code: 'custom', path: ['model'], message: 'Name a model ("provider/model") or a routerId, one of the two.' });
    }
    if ((config.messages === undefined) === (config.promptRef === undefined)) {
      context.addIssue({ code: 'custom', path: ['messages'], message: 'Write messages or name a promptRef, one of the two.' });
    }
  });

export const prompt: Kind = {
  type: 'prompt',
  label: 'Ask a model',
  help: 'One call of a language model: gives { text }, or, with an output schema, an object that was checked and repaired once. With forEach it runs once per item.',
  example: {
    id: 'score',
    type: 'prompt',
    config: {
      model: 'demo/echo',
      messages: [{ role: 'user', content: 'Score from 1 to 5: {{ input.text }}' }],
      output: { type: 'object', properties: { score: { type: 'number' } }, required: ['score'] },
    },
  },
  work: 'step',
  reachesOut: true,
  mayRetry: true,
  timeoutMs: 60_000,
  inBody: true,
  runs: true,
  fieldsNotYet: ['routerId', 'promptRef', 'tools'],
  schema: () => schema,
  ports: onlyOut,
  portOf: alwaysOut,
  sites: sitesBut('output', 'routerId', 'promptRef', 'credentialId'),
  check: (raw, ports) => {
    const output = own(raw, 'output');
    const fault = output === undefined ? null : (ports.schemaFault?.(output as never) ?? null);
    return fault === null ? [] : [{ path: '/output', code: 'node.schema', message: `This JSON Schema cannot be used: ${fault}` }];
  },
  loop: forEachLoop,
  caches: 'input',
  describe: (raw) => `${textOf(raw, 'model', textOf(raw, 'routerId'))}${Object.hasOwn(raw, 'forEach') ? ' per item' : ''}`,
};
