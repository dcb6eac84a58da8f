/** prompt: one model call; text, or an object that fits a JSON Schema. */
import { UserError } from '@hub/kit/errors';
import type { Json } from '@hub/dag/planner';

import type { LiveCredential } from '../../ports.ts';
import { isObject, own, toJsonText } from '../../values/json.ts';
import type { OutwardInput, OutwardStep } from '../outward-step.ts';

/** Filled as templates; model, router and schema are not (03). */
const filledFields = ['messages', 'variables', 'maxTokens', 'temperature'] as const;

export const prompt: OutwardStep = {
  toFill: (config) => ({
    value: Object.fromEntries(filledFields.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]]))) as Json,
    literal: [],
  }),
  // A second call costs again, but changes nothing outside.
  isIdempotent: () => true,
  run: async (input) => {
    const { node, facts, filled, signal, timeoutMs, attempt, idempotencyKey, modelCalls, deps } = input;
    const model = node.config['model'];
    if (typeof model !== 'string') throw new UserError('prompt.no-model', 'The prompt names no model');
    const request = {
      model,
      messages: own(filled, 'messages') ?? [],
      output: isObject(node.config['output']) ? node.config['output'] : null,
      maxTokens: numberIn(filled, 'maxTokens'),
      temperature: numberIn(filled, 'temperature'),
    };
    const credential = await credentialOf(input);
    const onCall = (call: (typeof modelCalls)[number]): void => void modelCalls.push(call);
    const { team, run } = facts;
    const context = { team, run, credential, http: deps.http, files: deps.files, signal, timeoutMs, attempt, idempotencyKey, onCall };
    const { output, warnings: said = [] } = await deps.models.complete(request, context);
    const { text, cleaned } = toJsonText(output, 'The answer');
    const warnings = cleaned
      ? [...said, { code: 'value.cleaned', message: 'Characters that cannot be stored (U+0000, lone surrogates) were replaced' }]
      : said;
    return { outputText: text, port: 'out', warnings };
  },
};

/** A text that is a number is taken as one. Throws UserError `step.invalid-params`. */
function numberIn(filled: Json, name: string): number | null {
  const value = own(filled, name) ?? null;
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'string' && String(Number(value)) === value) return Number(value);
  throw new UserError('step.invalid-params', `${name} is not a number`);
}

async function credentialOf({ node, facts, deps }: OutwardInput): Promise<LiveCredential | null> {
  const id = node.config['credentialId'];
  return typeof id === 'string' ? await deps.credentials.use(facts.team, id, { run: facts.run, nodeId: node.id }) : null;
}
