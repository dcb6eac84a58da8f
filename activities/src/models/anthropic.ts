import Anthropic from '@anthropic-ai/sdk';
import type { ContentBlockParam, MessageCreateParamsNonStreaming, MessageParam } from '@anthropic-ai/sdk/resources/messages';

import { badAnswer, translateModelFault } from './faults.ts';
import { priceOf } from './prices.ts';
import { isStrict } from './structured.ts';
import type { ContentPart, ModelAnswer, ModelContext, ModelMessage, ModelProvider, ModelRequest } from './types.ts';

const defaultBaseUrl = 'https://api.anthropic.com';
const images = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const;
type ImageMime = (typeof images)[number];
const isImage = (mime: string): mime is ImageMime => (images as readonly string[]).includes(mime);
/** The API wants a limit; this one is enough for what steps usually ask. */
const defaultMaxTokens = 4_096;

export const anthropicProvider: ModelProvider = {
  id: 'anthropic',
  demo: false,
  credentialKind: 'anthropic',
  defaultBaseUrl,
  reads: (mime) => isImage(mime) || mime === 'application/pdf',
  complete,
};

async function complete(request: ModelRequest, context: ModelContext): Promise<ModelAnswer> {
  const client = new Anthropic({
    apiKey: context.apiKey,
    baseURL: context.baseUrl ?? defaultBaseUrl,
    // Nothing from the environment or from files of this machine.
    authToken: null,
    credentials: null,
    webhookKey: null,
    maxRetries: 0,
    timeout: context.timeoutMs,
    logLevel: 'off',
    fetch: context.http.fetchWith({ headersTimeoutMs: context.timeoutMs, totalTimeoutMs: context.timeoutMs }),
  });
  try {
    const message = await client.messages.create(toParams(request), { signal: context.signal });
    if (!Array.isArray(message.content)) throw badAnswer('Anthropic', context.baseUrl);
    const text = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    context.onDelta?.(text);
    return {
      text,
      ...priceOf('anthropic', 'default', request.model, message, context.baseUrl),
      finishReason:
        message.stop_reason === 'refusal'
          ? 'refusal'
          : message.stop_reason === 'max_tokens' || message.stop_reason === 'model_context_window_exceeded'
            ? 'length'
            : 'stop',
      providerRequestId: message._request_id ?? message.id,
    };
  } catch (error) {
    throw translateModelFault(error, 'Anthropic', context.signal);
  }
}

function toParams(request: ModelRequest): MessageCreateParamsNonStreaming {
  const system = request.messages
    .filter(({ role }) => role === 'system')
    .map(textOf)
    .join('\n\n');
  const params: MessageCreateParamsNonStreaming = {
    model: request.model,
    max_tokens: request.maxTokens ?? defaultMaxTokens,
    messages: request.messages.filter(({ role }) => role !== 'system').map(toMessage),
  };
  if (system !== '') params.system = system;
  // Schemas outside the strict subset are only asked for in words; they are validated here in any case.
  if (request.schema !== undefined && isStrict(request.schema)) params.output_config = { format: { type: 'json_schema', schema: request.schema } };
  return params;
}

function textOf(message: ModelMessage): string {
  return typeof message.content === 'string' ? message.content : message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function toMessage(message: ModelMessage): MessageParam {
  const role = message.role === 'assistant' ? 'assistant' : 'user';
  return { role, content: typeof message.content === 'string' ? message.content : message.content.map(toBlock) };
}

function toBlock(part: ContentPart): ContentBlockParam {
  if (part.type === 'text') return part;
  if (isImage(part.mime)) return { type: 'image', source: { type: 'base64', media_type: part.mime, data: part.base64 } };
  return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: part.base64 }, title: part.name };
}
