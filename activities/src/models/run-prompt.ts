/** The prompt kind: one model call, its answer as text or as JSON of the given schema, repaired at most once. */
import type { Json } from '@hub/dag/planner';
import { TransientError, UserError, errorCode } from '@hub/kit/errors';
import { hostIsIn } from '@hub/kit/http';
import type { Outbound } from '@hub/kit/http';

import type { FileStore, LiveCredential, ModelCall, Warning } from '../ports.ts';
import { toMessages } from './messages.ts';
import { modelFor } from './registry.ts';
import { findJson, schemaFaults } from './structured.ts';
import { repairStart } from './types.ts';
import type { JsonSchema, ModelAnswer, ModelContext, ModelMessage, ModelProvider, ModelRequest } from './types.ts';

/** A prompt node's config once its templates are filled. */
export type PromptConfig = { [key: string]: Json };

export interface PromptDeps {
  http: Outbound;
  files: FileStore;
  team: string;
  /** The credential the node names, if any. */
  credential: LiveCredential | null;
  /** Keys of the operator, for prompts without a credential. */
  keys: { openai?: string | undefined; anthropic?: string | undefined };
  signal: AbortSignal;
  timeoutMs: number;
  /** From 1. */
  attempt: number;
  /** Every call as it ends, also failed ones: the caller records them even when the prompt fails. */
  onCall?: (call: ModelCall) => void;
  onDelta?: (text: string) => void;
}

export interface PromptResult {
  /** `{ text }`, or the parsed object. */
  output: Json;
  modelCalls: ModelCall[];
  tokens: number;
  /** null where any call's price is unknown. */
  costUsd: number | null;
  /** As the node names it: `openai/gpt-5-mini`. */
  model: string;
  warnings: Warning[];
}

/**
 * Runs a prompt.
 * @throws UserError `prompt.*`, `model.*`, `http.*`; TransientError `model.rate-limited`, `model.overloaded`, `model.bad-output`, ...
 */
export async function runPrompt(config: PromptConfig, deps: PromptDeps): Promise<PromptResult> {
  const name = modelName(config);
  const { provider, model } = modelFor(name);
  const calls: ModelCall[] = [];
  const warnings: Warning[] = [];
  const schema = isObject(config['output']) ? config['output'] : null;
  const rooted = schema === null ? null : rootedSchema(schema);
  const messages = await toMessages(config['messages'], { provider, files: deps.files, team: deps.team });
  const request: ModelRequest = { model, messages };
  if (rooted !== null) Object.assign(request, { schema: rooted.schema, messages: withSchemaHint(messages, rooted.schema) });
  const maxTokens = positive(config['maxTokens'], 'maxTokens');
  if (maxTokens !== undefined) request.maxTokens = maxTokens;
  if (typeof config['temperature'] === 'number') {
    if (provider.id === 'anthropic')
      warnings.push({ code: 'model.temperature-ignored', message: 'This provider takes no temperature any more; it was left out.' });
    else request.temperature = config['temperature'];
  }
  const context = contextOf(provider, deps);
  const ask = (asked: ModelRequest): Promise<ModelAnswer> =>
    callOnce(provider, asked, context, (call) => {
      calls.push(call);
      deps.onCall?.(call);
    });
  const answer = await ask(request);
  refuse(answer, name);
  const output = rooted === null || schema === null ? { text: answer.text } : rooted.unwrap(await parsed(answer, request, rooted.schema, name, ask));
  if (answer.finishReason === 'length') warnings.push({ code: 'model.truncated', message: 'The answer was cut at maxTokens.' });
  return { output, modelCalls: calls, model: name, warnings, ...totals(calls) };
}

function modelName(config: PromptConfig): string {
  for (const [field, what] of [
    ['promptRef', 'Prompts of the library'],
    ['routerId', 'Model routers'],
    ['tools', 'Tools'],
  ] as const) {
    const value = config[field];
    if (value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)) {
      throw new UserError('prompt.not-available', `${what} (${field}) cannot be used yet.`, {
        status: 422,
        remedy: 'Give model and messages in the step itself.',
      });
    }
  }
  if (typeof config['model'] !== 'string' || config['model'] === '')
    throw new UserError('prompt.no-model', 'The prompt names no model.', { status: 422, remedy: 'Choose one, e.g. demo/rules.' });
  return config['model'];
}

/** Providers want an object at the root; anything else travels as `{ value }`. */
function rootedSchema(schema: JsonSchema): { schema: JsonSchema; unwrap: (value: Json) => Json } {
  if (schema['type'] === 'object' || schema['properties'] !== undefined) return { schema, unwrap: (value) => value };
  const { $defs, ...inner } = schema;
  const wrapped: JsonSchema = {
    type: 'object',
    properties: { value: inner },
    required: ['value'],
    additionalProperties: false,
    ...($defs === undefined ? {} : { $defs }),
  };
  return { schema: wrapped, unwrap: (value) => (isObject(value) ? (value['value'] ?? null) : value) };
}

/** Also said in words: not every model or endpoint enforces schemas. */
function withSchemaHint(messages: ModelMessage[], schema: JsonSchema): ModelMessage[] {
  const hint = `Answer with JSON only, without any other text. It must fit this JSON Schema:\n${JSON.stringify(schema)}`;
  const [first, ...rest] = messages;
  return first?.role === 'system' && typeof first.content === 'string'
    ? [{ role: 'system', content: `${first.content}\n\n${hint}` }, ...rest]
    : [{ role: 'system', content: hint }, ...messages];
}

