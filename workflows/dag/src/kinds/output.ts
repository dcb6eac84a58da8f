import { z } from 'zod';
import { own } from '../pointer.ts';
import { alwaysOut, expr, name, onlyOut, sitesBut, textOf, type Kind } from './kind.ts';

const schema = z.strictObject({ name, value: expr });

export const output: Kind = {
  type: 'output',
  label: 'Output',
  help: "Names a value of the run's result. Of two with one name the one that completes later wins.",
  example: { id: 'result', type: 'output', config: { name: 'report', value: '{{ input.text }}' } },
  work: 'pure',
  reachesOut: false,
  mayRetry: true,
  timeoutMs: 60_000,
  inBody: false,
  runs: true,
  schema: () => schema,
  ports: onlyOut,
  portOf: alwaysOut,
  sites: sitesBut('name'),
  outputName: (raw) => {
    const found = own(raw, 'name');
    return typeof found === 'string' ? found : null;
  },
  describe: (raw) => textOf(raw, 'name'),
};
