import { createOutbound, parseAllowList } from '@hub/kit/http';
import type { Outbound } from '@hub/kit/http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { contextFor, memoryFiles } from '../../../testing/context.ts';
import { services } from '../../runs.ts';
import { startMailServer } from '../../testing/mail-server.ts';
import type { MailFault, MailServer } from '../../testing/mail-server.ts';
import { runSendEmail } from './run.ts';
import { sendEmailSpec } from './spec.ts';

let server: MailServer;
let http: Outbound;
const mail = { to: ['ada@example.com'], subject: 'Report\r\nBcc: x@example.com', text: 'Grüße' };

beforeEach(async () => {
  server = await startMailServer();
  http = createOutbound({ allow: parseAllowList(server.host) });
});
afterEach(async () => {
  await http.close();
  await server.close();
});
const send = async (params: object = {}, more: object = {}) =>
  (await runSendEmail(contextFor(sendEmailSpec, { ...mail, ...params }, { http, credential: server.credential, ...more }))).output as {
    messageId: string;
  };

it('sends text and attachments to everyone named, the same Message-ID at every attempt', async () => {
  const files = memoryFiles();
  const $file = files.put('a,b\n1,2\n');
  const first = await send({ cc: 'bob@example.com', bcc: ['eve@example.com'], attachments: [{ $file }] }, { files });
  expect(first).toMatchObject({ accepted: ['ada@example.com', 'bob@example.com', 'eve@example.com'], rejected: [] });
  expect(await send({})).toMatchObject({ messageId: first.messageId });
  const [one] = server.mails;
  expect(one?.to).toEqual(['ada@example.com', 'bob@example.com', 'eve@example.com']);
  expect(one?.text).toContain('filename=upload');
  expect(one?.text).toContain(Buffer.from('a,b\n1,2\n').toString('base64'));
  // A line break in the subject makes no header, and a hidden copy stays hidden.
  expect(one?.text).toContain('Subject: Report Bcc: x@example.com');
  expect(one?.text).not.toContain('eve@example.com');
});

it('names addresses that the server refused', async () => {
  const context = contextFor(sendEmailSpec, { ...mail, cc: 'nobody@example.com' }, { http, credential: server.credential });
  expect((await runSendEmail(context)).output).toMatchObject({ accepted: ['ada@example.com'], rejected: ['nobody@example.com'] });
  expect(context.warnings).toEqual(['email.rejected']);
});

describe('what the server says', () => {
  const told: [MailFault, string, string, boolean | undefined][] = [
    ['auth', 'connector.unauthorized', 'user', undefined],
    ['not-allowed', 'connector.forbidden', 'user', undefined],
    ['later', 'connector.unavailable', 'transient', true],
    ['full', 'connector.unavailable', 'transient', true],
    ['broken', 'connector.unavailable', 'transient', true],
    ['too-large', 'connector.refused', 'user', undefined],
    ['no-recipient', 'connector.refused', 'user', undefined],
    ['cut', 'connector.unavailable', 'transient', false],
  ];
  it.each(told)('%s is %s', async (fault, code, kind, didNothing) => {
    server.fault = fault;
    await expect(send()).rejects.toMatchObject({ code, kind, ...(didNothing === undefined ? {} : { didNothing }) });
    expect(server.mails).toEqual([]);
  });

  it('hang ends with the step', async () => {
    server.fault = 'hang';
    const signal = AbortSignal.timeout(150);
    await expect(send({}, { signal })).rejects.toBe(await new Promise((done) => signal.addEventListener('abort', () => done(signal.reason))));
  });

  it('is asked by a connection test too', async () => {
    const ask = { params: {}, credential: server.credential, http, signal: AbortSignal.timeout(120_000) };
    expect(await services.test(ask)).toEqual({ message: 'Connected to 127.0.0.1.', account: 'sender', scopes: null });
    server.fault = 'auth';
    await expect(services.test(ask)).rejects.toMatchObject({ code: 'connector.unauthorized' });
  });
});
