/** Tokens and money of a call, from the provider's own answer. An unknown price is null, never 0. */
import { calcPrice, extractUsage, findProvider } from '@pydantic/genai-prices';

import type { ModelUsage } from './types.ts';

export interface Priced {
  usage: ModelUsage;
  costUsd: number | null;
}

/**
 * Usage and cost of `answer` (the provider's JSON). With an endpoint of the tenant's own the price is looked up by its URL, so that an
 * OpenAI-compatible server is not billed as OpenAI.
 */
export function priceOf(providerId: 'openai' | 'anthropic', flavor: string, model: string, answer: unknown, ownEndpoint: string | null): Priced {
  const provider = findProvider({ providerId });
  try {
    if (provider === undefined) return unknown;
    const { usage } = extractUsage(provider, answer, flavor);
    const priced = calcPrice(usage, model, ownEndpoint === null ? { providerId } : { providerApiUrl: ownEndpoint });
    return {
      usage: { inputTokens: usage['input_tokens'] ?? 0, outputTokens: usage['output_tokens'] ?? 0, cachedTokens: usage['cache_read_tokens'] ?? 0 },
      costUsd: priced?.total_price ?? null,
    };
  } catch {
    // An answer without usage (some compatible servers): nothing is known, and nothing is guessed.
    return unknown;
  }
}

const unknown: Priced = { usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0 }, costUsd: null };
