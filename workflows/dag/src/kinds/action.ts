import { connectorCheck, connectorIdempotent, connectorSchema, connectorSites, connectorWords } from './connector.ts';
import { alwaysOut, forEachLoop, onlyOut, type Kind } from './kind.ts';

export const action: Kind = {
  type: 'action',
  label: 'Do something',
  help: 'Writes through a connector: sends a request, saves a file. A write that cannot be repeated safely is never repeated silently.',
  example: {
    id: 'post',
    type: 'action',
    config: {
      connector: 'http',
      action: 'request',
      params: { method: 'POST', url: 'https://example.com/orders', body: { total: '{{ input.total }}' } },
    },
  },
  work: 'step',
  reachesOut: true,
  mayRetry: true,
  timeoutMs: 60_000,
  inBody: true,
  runs: true,
  schema: () => connectorSchema,
  ports: onlyOut,
  portOf: alwaysOut,
  sites: connectorSites,
  check: connectorCheck('write'),
  loop: forEachLoop,
  idempotent: connectorIdempotent,
  describe: connectorWords,
};
