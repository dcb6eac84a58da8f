/**
 * Loaded into the API and the worker of the proof by NODE_OPTIONS: the vendors' hosts lead to the far end on this machine, without TLS. Everything else is as in
 * production: the SDKs, the guard, the hosts of a credential.
 */
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net, { type NetConnectOpts, type Socket, type TcpNetConnectOpts } from 'node:net';
import tls, { type ConnectionOptions, type TLSSocket } from 'node:tls';

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
