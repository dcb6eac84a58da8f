/** What the prompt step wants of the models (activities/src/models). */
import type { Json } from '@hub/dag/planner';

import type { FileStore, LiveCredential, ModelCall, Warning } from '../../ports.ts';
import type { Outbound } from '@hub/kit/http';

export interface PromptRequest {
  /** provider/model */
  model: string;
  /** As filled; content is text or parts. */
  messages: Json;
  /** JSON Schema of the wanted answer; null: text. */
  output: Json;
  maxTokens: number | null;
  temperature: number | null;
}

export interface PromptContext {
  team: string;
  run: string;
  credential: LiveCredential | null;
  http: Outbound;
  files: FileStore;
  signal: AbortSignal;
  timeoutMs: number;
  /** From 1. */
  attempt: number;
  idempotencyKey: string;
  /** To be called for every call to a provider, also one that failed. */
  onCall: (call: ModelCall) => void;
}

export interface PromptModels {
  /** `{ text }`, or the object that fits `output` (validated, repaired once). Throws our errors with the provider's own retries off. */
  complete: (request: PromptRequest, context: PromptContext) => Promise<{ output: Json; warnings?: Warning[] }>;
}
