/** What the example is told by the launcher (scripts/bootstrap/README.md). */
import { readEnv } from '@hub/kit';
import { z } from 'zod';

const schema = z.object({
  HUB_URL: z.url().describe('origin of the running hub'),
  HUB_DEMO_API_KEY: z.string().min(10).describe('API key of the demo team'),
  HUB_DATA: z.string().min(1).describe('the state folder, where the last run is kept'),
  OPENAI_API_KEY: z.string().optional().describe('only whether it is set matters here'),
  ANTHROPIC_API_KEY: z.string().optional().describe('only whether it is set matters here'),
});

export interface ExampleEnv {
  url: string;
  apiKey: string;
  dataFolder: string;
  /** The model whose key the worker has; demo/rules without one. */
  model: string;
}

/** @throws UserError `env.invalid`. */
export function exampleEnv(): ExampleEnv {
  const env = readEnv(schema, process.env);
  const model =
    env.OPENAI_API_KEY !== undefined ? 'openai/gpt-5-mini' : env.ANTHROPIC_API_KEY !== undefined ? 'anthropic/claude-haiku-4-5' : 'demo/rules';
  return { url: env.HUB_URL.replace(/\/$/, ''), apiKey: env.HUB_DEMO_API_KEY, dataFolder: env.HUB_DATA, model };
}
