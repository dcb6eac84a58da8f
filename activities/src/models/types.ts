/** One shape for every provider of models. Providers know nothing of steps, rows or retries; the caller does all that. */
import type { Json } from '@hub/dag/planner';
import type { Outbound } from '@hub/kit/http';

import type { LiveCredential } from '../ports.ts';

/** How a request to correct an answer begins. */
export const repairStart = 'Your answer does not fit the schema';

export type JsonSchema = { [key: string]: Json };

export type ContentPart =
  | { type: 'text'; text: string }
  /** A file already read: base64 for images and PDF. */
  | { type: 'file'; name: string; mime: string; base64: string };

export interface ModelMessage {
  role: 'system' | 'user' | 'assistant';
  content: string | ContentPart[];
}

export interface ModelRequest {
  /** Without the provider: `gpt-5-mini`. */
  model: string;
  messages: ModelMessage[];
  /** The answer must be JSON of this schema, an object at its root. */
  schema?: JsonSchema;
  maxTokens?: number;
  temperature?: number;
}

export interface ModelContext {
  apiKey: string | null;
  /** The tenant's own endpoint; null: the provider's. */
  baseUrl: string | null;
  http: Outbound;
  signal: AbortSignal;
  timeoutMs: number;
  /** From 1; the demo provider can be told to fail the first ones. */
  attempt: number;
  /** Pieces of text as they come; providers that do not stream give the whole at once. */
  onDelta?: (text: string) => void;
}

export interface ModelUsage {
  /** Includes cached tokens. */
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
}

export interface ModelAnswer {
  text: string;
  usage: ModelUsage;
  /** US dollars; null where the price is not known. */
  costUsd: number | null;
  finishReason: 'stop' | 'length' | 'refusal';
  /** The provider's own id of the call, for its support. */
  providerRequestId: string | null;
}

export interface ModelProvider {
  id: 'demo' | 'openai' | 'anthropic';
  demo: boolean;
  /** Kind of credential that carries its key; null: needs none. */
  credentialKind: LiveCredential['kind'] | null;
  /** Where its key may go unless the credential says otherwise. */
  defaultBaseUrl: string | null;
  /** Can it read this kind of file? */
  reads: (mime: string) => boolean;
  /** One call, never repeated by itself. @throws UserError or TransientError `model.*`, `http.*`. */
  complete: (request: ModelRequest, context: ModelContext) => Promise<ModelAnswer>;
}
