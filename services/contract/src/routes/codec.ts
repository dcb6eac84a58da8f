/** What the Temporal Web UI asks to show what runs carry. */
import { route } from '../route.ts';
import { codecPayloads } from '../shapes/codec.ts';

const sealed = {
  payloads: [{ metadata: { encoding: 'YmluYXJ5L2VuY3J5cHRlZA==', 'encryption-key-id': 'azE=' }, data: 'kJ5sYyqf…' }],
};
const plain = { payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'ImhlbGxvIg==' }] };
const example = (payloads: typeof plain | typeof sealed) => ({
  payloads: payloads.payloads.map(({ metadata, data }) => ({ metadata: { ...metadata }, data: data.replace('…', '') })),
});

const common = {
  method: 'POST',
  access: 'operator',
  tag: 'System',
  body: codecPayloads,
  bodyBytes: 20_000_000,
  temporalUi: true,
  status: 200,
  answer: codecPayloads,
} as const;

export const codecRoutes = {
  decodePayloads: route({
    ...common,
    path: '/api/v1/codec/decode',
    summary: 'Open payloads of Temporal',
    help: 'Temporal’s codec protocol, for its Web UI: enter `<hub>/api/v1/codec` as its codec server, with “include cross-origin credentials”, and be signed in here as the person who runs this installation (HUB_OPERATOR_EMAIL). Only pages of TEMPORAL_UI_URL may call it from elsewhere. What is not sealed comes back as it was.',
    example: { body: example(sealed), answer: example(plain) },
  }),
  encodePayloads: route({
    ...common,
    path: '/api/v1/codec/encode',
    summary: 'Seal payloads for Temporal',
    help: 'The other half of the protocol: what the Temporal Web UI sends to a run is sealed first. With HUB_CODEC=off it comes back as it was.',
    example: { body: example(plain), answer: example(sealed) },
  }),
};
