/** Providers of models by name. Adding one: its file, one line here, its models in catalogue.ts. */
import { UserError } from '@hub/kit/errors';

import { anthropicProvider } from './anthropic.ts';
import { demoProvider } from './demo/provider.ts';
import { openaiProvider } from './openai.ts';
import type { ModelProvider } from './types.ts';

const providers: ReadonlyMap<string, ModelProvider> = new Map(
  [demoProvider, openaiProvider, anthropicProvider].map((provider) => [provider.id, provider]),
);

/**
 * Provider and model of `provider/model`.
 * @throws UserError `model.unknown`.
 */
export function modelFor(name: string): { provider: ModelProvider; model: string } {
  const slash = name.indexOf('/');
  const provider = slash > 0 ? providers.get(name.slice(0, slash)) : undefined;
  if (provider === undefined || slash === name.length - 1) {
    throw new UserError(
      'model.unknown',
      `"${name.slice(0, 100)}" is no model of the form provider/model with a provider of ${[...providers.keys()].join(', ')}.`,
      { status: 422, remedy: 'Choose one of GET /api/v1/models.' },
    );
  }
  return { provider, model: name.slice(slash + 1) };
}