function contextOf(provider: ModelProvider, deps: PromptDeps): ModelContext {
  const base = {
    http: deps.http,
    signal: deps.signal,
    timeoutMs: deps.timeoutMs,
    attempt: deps.attempt,
    ...(deps.onDelta === undefined ? {} : { onDelta: deps.onDelta }),
  };
  if (provider.credentialKind === null || provider.defaultBaseUrl === null) return { ...base, apiKey: null, baseUrl: null };
  const { credential } = deps;
  if (credential !== null && credential.kind !== provider.credentialKind) {
    throw new UserError(
      'model.wrong-credential',
      `The credential is of the kind ${credential.kind}, the model wants one of the kind ${provider.credentialKind}.`,
      { status: 422, remedy: 'Choose another credential, or another model.' },
    );
  }
  const apiKey = credential === null ? deps.keys[provider.credentialKind as 'openai' | 'anthropic'] : credential.values['apiKey'];
  if (apiKey === undefined || apiKey === '') {
    throw new UserError('model.no-key', `There is no key for ${provider.id}.`, {
      status: 422,
      remedy: `Save a credential of the kind ${provider.credentialKind} and choose it in the step, or let the operator set ${provider.id.toUpperCase()}_API_KEY. The models of demo/ need none.`,
    });
  }
  const baseUrl = credential?.values['baseUrl'] ?? null;
  const target = baseUrl ?? provider.defaultBaseUrl;
  if (credential !== null && !(URL.canParse(target) && hostIsIn(credential.allowedHosts, new URL(target)))) {
    throw new UserError(
      'http.host-not-allowed',
      `The credential may not be sent to ${URL.canParse(target) ? new URL(target).host : 'its base URL'}.`,
      { status: 422, remedy: "Add the host to the credential's allowed hosts." },
    );
  }
  return { ...base, apiKey, baseUrl };
}

async function callOnce(
  provider: ModelProvider,
  request: ModelRequest,
  context: ModelContext,
  record: (call: ModelCall) => void,
): Promise<ModelAnswer> {
  const startedAt = performance.now();
  const call = { provider: provider.id, model: request.model, demo: provider.demo };
  try {
    const answer = await provider.complete(request, context);
    record({
      ...call,
      ...answer.usage,
      costUsd: answer.costUsd,
      durationMs: Math.round(performance.now() - startedAt),
      status: 'ok',
      errorCode: null,
      providerRequestId: answer.providerRequestId,
    });
    return answer;
  } catch (error) {
    record({
      ...call,
      inputTokens: 0,
      outputTokens: 0,
      cachedTokens: 0,
      costUsd: null,
      durationMs: Math.round(performance.now() - startedAt),
      status: 'error',
      errorCode: errorCode(error) ?? 'model.cancelled',
      providerRequestId: null,
    });
    throw error;
  }
}

function refuse(answer: ModelAnswer, name: string): void {
  if (answer.finishReason === 'refusal')
    throw new UserError('model.refusal', `${name} refused to answer${answer.text === '' ? '.' : `: ${answer.text.slice(0, 300)}`}`, {
      status: 422,
      remedy: 'Change the messages, or choose another model.',
    });
}

async function parsed(
  answer: ModelAnswer,
  request: ModelRequest,
  schema: JsonSchema,
  name: string,
  ask: (request: ModelRequest) => Promise<ModelAnswer>,
): Promise<Json> {
  const first = check(answer.text, schema);
  if (first.faults.length === 0) return first.value;
  if (answer.finishReason === 'length')
    throw new UserError('model.truncated', `${name} was cut at maxTokens before its JSON was whole.`, {
      status: 422,
      remedy: 'Raise maxTokens, or ask for less.',
    });
  const repair = `${repairStart}: ${first.faults.join('; ')}. Give the whole corrected JSON and nothing else.`;
  const second = await ask({
    ...request,
    messages: [...request.messages, { role: 'assistant', content: answer.text || '(nothing)' }, { role: 'user', content: repair }],
  });
  refuse(second, name);
  const repaired = check(second.text, schema);
  if (repaired.faults.length === 0) return repaired.value;
  throw new TransientError(
    'model.bad-output',
    `${name} gave output that does not fit the schema, also when asked again: ${repaired.faults.join('; ')}`.slice(0, 500),
    { remedy: 'Simplify the schema, say more in the messages, or choose another model.', details: { text: second.text.slice(0, 2_000) } },
  );
}

function check(text: string, schema: JsonSchema): { value: Json; faults: string[] } {
  const value = findJson(text);
  return value === undefined ? { value: null, faults: ['it is not JSON'] } : { value, faults: schemaFaults(schema, value) };
}

function totals(calls: ModelCall[]): { tokens: number; costUsd: number | null } {
  const tokens = calls.reduce((sum, call) => sum + call.inputTokens + call.outputTokens, 0);
  return { tokens, costUsd: calls.some((call) => call.costUsd === null) ? null : calls.reduce((sum, call) => sum + (call.costUsd ?? 0), 0) };
}

function positive(value: Json | undefined, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new UserError('step.invalid-params', `${name} must be a whole number above 0.`, { status: 422, remedy: 'Correct it in the step.' });
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
