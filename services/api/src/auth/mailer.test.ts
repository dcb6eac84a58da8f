import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { createLog } from '@hub/kit';
import { expect, it } from 'vitest';
import { createMailer } from './mailer.ts';

const log = createLog({ name: 'test', level: 'silent' });

it('sends through the mail server that SMTP_URL names', async () => {
  const got: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      stream.on('end', () => {
        got.push(text);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, from: 'hub@example.test', log });
  await mailer.send({ to: 'ada@example.test', subject: 'Hello', text: 'A text' });
  expect(got[0]).toMatch(/Subject: Hello[\s\S]*A text/);
  expect(mailer.kept()).toEqual([]);
  mailer.close();
  await new Promise<void>((resolve) => server.close(resolve));
});

it('keeps at most 200 mails, newest first, where there is no mail server, and never throws', async () => {
  const mailer = createMailer({ smtpUrl: null, from: 'x', log });
  for (let i = 0; i < 205; i++) await mailer.send({ to: 'a@example.test', subject: `n${i}`, text: '' });
  expect(mailer.kept().length).toBe(200);
  expect(mailer.kept()[0]?.subject).toBe('n204');
  const broken = createMailer({ smtpUrl: 'smtp://127.0.0.1:1', from: 'x', log });
  await expect(broken.send({ to: 'a@example.test', subject: 's', text: '' })).resolves.toBeUndefined();
  broken.close();
});
