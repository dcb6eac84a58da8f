import { z } from 'zod';
import { own } from '../pointer.ts';
import { alwaysOut, onlyOut, text, type Kind } from './kind.ts';

const schema = z.strictObject({ source: text.max(256 * 1024) });

export const code: Kind = {
  type: 'code',
  label: 'Run JavaScript',
  help: 'The body of an async function with one argument, ctx, in a sandbox without network, files or secrets. What it returns is the output. Nothing is filled in: read ctx instead.',
  example: { id: 'total', type: 'code', config: { source: 'return { total: ctx.input.prices.reduce((sum, price) => sum + price, 0) };' } },
  work: 'step',
  reachesOut: false,
  mayRetry: true,
  timeoutMs: 10_000,
  inBody: true,
  runs: true,
  schema: () => schema,
  ports: onlyOut,
  portOf: alwaysOut,
  sites: () => [],
  source: (raw) => {
    const source = own(raw, 'source');
    return typeof source === 'string' ? source : null;
  },
  check: (raw) => {
    const source = own(raw, 'source');
    if (typeof source !== 'string' || !source.includes('{{')) return [];
    return [
      {
        path: '/source',
        code: 'node.template-in-code',
        message:
          'Templates are not filled in code: read the value from ctx, for example ctx.nodes.score.output. Where {{ is meant literally, write { { or "{" + "{".',
      },
    ];
  },
  caches: 'context',
  describe: () => 'JavaScript',
};
