/** Guarded TCP, for what is not HTTP (databases, mail) and for SDKs that bring an HTTP client of their own: the same checks as the connector of agent.ts. */
import { once } from 'node:events';
import { Agent as HttpsAgent } from 'node:https';
import { connect as netConnect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';

import { TransientError, UserError } from '../errors.ts';
import { bareHost, isAllowedAddress, isListedPlace, isLiteral } from './addresses.ts';
import type { AllowList } from './addresses.ts';
import { guardedLookup, resolveBySystem, type ResolveAll } from './agent.ts';
import { translateFault } from './faults.ts';
import { allowedPorts, blockedAddress, hostIsIn } from './url-policy.ts';

export interface ConnectOptions {
  host: string;
  port: number;
  /** Decides which ports are plausible: database 1024 and up; mail 25, 465, 587, 2525; web those of the URL policy. */
  use: 'database' | 'mail' | 'web';
  /** The hosts of the credential, as `host:port` (or a name alone for 443). */
  allowedHosts: readonly string[];
  signal?: AbortSignal | undefined;
  /** Until the connection stands (default 10 s). */
  timeoutMs?: number;
}

export interface ConnectGuard {
  allow: AllowList;
  resolve?: ResolveAll | undefined;
  ca?: string | undefined;
}

const connectTimeoutMs = 10_000;
const mailPorts = new Set([25, 465, 587, 2525]);
const plausible = {
  database: (port: number) => port >= 1024,
  mail: (port: number) => mailPorts.has(port),
  web: (port: number) => allowedPorts.has(port),
};

/**
 * A connected TCP socket; TLS is begun on it by its user.
 * @throws UserError `http.host-not-allowed`, `http.blocked-address`, `http.blocked-port`, `http.bad-url`; TransientError `http.not-connected`, `http.name-not-found`, `http.timeout`.
 */
export function guardedConnect(options: ConnectOptions, guard: ConnectGuard): Promise<Socket> {
  const place = checkPlace(options, guard.allow);
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const socket = netConnect({
      host: place.host,
      port: place.port,
      lookup: guardedLookup(guard.resolve ?? resolveBySystem, guard.allow, place.listed, place.port),
      autoSelectFamily: true,
    });
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      socket.on('error', () => undefined).destroy();
      reject(signal?.aborted ? (signal.reason as Error) : translateFault(error, place.url));
    };
    const timer = setTimeout(
      () => fail(new TransientError('http.timeout', `No connection to ${place.url.host} in time.`, { didNothing: true })),
      options.timeoutMs ?? connectTimeoutMs,
    );
    const aborted = (): void => fail(signal?.reason);
    signal?.addEventListener('abort', aborted, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      const remote = socket.remoteAddress;
      if (remote === undefined || !isAllowedAddress(guard.allow, remote, place.listed)) return fail(blockedAddress(place.host, place.port));
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      socket.off('error', fail);
      return resolve(socket);
    });
  });
}

function checkPlace(
  { host: given, port, use, allowedHosts }: ConnectOptions,
  allow: AllowList,
): { host: string; port: number; listed: boolean; url: URL } {
  const host = bareHost(given);
  const text = `${use === 'web' ? 'https' : 'tcp'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!/^[a-z0-9._-]+$|^[0-9a-f:.]+$/.test(host) || !Number.isInteger(port) || port < 1 || port > 65_535 || !URL.canParse(text)) {
    throw new UserError('http.bad-url', 'The host or port of the credential cannot be used.', {
      remedy: 'Give a host such as db.example.com and its port.',
      status: 422,
    });
  }
  const url = new URL(text);
  if (!hostIsIn(allowedHosts, url)) {
    throw new UserError('http.host-not-allowed', `The credential may not be sent to ${host}:${port}.`, {
      remedy: `Add ${host}:${port} to the credential's allowed hosts, or choose another credential.`,
      status: 422,
    });
  }
  const listed = isListedPlace(allow, host, port);
  if (isLiteral(host) && !isAllowedAddress(allow, host, listed)) throw blockedAddress(host, port);
  const inListedNetwork = isLiteral(host) && allow.networks.length > 0 && !isAllowedAddress({ ...allow, networks: [] }, host, false);
  if (!listed && !inListedNetwork && !plausible[use](port)) {
    throw new UserError('http.blocked-port', `Port ${port} is not connected to for ${use}.`, {
      remedy: `Ask the operator to list ${host}:${port} in HUB_OUTBOUND_ALLOW.`,
      status: 422,
    });
  }
  return { host, port, listed, url };
}

type Done = (error: Error | null, socket?: Duplex) => void;

/** A `node:https` agent for SDKs on node-fetch or axios: it connects only to `allowedHosts`, and only through the guard. */
export function guardedAgent(allowedHosts: readonly string[], guard: ConnectGuard): HttpsAgent {
  const connectSecurely = async (options: { host?: string; port?: number | string; servername?: string }, done: Done): Promise<void> => {
    const host = options.host ?? '';
    try {
      const socket = await guardedConnect({ host, port: Number(options.port ?? 443), use: 'web', allowedHosts }, guard);
      const servername = isLiteral(host) ? '' : options.servername || host;
      const secure = tlsConnect({ socket, servername, ...(guard.ca === undefined ? {} : { ca: guard.ca }) });
      await once(secure, 'secureConnect');
      done(null, secure);
    } catch (error) {
      done(error as Error);
    }
  };
  const createConnection = (options: Parameters<typeof connectSecurely>[0], done: Done): void => void connectSecurely(options, done);
  return Object.assign(new HttpsAgent({ keepAlive: false, maxSockets: 32, timeout: 120_000 }), { createConnection });
}
