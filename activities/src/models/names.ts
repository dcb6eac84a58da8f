/** How models are named. Pure, for the browser too. */

/** Providers there are; `registry.ts` has a client for each. */
export const modelProviders = ['demo', 'openai', 'anthropic'] as const;
export type ModelProviderId = (typeof modelProviders)[number];

/** Provider and model of `provider/model`; null where it is no such name. */
export function splitModelName(name: string): { provider: ModelProviderId; model: string } | null {
  const slash = name.indexOf('/');
  const provider = modelProviders.find((id) => id === name.slice(0, Math.max(0, slash)));
  return provider === undefined || slash === name.length - 1 ? null : { provider, model: name.slice(slash + 1) };
}

/** What is wrong with a model's name; null: nothing. */
export function modelFault(name: string): string | null {
  if (splitModelName(name) !== null) return null;
  return `"${name.slice(0, 100)}" is no model of the form provider/model with a provider of ${modelProviders.join(', ')}.`;
}
