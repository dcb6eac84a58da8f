/**
 * Sockets of the database that do not stay silent for ever. A host that is gone, a firewall that forgot the connection or a proxy that hangs says
 * nothing, and the driver would wait for an answer without end; the system's own limits are hours.
 */
import { connect, type Socket } from 'node:net';

/** What postgres.js tells of a connection it wants. */
interface Wanted {
  host: string[];
  port: number[];
  path?: string | undefined;
  /** None on the connection that listens: it may be silent. */
  idle_timeout: number | null;
}

/**
 * The driver's `socket` option. The driver closes an idle connection by itself, so one on which nothing has moved for `silentMs` (which must be longer
 * than that) waits for an answer that does not come: it is closed, and its queries fail as on any lost connection.
 */
export function watchedSocket(silentMs: number): (wanted: Wanted) => Socket {
  let next = 0;
  return ({ host, port, path, idle_timeout: idle }) => {
    const n = next % Math.max(host.length, 1);
    next += 1;
    const socket = path ? connect(path) : connect({ host: host[n] ?? 'localhost', port: port[n] ?? 5432 });
    if (idle !== null) watch(socket, silentMs);
    // For the name that a certificate is checked against.
    return Object.assign(socket, { host: host[n] });
  };
}

/** By a clock of its own: the driver takes away the socket's listeners when it turns to TLS. */
function watch(socket: Socket, silentMs: number): void {
  let moved = 0;
  let since = performance.now();
  const timer = setInterval(() => {
    const now = socket.bytesRead + socket.bytesWritten;
    if (socket.destroyed) clearInterval(timer);
    // Before the first word the driver's own limit for connecting holds.
    else if (now !== moved || socket.bytesRead === 0) [moved, since] = [now, performance.now()];
    else if (performance.now() - since >= silentMs) socket.destroy();
  }, silentMs / 15);
  timer.unref();
}
