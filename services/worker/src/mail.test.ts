import { Readable } from 'node:stream';
import type { AddressInfo } from 'node:net';
import { errorCode } from '@hub/kit/errors';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMailPort } from './mail.ts';

const got: string[] = [];
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo(address, _session, done) {
    const refusal = address.address.startsWith('gone') ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null;
    const later = address.address.startsWith('busy') ? Object.assign(new Error('come back later'), { responseCode: 451 }) : null;
    done(refusal ?? later);
  },
  onData(stream, _session, done) {
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    stream.on('end', () => {
      got.push(text);
      done();
    });
  },
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise<void>((resolve) => server.close(resolve)));

const never = new AbortController().signal;
const file = { name: 'päivä.csv', mime: 'text/csv', bytes: 3, open: () => Readable.from([Buffer.from('a,b')]) };
const mail = (to: string) => ({
  team: 't',
  to: [to],
  cc: [],
  replyTo: 'r@example.test',
  subject: 'Hello',
  text: 'A text',
  messageId: '<one@hub>',
  attachments: [file],
});

it('sends under the Message-ID of the step, and says whether trying again may help', async () => {
  const port = createMailPort({
    sql: null as never,
    smtpUrl: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    from: 'hub@example.test',
  });
  await expect(port.send(mail('ada@example.test'), never)).resolves.toBe('sent');
  expect(got[0]).toMatch(/Message-ID: <one@hub>/i);
  expect(got[0]).toMatch(/Reply-To: r@example.test/i);
  expect(got[0]).toContain(Buffer.from('a,b').toString('base64'));
  expect(got[0]).toMatch(/Content-Type: text\/csv/i);
  expect(errorCode(await port.send(mail('gone@example.test'), never).catch((error: unknown) => error))).toBe('notify.refused');
  expect(errorCode(await port.send(mail('busy@example.test'), never).catch((error: unknown) => error))).toBe('notify.not-taken');
  port.close();
});

it('takes a mail server that is away as something that passes, and nothing was done', async () => {
  const port = createMailPort({ sql: null as never, smtpUrl: 'smtp://127.0.0.1:1', from: 'x' });
  const failure: unknown = await port.send(mail('ada@example.test'), never).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'notify.not-taken', kind: 'transient' });
  port.close();
});
