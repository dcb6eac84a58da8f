// Free TCP ports, and keeping the same ones from start to start.
import { createConnection, createServer } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';

/** @typedef {{ app: number, postgres: number, temporal: number, temporalUi: number }} Ports */

/**
 * Whether nobody listens on the port of this machine. Both addresses are tried: a server on ::1 alone would still catch `localhost`.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export async function isFree(port) {
  for (const host of ['127.0.0.1', '::1']) {
    if ((await tryListen(port, host)) === 'taken') return false;
  }
  return true;
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number | 'taken' | 'no-such-address'>}
 */
function tryListen(port, host) {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      done(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT' ? 'no-such-address' : 'taken');
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const got = typeof address === 'object' && address ? address.port : port;
      server.close(() => done(got));
    });
  });
}

/**
 * A port that is free now, chosen by the system.
 * @param {ReadonlySet<number>} [except]
 * @returns {Promise<number>}
 */
export async function freePort(except = new Set()) {
  for (let i = 0; i < 50; i += 1) {
    const port = await tryListen(0, '127.0.0.1');
    if (typeof port === 'number' && !except.has(port) && (await isFree(port))) return port;
  }
  throw new Error('No free TCP port could be found on 127.0.0.1.');
}

/**
 * The first free port from `first` upwards.
 * @param {number} first
 * @param {(port: number) => Promise<boolean>} free
 * @param {ReadonlySet<number>} [except]
 * @returns {Promise<number>}
 */
export async function nextFreePort(first, free = isFree, except = new Set()) {
  for (let port = first; port < Math.min(first + 200, 65_536); port += 1) {
    if (!except.has(port) && (await free(port))) return port;
  }
  return freePort(except);
}

/**
 * The ports of this start: those of the last one where they are still free (or held by a process of ours that is taken over), else new ones.
 * @param {Partial<Ports>} last
 * @param {{ wanted?: number | undefined, held?: ReadonlySet<number>, free?: (port: number) => Promise<boolean> }} [options] `wanted`: the first port to try for the app (PORT)
 * @returns {Promise<Ports>}
 */
export async function choosePorts(last, { wanted, held = new Set(), free = isFree } = {}) {
  /** @type {Set<number>} */
  const taken = new Set();
  /** @param {number | undefined} port */
  const usable = async (port) => port !== undefined && !taken.has(port) && (held.has(port) || (await free(port)));
  /** @param {number} port */
  const take = (port) => {
    taken.add(port);
    return port;
  };
  const first = wanted ?? last.app ?? 3000;
  const app = take((await usable(first)) ? first : await nextFreePort(wanted ?? 3000, free));
  /** @param {number | undefined} port @param {number} first */
  const keep = async (port, first) => take(port !== undefined && (await usable(port)) ? port : await nextFreePort(first, free, taken));
  return {
    app,
    postgres: await keep(last.postgres, 54_329),
    temporal: await keep(last.temporal, 7233),
    temporalUi: await keep(last.temporalUi, 8233),
  };
}

/**
 * @param {string} file
 * @returns {Partial<Ports>}
 */
export function readPorts(file) {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8'));
    /** @type {Partial<Ports>} */
    const ports = {};
    for (const name of /** @type {const} */ (['app', 'postgres', 'temporal', 'temporalUi'])) {
      const port = read?.[name];
      if (Number.isInteger(port) && port > 0 && port < 65_536) ports[name] = port;
    }
    return ports;
  } catch {
    return {};
  }
}

/**
 * @param {string} file
 * @param {Ports} ports
 */
export function writePorts(file, ports) {
  writeFileSync(file, `${JSON.stringify(ports, null, 2)}\n`);
}

/**
 * Whether something accepts connections on the port.
 * @param {number} port
 * @param {number} [timeoutMs]
 * @returns {Promise<boolean>}
 */
export function answers(port, timeoutMs = 1000) {
  return new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    /** @param {boolean} yes */
    const end = (yes) => {
      socket.destroy();
      done(yes);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
