/** Models a prompt may name, as data; a test holds prices and contexts equal to @pydantic/genai-prices. Other names of a provider work as well. Pure. */
import type { ModelProviderId } from './names.ts';

/** A type, not an interface, so that it counts as a record of fields. */
export type ModelEntry = {
  /** As a prompt names it. */
  id: string;
  provider: ModelProviderId;
  title: string;
  help: string;
  /** Tokens; null: not known. */
  contextTokens: number | null;
  /** US dollars per million tokens at the lowest tier; null: not known. For demo models a made-up price. */
  inputUsdPerMTok: number | null;
  outputUsdPerMTok: number | null;
  /** Offline rules instead of a model. */
  demo: boolean;
  /** Reads images and PDF. */
  files: boolean;
  /** A node's config that uses it. */
  example: { model: string; messages: { role: string; content: string }[] };
};

const exampleText = 'Classify this review: <review>{{ item.text }}</review>';

function entry(
  provider: ModelEntry['provider'],
  model: string,
  title: string,
  help: string,
  contextTokens: number | null,
  inputUsdPerMTok: number,
  outputUsdPerMTok: number,
): ModelEntry {
  const id = `${provider}/${model}`;
  return {
    id,
    provider,
    title,
    help,
    contextTokens,
    inputUsdPerMTok,
    outputUsdPerMTok,
    demo: provider === 'demo',
    files: provider !== 'demo',
    example: { model: id, messages: [{ role: 'user', content: exampleText }] },
  };
}
const demo = (model: string, title: string, help: string): ModelEntry =>
  entry('demo', model, `Demo: ${title}`, `${help} Offline, by rules; no model is asked, the price is made up.`, null, 0.1, 0.4);

export const modelCatalogue: ModelEntry[] = [
  demo('rules', 'rules', 'Classifies feelings and topics, extracts words and fills any JSON Schema from the text.'),
  demo('echo', 'echo', 'Answers with the last message of the user; with an output schema like rules.'),
  demo('slow', 'slow', 'Like rules, but after 10 s (demo/slow-500: after 500 ms). For trying cancel and time-outs.'),
  demo('fail-429', 'rate limit', 'Fails with model.rate-limited (demo/fail-429-2: the first two attempts). For trying retries.'),
  demo('overload', 'overload', 'Fails with model.overloaded.'),
  demo('refusal', 'refusal', 'Refuses: model.refusal.'),
  demo('bad-json', 'bad JSON', 'Gives broken JSON, also when asked to repair it: model.bad-output.'),
  entry('openai', 'gpt-6-luna', 'GPT-6 Luna', 'Small and cheap; good for classifying and extracting.', 1_050_000, 0.1, 0.5),
  entry('openai', 'gpt-6-sol', 'GPT-6 Sol', 'For demanding work.', 1_050_000, 2, 10),
  entry('openai', 'gpt-5-mini', 'GPT-5 mini', 'Small and well known.', 400_000, 0.25, 2),
  entry('openai', 'gpt-5.1', 'GPT-5.1', 'General work.', 400_000, 1.25, 10),
  entry('openai', 'gpt-4.1-mini', 'GPT-4.1 mini', 'Small, with a long context.', 1_000_000, 0.4, 1.6),
  entry('anthropic', 'claude-haiku-4-5', 'Claude Haiku 4.5', 'Fast and cheap; good for classifying and extracting.', 200_000, 1, 5),
  entry('anthropic', 'claude-sonnet-5', 'Claude Sonnet 5', 'General work.', 1_000_000, 2, 10),
  entry('anthropic', 'claude-opus-5-5', 'Claude Opus 5.5', 'For demanding work.', 1_000_000, 4, 20),
];
