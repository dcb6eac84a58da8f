/** Clients of the models' providers. Adding one: its name in names.ts, its file, one line here, its models in catalogue.ts. */
import { UserError } from '@hub/kit/errors';

import { anthropicProvider } from './anthropic.ts';
import { demoProvider } from './demo/provider.ts';
import { type ModelProviderId, splitModelName, unknownModel } from './names.ts';
import { openaiProvider } from './openai.ts';
import type { ModelProvider } from './types.ts';

const providers: Record<ModelProviderId, ModelProvider> = { demo: demoProvider, openai: openaiProvider, anthropic: anthropicProvider };

/**
 * Provider and model of `provider/model`.
 * @throws UserError `model.unknown`.
 */
export function modelFor(name: string): { provider: ModelProvider; model: string } {
  const named = splitModelName(name);
  if (named === null) throw new UserError('model.unknown', unknownModel(name), { status: 422, remedy: 'Choose one of GET /api/v1/models.' });
  return { provider: providers[named.provider], model: named.model };
}
