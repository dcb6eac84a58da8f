/** OpenAI, and every endpoint that speaks its chat API (`baseUrl`). */
import OpenAI from 'openai';
import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';

import { badAnswer, translateModelFault } from './faults.ts';
import { priceOf } from './prices.ts';
import { isStrict } from './structured.ts';
import type { ContentPart, ModelAnswer, ModelContext, ModelMessage, ModelProvider, ModelRequest } from './types.ts';

const defaultBaseUrl = 'https://api.openai.com/v1';
const images = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

export const openaiProvider: ModelProvider = {
  id: 'openai',
  demo: false,
  credentialKind: 'openai',
  defaultBaseUrl,
  reads: (mime) => images.has(mime) || mime === 'application/pdf',
  complete,
};

async function complete(request: ModelRequest, context: ModelContext): Promise<ModelAnswer> {
  const client = new OpenAI({
    apiKey: context.apiKey,
    baseURL: context.baseUrl ?? defaultBaseUrl,
    // Nothing from the environment: the key of one team must never go along with another's call.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: context.timeoutMs,
    logLevel: 'off',
    fetch: context.http.fetchWith({ headersTimeoutMs: context.timeoutMs, totalTimeoutMs: context.timeoutMs }),
  });
  try {
    const completion = await client.chat.completions.create(toParams(request, context.baseUrl !== null), { signal: context.signal });
    // Compatible servers answer all sorts of things with 200.
    if (!Array.isArray(completion.choices)) throw badAnswer('OpenAI', context.baseUrl);
    const choice = completion.choices[0];
    const text = choice?.message.content ?? '';
    context.onDelta?.(text);
    const refused = (choice?.message.refusal ?? null) !== null || choice?.finish_reason === 'content_filter';
    return {
      text: refused ? (choice?.message.refusal ?? '') : text,
      ...priceOf('openai', 'chat', request.model, completion, context.baseUrl),
      finishReason: refused ? 'refusal' : choice?.finish_reason === 'length' ? 'length' : 'stop',
      providerRequestId: completion._request_id ?? completion.id ?? null,
    };
  } catch (error) {
    throw translateModelFault(error, 'OpenAI', context.signal);
  }
}

function toParams(request: ModelRequest, ownEndpoint: boolean): ChatCompletionCreateParamsNonStreaming {
  const params: ChatCompletionCreateParamsNonStreaming = { model: request.model, messages: request.messages.map(toMessage) };
  // Compatible servers mostly know only the older name.
  if (request.maxTokens !== undefined)
    Object.assign(params, ownEndpoint ? { max_tokens: request.maxTokens } : { max_completion_tokens: request.maxTokens });
  if (request.temperature !== undefined) params.temperature = request.temperature;
  if (request.schema !== undefined)
    params.response_format = { type: 'json_schema', json_schema: { name: 'answer', schema: request.schema, strict: isStrict(request.schema) } };
  return params;
}

function toMessage(message: ModelMessage): ChatCompletionMessageParam {
  if (message.role === 'user') return { role: 'user', content: typeof message.content === 'string' ? message.content : message.content.map(toPart) };
  const text =
    typeof message.content === 'string' ? message.content : message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return { role: message.role, content: text };
}

function toPart(part: ContentPart): ChatCompletionContentPart {
  if (part.type === 'text') return part;
  const url = `data:${part.mime};base64,${part.base64}`;
  return images.has(part.mime) ? { type: 'image_url', image_url: { url } } : { type: 'file', file: { filename: part.name, file_data: url } };
}
