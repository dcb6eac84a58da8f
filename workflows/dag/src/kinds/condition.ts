import { conditionSchema, conditionSites, patternFaults } from '../conditions.ts';
import { own } from '../pointer.ts';
import { textOf, type Kind } from './kind.ts';

export const condition: Kind = {
  type: 'condition',
  label: 'If',
  help: 'Decides between two ways: the port true or false. A comparison, several joined by all, any and not, or an expression.',
  example: { id: 'good', type: 'condition', config: { left: '{{ input.score }}', op: 'gte', right: 4 } },
  work: 'pure',
  reachesOut: false,
  mayRetry: true,
  timeoutMs: 60_000,
  inBody: true,
  runs: true,
  schema: () => conditionSchema,
  ports: () => ['true', 'false'],
  portOf: (value) => {
    const result = own(value, 'result');
    return typeof result === 'boolean' ? String(result) : null;
  },
  sites: (raw) => conditionSites(raw, ''),
  check: (raw, ports) => patternFaults(raw, '', ports),
  describe: (raw) => (Object.hasOwn(raw, 'op') ? textOf(raw, 'op').replaceAll('_', ' ') : (Object.keys(raw)[0] ?? '…')),
};
