/** Kinds whose config is checked but that this engine does not run yet: publish refuses them with `node.not-supported-yet`. */
import { z } from 'zod';
import { alwaysOut, expr, onlyOut, sitesBut, textOf, type Kind } from './kind.ts';

const common = { work: 'step', reachesOut: true, mayRetry: true, timeoutMs: 60_000, inBody: true, runs: false } as const;

const schemas = {
  batchPrompt: z.looseObject({ items: expr, messages: z.array(z.unknown()).min(1) }),
};

export const batchPrompt: Kind = {
  ...common,
  type: 'batch_prompt',
  label: 'Ask a model in a batch',
  help: "Sends many items to a provider's batch API at a lower price and waits for the answers.",
  example: {
    id: 'many',
    type: 'batch_prompt',
    config: { model: 'openai/gpt-mini', items: '{{ input.rows }}', messages: [{ role: 'user', content: '{{ item.text }}' }] },
  },
  schema: () => schemas.batchPrompt,
  ports: onlyOut,
  portOf: alwaysOut,
  sites: sitesBut('output'),
  describe: (raw) => textOf(raw, 'model'),
};
