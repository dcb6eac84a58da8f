import { z } from 'zod';
import { own, type JsonObject } from '../pointer.ts';
import { alwaysOut, name, onlyOut, textOf, type Kind } from './kind.ts';

const plain = z.strictObject({ mode: z.enum(['append', 'object', 'first', 'combine']) });
const combine = z.strictObject({ mode: z.literal('combine'), key: name });

export const merge: Kind = {
  type: 'merge',
  label: 'Merge',
  help: 'Joins branches: append (one list), object (by source), combine (lists of objects joined on a key), or first (the first branch to arrive).',
  example: { id: 'both', type: 'merge', config: { mode: 'object' } },
  work: 'pure',
  reachesOut: false,
  mayRetry: true,
  timeoutMs: 60_000,
  inBody: true,
  runs: true,
  schema: (raw: JsonObject) => (own(raw, 'mode') === 'combine' ? combine : plain),
  ports: onlyOut,
  portOf: alwaysOut,
  sites: () => [],
  first: (raw) => own(raw, 'mode') === 'first',
  describe: (raw) => textOf(raw, 'mode'),
};
