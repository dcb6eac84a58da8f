/** How models are named. Pure, for the browser too. */
import { modelCatalogue } from './catalogue.ts';

/** Providers there are; `registry.ts` has a client for each. */
export const modelProviders = ['demo', 'openai', 'anthropic'] as const;
export type ModelProviderId = (typeof modelProviders)[number];

const listed = new Set(modelCatalogue.map(({ id }) => id));

/** Provider and model of `provider/model`; null where it is no such name. */
export function splitModelName(name: string): { provider: ModelProviderId; model: string } | null {
  const slash = name.indexOf('/');
  const provider = modelProviders.find((id) => id === name.slice(0, Math.max(0, slash)));
  return provider === undefined || slash === name.length - 1 ? null : { provider, model: name.slice(slash + 1) };
}

export const unknownModel = (name: string): string =>
  `"${name.slice(0, 100)}" is no model of the form provider/model with a provider of ${modelProviders.join(', ')}.`;

/** What publishing should warn of in a model's name; null: nothing. A provider may have a model that is newer than the catalogue. */
export function modelWarning(name: string): { code: string; message: string } | null {
  const named = splitModelName(name);
  if (named === null) return { code: 'node.unknown-model', message: unknownModel(name) };
  // Demo models are many: some say in their name how slow they are.
  if (named.provider === 'demo' || listed.has(name)) return null;
  return {
    code: 'model.not-listed',
    message: `"${name.slice(0, 100)}" is none of the models that the hub lists. Its provider is asked for it all the same: check the name. Its price may not be known.`,
  };
}
