/**
 * Loaded into the API and the worker of the proof by NODE_OPTIONS: the vendors' hosts lead to the far end on this machine, without TLS. Everything else is as in
 * production: the SDKs, the guard, the hosts of a credential.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { NetConnectOpts, Socket, TcpNetConnectOpts } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';

const require = createRequire(import.meta.url);
const dns = require('node:dns') as typeof import('node:dns');
const net = require('node:net') as typeof import('node:net');
const tls = require('node:tls') as typeof import('node:tls');
// oxlint-disable-next-line no-restricted-properties -- this file is no part of a process of ours: it stands in for the internet
const [port = '0', ...hosts] = (process.env['CANARY_VENDORS'] ?? '').split(',');
const vendors = new Set(hosts);

const { lookup } = dns;
type Found = (error: null, address: unknown, family?: number) => void;
dns.lookup = ((name: string, options: { all?: boolean }, found: Found) => {
  if (!vendors.has(name)) return (lookup as (...given: unknown[]) => void)(name, options, found);
  return options.all === true ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4);
}) as typeof dns.lookup;

const secure = tls.connect;
tls.connect = ((options: ConnectionOptions, ...more: unknown[]): TLSSocket | Socket => {
  if (!vendors.has(options.servername ?? options.host ?? '')) return (secure as (...given: unknown[]) => TLSSocket)(options, ...more);
  const { host = '', lookup: find } = options as TcpNetConnectOpts;
  const socket = net.connect({ host, port: Number(port), ...(find === undefined ? {} : { lookup: find }) } as NetConnectOpts);
  socket.once('connect', () => socket.emit('secureConnect'));
  return socket;
}) as typeof tls.connect;
syncBuiltinESMExports();
