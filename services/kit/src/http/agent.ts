/** The guarded connector: the address is checked as a literal, at every look-up, and once more on the connected socket (rebinding has no gap). */
import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';

import { Agent, buildConnector } from 'undici';

import { bareHost, isAllowedAddress, isListedPlace, isLiteral } from './addresses.ts';
import type { AllowList } from './addresses.ts';
import { blockedAddress } from './url-policy.ts';

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;
/** `dns.lookup` with `all: true`; tests give their own. */
export type ResolveAll = (
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export const resolveBySystem: ResolveAll = (hostname, options, callback) => systemLookup(hostname, { ...options, all: true }, callback);

export interface AgentOptions {
  allow: AllowList;
  connectTimeoutMs: number;
  headersTimeoutMs: number;
  resolve?: ResolveAll | undefined;
  /** Trusted certificates of a test server; never set in production. */
  ca?: string | undefined;
}

/** An undici agent that connects only to allowed addresses. HTTP/1.1, keep-alive, no proxy from the environment. */
export function createGuardedAgent(options: AgentOptions): Agent {
  const resolve = options.resolve ?? resolveBySystem;
  const connect: buildConnector.connector = (target, callback) => {
    const host = bareHost(target.hostname);
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    const listed = isListedPlace(options.allow, host, port);
    if (isLiteral(host) && !isAllowedAddress(options.allow, host, listed)) return callback(blockedAddress(host, port), null);
    const base = buildConnector({
      allowH2: false,
      timeout: options.connectTimeoutMs,
      lookup: guardedLookup(resolve, options.allow, listed, port),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    } as buildConnector.BuildOptions);
    base(target, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error !== null) return callback(error, null);
      const remote = socket.remoteAddress;
      if (remote === undefined || !isAllowedAddress(options.allow, remote, listed)) {
        socket.destroy();
        return callback(blockedAddress(host, port), null);
      }
      return callback(null, socket);
    });
  };
  return new Agent({
    connect,
    allowH2: false,
    connections: 128,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 30_000,
    headersTimeout: options.headersTimeoutMs,
    maxHeaderSize: 32_768,
  });
}

/** Refuses the whole name when any of its addresses is refused: a mixed answer is an attack, not a choice. */
export function guardedLookup(resolve: ResolveAll, allow: AllowList, listed: boolean, port: number) {
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    resolve(hostname, options, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const first = addresses[0];
      if (first === undefined) return callback(Object.assign(new Error(`no address for ${hostname}`), { code: 'ENOTFOUND' }), []);
      if (addresses.some(({ address }) => !isAllowedAddress(allow, address, listed))) return callback(blockedAddress(hostname, port), []);
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}
