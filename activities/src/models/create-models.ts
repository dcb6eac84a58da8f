/** Models as the prompt step wants them. */
import type { Json } from '@hub/dag/planner';

import { createSecrets } from '../connectors/redacted.ts';
import type { PromptModels } from '../steps/prompt/models.ts';
import { runPrompt } from './run-prompt.ts';
import type { PromptDeps } from './run-prompt.ts';

/** `keys` are the operator's, for prompts without a credential of their own. */
export function createModels(keys: PromptDeps['keys']): PromptModels {
  return {
    async complete(request, context) {
      const { credential, http, files, team, signal, timeoutMs, attempt, onCall } = context;
      const config: { [name: string]: Json } = { model: request.model, messages: request.messages };
      if (request.output !== null) config['output'] = request.output;
      if (request.maxTokens !== null) config['maxTokens'] = request.maxTokens;
      if (request.temperature !== null) config['temperature'] = request.temperature;
      // A provider's answer or error may hold the key that it was sent.
      const secrets = createSecrets(credential);
      for (const key of Object.values(keys)) if (key !== undefined) secrets.addText(key);
      try {
        const result = await runPrompt(config, { http, files, team, credential, keys, signal, timeoutMs, attempt, onCall });
        return { ...result, output: secrets.data(result.output) };
      } catch (error) {
        throw secrets.error(error);
      }
    },
  };
}

/** The operator's keys by provider. */
export type ModelKeys = PromptDeps['keys'];
