/** Lines that can be spoilt: a Toxiproxy server of the proof's own, with a port per link. */
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../bootstrap/ports.mjs';
import { goTool } from './go-tool.ts';
import { spawnKept } from './kept.ts';

const tool = { name: 'toxiproxy-server', from: 'github.com/Shopify/toxiproxy/v2/cmd/server', version: 'v2.12.0' };
const startMs = 10_000;

/** A fault of a line, in Toxiproxy's words. */
export interface Toxic {
  type: 'latency' | 'timeout' | 'reset_peer' | 'bandwidth' | 'slow_close' | 'limit_data';
  attributes: Record<string, number>;
  /** Share of the connections that it meets; all where left out. */
  toxicity?: number;
}

export interface Line {
  name: string;
  /** `127.0.0.1:port`, to be used instead of the far end's own. */
  at: string;
  /** Spoils what comes back from the far end; what was spoilt before is well again. */
  spoil: (toxic: Toxic) => Promise<void>;
  heal: () => Promise<void>;
}

export interface Toxiproxy {
  /** A line to `upstream` (host:port). */
  line: (name: string, upstream: string) => Promise<Line>;
  stop: () => Promise<void>;
}

/** Starts one; compiles it on first use. */
export async function startToxiproxy(log: (line: string) => void): Promise<Toxiproxy> {
  const binary = await goTool(tool, log);
  const port = await freePort();
  const server = spawnKept(binary, ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore', detached: true, env: { LOG_LEVEL: 'error' } });
  const ended = new Promise<void>((done) => server.once('exit', () => done()));
  const call = async (method: string, path: string, body?: object): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5_000),
    });
    const text = await answer.text();
    // Removing a toxic that is not there is what was wanted.
    if (!answer.ok && !(method === 'DELETE' && answer.status === 404)) throw new Error(`Toxiproxy ${method} ${path}: ${answer.status} ${text}`);
  };
  const up = (): Promise<boolean> =>
    call('GET', '/version').then(
      () => true,
      () => false,
    );
  for (const end = Date.now() + startMs; !(await up()); await delay(50))
    if (Date.now() > end || server.exitCode !== null) throw new Error('Toxiproxy did not start.');
  return {
    async line(name, upstream) {
      const at = `127.0.0.1:${await freePort()}`;
      await call('POST', '/proxies', { name, listen: at, upstream, enabled: true });
      const heal = (): Promise<void> => call('DELETE', `/proxies/${name}/toxics/fault`);
      const spoil = async ({ type, attributes, toxicity = 1 }: Toxic): Promise<void> => {
        await heal();
        await call('POST', `/proxies/${name}/toxics`, { name: 'fault', type, stream: 'downstream', toxicity, attributes });
      };
      return { name, at, spoil, heal };
    },
    async stop() {
      server.kill('SIGKILL');
      await ended;
    },
  };
}
