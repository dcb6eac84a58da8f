/** The far end of the proofs: a third party that logs each effect key it receives. It is the judge of loss and duplication. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Stub {
  url: string;
  hostPort: string;
  /** Calls received per effect key (header `idempotency-key`), in order of arrival. */
  received: Map<string, number>;
  /** Keys applied: the first call of each key that reached its answer. */
  applied: Set<string>;
  /** Calls whose key had come before: when they came, and when the last call of that key was answered, if it was (ms since 1970). */
  repeats: Repeat[];
  /** Effect keys of the calls that wait for their answer. */
  openKeys: () => string[];
  /** Calls that wait for their answer, and all that came. */
  openCalls: () => number;
  calls: () => number;
  close: () => Promise<void>;
}

export interface Repeat {
  at: number;
  answeredAt: number | undefined;
}

/** `/flaky?key=k` answers 503 twice per key, then 200. `GET|POST /work?ms=100&n=7` answers `{ ok, n }` after `ms`. A call that is broken off before its answer is received but not applied. */
export async function startStub(): Promise<Stub> {
  const received = new Map<string, number>();
  const applied = new Set<string>();
  const answeredAt = new Map<string, number>();
  const repeats: Repeat[] = [];
  const open = new Set<{ key: string }>();
  const flaky = new Map<string, number>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stub.invalid');
    const key = String(request.headers['idempotency-key'] ?? '');
    if (received.has(key)) repeats.push({ at: Date.now(), answeredAt: answeredAt.get(key) });
    received.set(key, (received.get(key) ?? 0) + 1);
    const call = { key };
    open.add(call);
    response.once('close', () => open.delete(call));
    request.resume();
    if (url.pathname === '/flaky' && timesSeen(flaky, url.searchParams.get('key') ?? '') <= 2) {
      response.statusCode = 503;
      response.end();
      return;
    }
    const answer = setTimeout(
      () => {
        if (response.destroyed) return;
        applied.add(key);
        answeredAt.set(key, Date.now());
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ ok: true, n: Number(url.searchParams.get('n') ?? 0) }));
      },
      Number(url.searchParams.get('ms') ?? 0),
    );
    response.once('close', () => clearTimeout(answer));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hostPort: `127.0.0.1:${port}`,
    received,
    applied,
    repeats,
    openKeys: () => [...open].map(({ key: one }) => one),
    openCalls: () => open.size,
    calls: () => [...received.values()].reduce((sum, count) => sum + count, 0),
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function timesSeen(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}
