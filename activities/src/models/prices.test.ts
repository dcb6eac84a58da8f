import { describe, expect, it } from 'vitest';

import { priceOf } from './prices.ts';

const openai = {
  model: 'gpt-5-mini',
  usage: { prompt_tokens: 1_000_000, completion_tokens: 100_000, prompt_tokens_details: { cached_tokens: 400_000 } },
};
const anthropic = {
  model: 'claude-haiku-4-5',
  usage: { input_tokens: 600_000, output_tokens: 100_000, cache_read_input_tokens: 400_000, cache_creation_input_tokens: 0 },
};

describe('priceOf', () => {
  it('prices cached tokens apart, and counts them as input for both providers', () => {
    expect(priceOf('openai', 'chat', 'gpt-5-mini', openai, null)).toEqual({
      usage: { inputTokens: 1_000_000, outputTokens: 100_000, cachedTokens: 400_000 },
      costUsd: expect.closeTo(0.6 * 0.25 + 0.4 * 0.025 + 0.1 * 2, 9),
    });
    expect(priceOf('anthropic', 'default', 'claude-haiku-4-5', anthropic, null)).toEqual({
      usage: { inputTokens: 1_000_000, outputTokens: 100_000, cachedTokens: 400_000 },
      costUsd: expect.closeTo(0.6 * 1 + 0.4 * 0.1 + 0.1 * 5, 9),
    });
  });

  it('says null, never 0, where the price is not known', () => {
    expect(priceOf('openai', 'chat', 'model-of-nobody', openai, null)).toMatchObject({ usage: { inputTokens: 1_000_000 }, costUsd: null });
    expect(priceOf('openai', 'chat', 'gpt-5-mini', openai, 'https://llm.intern.example/v1').costUsd).toBeNull();
    expect(priceOf('openai', 'chat', 'gpt-5-mini', { choices: [] }, null)).toEqual({
      usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0 },
      costUsd: null,
    });
  });
});
