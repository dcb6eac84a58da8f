/** SMTP by nodemailer, over a socket that the guard opened. One connection per step. */
import { callbackify } from 'node:util';

import { TransientError, UserError, errorCode } from '@hub/kit/errors';
import { createTransport } from 'nodemailer';
import type { Transporter } from 'nodemailer';

import type { LiveCredential } from '../../ports.ts';
import { refusal, wrapped } from '../sdk/faults.ts';
import { neededCredential } from '../sdk/vendor.ts';
import type { CallContext } from '../sdk/vendor.ts';

const vendor = 'The mail server';
const greetingMs = 10_000;
const socketMs = 60_000;

/**
 * Runs `use` with a connection to the credential's server.
 * @throws HubError `connector.*`, `http.*` (guard), `credential.needed`.
 */
export async function withTransport<T>(context: CallContext, use: (transport: Transporter, credential: LiveCredential) => Promise<T>): Promise<T> {
  const credential = neededCredential(context, vendor);
  const { signal } = context;
  signal.throwIfAborted();
  const { host = '', port = '587', user, password, tls = 'starttls' } = credential.values;
  const opened: { destroy: () => void }[] = [];
  const options = {
    host,
    port: Number(port),
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    tls: { servername: host },
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: greetingMs,
    greetingTimeout: greetingMs,
    socketTimeout: socketMs,
    // Attachments are streams that we made; paths and URLs in them are refused.
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: callbackify(async (_options: unknown) => {
      const socket = await context.http.connect({
        host,
        port: Number(port),
        use: 'mail',
        allowedHosts: credential.allowedHosts,
        signal,
        timeoutMs: greetingMs,
      });
      opened.push(socket);
      return { connection: socket };
    }),
  };
  const transport = createTransport(options as Parameters<typeof createTransport>[0]);
  const ended = Promise.withResolvers<never>();
  const stop = (): void => {
    for (const socket of opened) socket.destroy();
    ended.reject(signal.reason as Error);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([use(transport, credential), ended.promise]);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw mailFault(error);
  } finally {
    signal.removeEventListener('abort', stop);
    transport.close();
    for (const socket of opened) socket.destroy();
  }
}

/** Our error for what nodemailer throws. A server that said no has taken nothing. */
function mailFault(error: unknown): unknown {
  const ours = wrapped(error);
  if (ours !== null) return ours;
  const cause = error;
  const code = errorCode(error) ?? '';
  const { responseCode, response } = error as { responseCode?: number; response?: string };
  const message = error instanceof Error ? error.message : '';
  if (code === 'EAUTH') return refusal({ vendor, status: responseCode === 454 ? 503 : 401, message, vendorCode: String(responseCode ?? ''), cause });
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 500)
    return new TransientError('connector.unavailable', `${vendor} asks to try later: ${response ?? message}`.slice(0, 400), {
      cause,
      didNothing: true,
    });
  if (responseCode === 552 || responseCode === 523)
    return new UserError('connector.refused', `${vendor}: the message is too large.`, {
      cause,
      status: 422,
      remedy: 'Send fewer or smaller attachments, or a link.',
    });
  if (responseCode !== undefined && responseCode >= 500)
    return refusal({ vendor, status: responseCode === 530 ? 403 : 422, message: response ?? message, vendorCode: String(responseCode), cause });
  if (code === 'ETLS' || /certificate/i.test(message))
    return new UserError('connector.refused', `${vendor}: the connection cannot be encrypted as asked: ${message}`, {
      cause,
      status: 422,
      remedy: 'Choose another tls mode in the credential.',
    });
  if (code === 'EENVELOPE' || code === 'EMESSAGE' || code === 'EFILEACCESS') return refusal({ vendor, status: 422, message, cause });
  if (['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'ECONNRESET', 'EPIPE', 'EDNS'].includes(code))
    return new TransientError('connector.unavailable', `The connection to ${vendor.toLowerCase()} was lost.`, { cause });
  return error;
}
