/** The far end of the acceptance cases: answers late, or fails a number of times. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `?ms=` waits, `?key=k&failures=2&status=503` fails the first two calls of that key; else 200 `{ n, method, body }`; `/heard?key=k` tells headers and body of the last call of that key; `/rows?` gives `{ items, asked }`: what a PUT there last said, and how often it was read since. */
export async function startFarEnd(): Promise<{ url: string; hostPort: string; close: () => Promise<void> }> {
  const calls = new Map<string, number>();
  const heard = new Map<string, object>();
  const rows = new Map<string, Rows>();
  const server = createServer((request, response) => {
    const { searchParams: asked } = new URL(request.url ?? '/', 'http://far-end.invalid');
    const number = (name: string, usual: number): number => Number(asked.get(name) ?? usual);
    const key = asked.get('key') ?? '';
    if (request.url?.includes('/heard?') === true) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(heard.get(key) ?? null));
      return;
    }
    if (request.url?.includes('/rows?') === true) {
      keepRows(rows, (request.url ?? '').split('?')[0] ?? '', request, response);
      return;
    }
    const n = (calls.get(key) ?? 0) + 1;
    calls.set(key, n);
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => {
      if (key !== '') heard.set(key, { headers: request.headers, body: Buffer.concat(parts).toString() });
      const answer = setTimeout(
        () => {
          response.statusCode = n <= number('failures', 0) ? number('status', 503) : 200;
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify({ n, method: request.method, body: Buffer.concat(parts).toString() }));
        },
        number('ms', 0),
      );
      response.once('close', () => clearTimeout(answer));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const hostPort = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${hostPort}`,
    hostPort,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

interface Rows {
  /** JSON. */
  text: string;
  asked: number;
}

function keepRows(rows: Map<string, Rows>, place: string, request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.once('end', () => {
    const before = rows.get(place) ?? { text: '[]', asked: 0 };
    const now = request.method === 'PUT' ? { text: Buffer.concat(parts).toString(), asked: 0 } : { ...before, asked: before.asked + 1 };
    rows.set(place, now);
    response.setHeader('content-type', 'application/json');
    response.end(`{"items":${now.text},"asked":${before.asked}}`);
  });
}
