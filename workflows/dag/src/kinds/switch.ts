import { z } from 'zod';
import { conditionSchema, conditionSites, patternFaults } from '../conditions.ts';
import { isId, limits } from '../limits.ts';
import { own, pointer, type JsonObject } from '../pointer.ts';
import type { Kind } from './kind.ts';

const port = z.string().refine((value) => isId(value) && value !== 'default' && value !== 'error', {
  error: 'A port is a lower-case word (letters, digits, _), not "default" and not "error"',
});

const schema = z
  .strictObject({
    cases: z
      .array(z.strictObject({ port, when: conditionSchema }))
      .min(1)
      .max(limits.switchCases),
  })
  .superRefine((config, context) => {
    const seen = new Set<string>();
    for (const [at, one] of config.cases.entries()) {
      if (seen.has(one.port))
        context.addIssue({ code: 'custom', path: ['cases', at, 'port'], message: `Two cases have the port "${one.port}". Give each its own.` });
      seen.add(one.port);
    }
  });

function cases(raw: JsonObject): unknown[] {
  const list = own(raw, 'cases');
  return Array.isArray(list) ? list : [];
}

function portsOf(raw: JsonObject): string[] {
  const named = cases(raw)
    .map((one) => own(one, 'port'))
    .filter((found): found is string => typeof found === 'string' && isId(found));
  return [...new Set([...named, 'default'])];
}

export const switchKind: Kind = {
  type: 'switch',
  label: 'Switch',
  help: 'Takes the port of the first case that holds, else the port default.',
  example: {
    id: 'size',
    type: 'switch',
    config: {
      cases: [
        { port: 'large', when: { left: '{{ input.total }}', op: 'gt', right: 1000 } },
        { port: 'small', when: { left: '{{ input.total }}', op: 'lte', right: 10 } },
      ],
    },
  },
  work: 'pure',
  reachesOut: false,
  mayRetry: true,
  timeoutMs: 60_000,
  inBody: true,
  runs: true,
  schema: () => schema,
  ports: portsOf,
  portOf: (value, ports) => {
    const found = own(value, 'port');
    return typeof found === 'string' && ports.includes(found) && found !== 'error' ? found : null;
  },
  sites: (raw) => cases(raw).flatMap((one, at) => conditionSites(own(one, 'when'), pointer('cases', at, 'when'))),
  check: (raw, ports) => cases(raw).flatMap((one, at) => patternFaults(own(one, 'when'), pointer('cases', at, 'when'), ports)),
  describe: (raw) => portsOf(raw).join(', '),
};
