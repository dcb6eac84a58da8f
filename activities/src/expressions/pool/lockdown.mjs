/**
 * Loaded before anything else in a child: takes the network and process builtins away. The permission model already denies files,
 * processes, threads and add-ons; Node 24 cannot deny the network, so it is removed here (05).
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const closed = new Set([
  'net',
  'dns',
  'dns/promises',
  'dgram',
  'tls',
  'http',
  'https',
  'http2',
  'child_process',
  'cluster',
  'worker_threads',
  'inspector',
  'inspector/promises',
  'vm',
  'repl',
  'wasi',
  'sqlite',
  'trace_events',
  'v8',
  'diagnostics_channel',
]);
function denied() {
  throw new Error('This is closed in here');
}

for (const name of [
  'fetch',
  'WebSocket',
  'EventSource',
  'Request',
  'Response',
  'Headers',
  'FormData',
  'XMLHttpRequest',
  'navigator',
  'BroadcastChannel',
])
  delete globalThis[name];
net.Socket.prototype.connect = denied;
net.Server.prototype.listen = denied;
for (const name of ['connect', 'createConnection', 'createServer']) net[name] = denied;
for (const name of Object.keys(dns)) if (typeof dns[name] === 'function') dns[name] = denied;
for (const name of Object.keys(dns.promises)) if (typeof dns.promises[name] === 'function') dns.promises[name] = denied;
dgram.createSocket = denied;
dgram.Socket.prototype.send = denied;
dgram.Socket.prototype.bind = denied;
syncBuiltinESMExports();
process.binding = denied;
process.dlopen = denied;
process.kill = denied;

registerHooks({
  resolve(specifier, context, next) {
    if (closed.has(specifier.replace(/^node:/, ''))) throw new Error(`${specifier} is closed in here`);
    return next(specifier, context);
  },
});
// Nothing may be added to what every object has. (Values can still be changed, or data with a key like `toString` could not be built.)
for (const type of [Object, Array, Function, String, Number, Boolean, Promise, Map, Set, RegExp, Error, Date]) {
  void Object.seal(type.prototype);
}
