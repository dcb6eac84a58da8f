import type { Json } from '@hub/dag/planner';
import { TransientError, UserError } from '@hub/kit/errors';
import { expect, it } from 'vitest';

import type { LiveCredential } from '../ports.ts';
import { createSecrets, redactedRun, redactedServices } from './redacted.ts';
import { contextFor } from './testing/context.ts';
import { listChannelsSpec } from './slack/actions/list-channels/spec.ts';
import type { ActionRun, ServiceContext } from './types.ts';

const token = 'xoxb-"1/2+3=&-secret-of-a-bot';
const spellings = [
  token,
  Buffer.from(token).toString('base64'),
  encodeURIComponent(token),
  Buffer.from(token).toString('hex'),
  JSON.stringify(token),
];
const credential = { id: 'c', kind: 'slack-bot-token', values: { token }, allowedHosts: ['slack.com'] } as LiveCredential;
const bare = spellings.map((one) => one.replaceAll(/^"|"$/g, ''));
const leaked = (value: unknown): string[] => bare.filter((one) => JSON.stringify(value).includes(one) || String(value).includes(one));
const call = (run: ActionRun, more: object = {}) => redactedRun(run)({ ...contextFor(listChannelsSpec, {}, { credential }), ...more } as never);

it('takes every spelling out of what a vendor gives, keys too, and copies nothing that is clean', async () => {
  const clean = { rows: [{ a: 'b' }] };
  const { output } = await call(async () => ({ output: { clean, said: spellings, [`key ${token}`]: 1 } as unknown as Json }));
  expect(leaked(output)).toEqual([]);
  expect((output as { clean: Json }).clean).toBe(clean);
  expect(Object.keys(output as object)).toContain('key [redacted]');
});

it('takes it out of errors, their causes, remedies and details, and keeps kind, code and what they say of another try', async () => {
  const told = new TransientError('connector.unavailable', `it said ${spellings[1]}`, {
    remedy: `Look at ${token}.`,
    details: [{ message: token }],
    retryAfterMs: 7_000,
    didNothing: true,
    cause: Object.assign(new Error(`sent ${token}`), { code: 'EPROTO' }),
  });
  const thrown = await call(async () => {
    throw told;
  }).catch((error: unknown) => error as TransientError);
  expect(thrown).toBeInstanceOf(TransientError);
  expect(thrown).toMatchObject({ code: 'connector.unavailable', retryAfterMs: 7_000, didNothing: true, cause: { code: 'EPROTO' } });
  const said = thrown as TransientError;
  expect(
    leaked([said.message, said.remedy, said.details, said.stack, (said.cause as Error).message, (said.cause as Error).stack].join('\n')),
  ).toEqual([]);
  expect(leaked(said.details)).toEqual([]);
});

it('leaves nothing of a secret that was cut at the end of a message', () => {
  const said = createSecrets(credential).error(
    new UserError('connector.refused', `it says: token ${token.slice(0, 14)}…`, { status: 422 }),
  ) as UserError;
  expect(said.message).toBe('it says: token [redacted]');
  expect(said.status).toBe(422);
});

it('gives back the very error where nothing in it is secret: the reason of an abort', async () => {
  const reason = new Error('cancelled');
  await expect(
    call(async () => {
      throw reason;
    }),
  ).rejects.toBe(reason);
});

it('knows a renewed credential too', async () => {
  const fresh = { ...credential, values: { token: 'xoxb-renewed-secret' } };
  const { output } = await call(async ({ renew }) => ({ output: [(await renew?.())?.values['token'] ?? null, 'xoxb-renewed-secret'] }), {
    renew: async () => fresh,
  });
  expect(output).toEqual(['[redacted]', '[redacted]']);
});

it('leaves data alone that a short password happens to be a word of', async () => {
  const { output } = await call(async () => ({ output: ['shop'] }), { credential: { ...credential, values: { token: 'shop' } } });
  expect(output).toEqual(['shop']);
});

it('guards pickers, fields and connection tests alike', async () => {
  const context = { params: {}, credential, http: null as never, signal: new AbortController().signal } satisfies ServiceContext;
  const services = redactedServices({
    test: async () => ({ message: `as ${token}`, account: token, scopes: null }),
    resources: { channels: async () => ({ items: [{ value: token, label: token }], nextCursor: null }) },
    fields: async () => {
      throw new UserError('connector.refused', `no ${token}`);
    },
  });
  expect(leaked([await services.test(context), await services.resources?.['channels']?.(context)])).toEqual([]);
  await expect(services.fields?.(context)).rejects.toMatchObject({ message: 'no [redacted]' });
});
