/** A real SMTP server (smtp-server) as the far end, with the refusals real ones give. */
import type { AddressInfo } from 'node:net';

import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream } from 'smtp-server';

import type { LiveCredential } from '../../../ports.ts';

export type MailFault = 'auth' | 'later' | 'full' | 'too-large' | 'broken' | 'cut' | 'hang' | 'no-recipient' | 'not-allowed';

export interface MailServer {
  host: string;
  fault: MailFault | null;
  /** Messages as they came, with the envelope. */
  mails: { to: string[]; text: string }[];
  credential: LiveCredential;
  close(): Promise<void>;
}

const refusals: Partial<Record<MailFault, [number, string]>> = {
  later: [451, '4.7.1 Greylisted, try again later'],
  full: [452, '4.2.2 Too many messages, slow down'],
  'too-large': [552, '5.3.4 Message too large'],
  broken: [421, '4.3.0 Service shutting down'],
};
const refused = (code: number, message: string): Error => Object.assign(new Error(message), { responseCode: code });

export async function startMailServer(): Promise<MailServer> {
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth(auth, _session, done) {
      if (world.fault === 'auth' || auth.username !== 'sender' || auth.password !== 'mail-password')
        return done(refused(535, '5.7.8 Authentication failed'));
      return done(null, { user: 'sender' });
    },
    onMailFrom(_address, _session, done) {
      if (world.fault === 'not-allowed') return done(refused(530, '5.7.0 Sender may not send'));
      return done();
    },
    onRcptTo(address, _session, done) {
      if (world.fault === 'no-recipient' || address.address.startsWith('nobody@')) return done(refused(550, '5.1.1 No such user'));
      return done();
    },
    onData(stream: SMTPServerDataStream, session, done) {
      if (world.fault === 'cut') {
        (stream as unknown as { destroy: () => void }).destroy();
        for (const one of server.connections) (one as { _socket: { destroy: () => void } })._socket.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => {
        if (world.fault === 'hang') return undefined;
        const refusal = world.fault === null ? undefined : refusals[world.fault];
        if (refusal !== undefined) return done(refused(...refusal));
        world.mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString('utf8') });
        return done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', () => ready()));
  const { port } = server.server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  const values = { host: '127.0.0.1', port: String(port), user: 'sender', password: 'mail-password', tls: 'off', from: 'Hub <hub@example.com>' };
  const world: MailServer = {
    host,
    fault: null,
    mails: [],
    credential: { id: 'c', kind: 'smtp', values, allowedHosts: [host] } as LiveCredential,
    close: () => new Promise((done) => server.close(() => done())),
  };
  return world;
}
