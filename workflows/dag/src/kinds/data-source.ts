import { connectorCheck, connectorIdempotent, connectorSchema, connectorSites, connectorWords } from './connector.ts';
import { alwaysOut, forEachLoop, onlyOut, type Kind } from './kind.ts';

export const dataSource: Kind = {
  type: 'data_source',
  label: 'Read data',
  help: 'Reads from a connector: rows of a file, a page of an HTTP API. With forEach it reads once per item and gives a list.',
  example: {
    id: 'reviews',
    type: 'data_source',
    config: { connector: 'http', action: 'request', params: { method: 'GET', url: 'https://example.com/reviews.json' } },
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
  check: connectorCheck('read'),
  loop: forEachLoop,
  idempotent: connectorIdempotent,
  caches: 'input',
  describe: connectorWords,
};
