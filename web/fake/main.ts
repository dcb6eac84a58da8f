/** A server with the built pages on made-up data, for looking and for tests: `node web/fake/main.ts [port]`. Never part of the product. */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer } from 'ws';
import { createWebHandler } from '../server.ts';
import { fakeApi } from './api.ts';
import { at, runs } from './store.ts';

const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' };

/** Sends a frame for each batch of changes of a run while it goes on. */
function serveLive(server: Server): void {
  const sockets = new WebSocketServer({ server, path: '/api/v1/live' });
  sockets.on('connection', (socket, request) => {
    const search = new URL(request.url ?? '', 'http://fake').searchParams;
    const fake = runs.find(({ run }) => run.id === search.get('run'));
    let seq = Number(search.get('lastSeq') ?? 0);
    if (!fake) {
      socket.close(4404);
      return;
    }
    socket.send(JSON.stringify({ type: 'ready', run: fake.run.id, lastSeq: seq }));
    const timer = setInterval(() => {
      const { rows, run } = at(fake);
      const now = rows.length + rows.filter((row) => row.completedAt).length + (run.completedAt ? 1 : 0);
      if (now <= seq) return;
      seq = now;
      socket.send(
        JSON.stringify({
          type: 'event',
          seq,
          at: new Date().toISOString(),
          event: 'step.completed',
          nodeId: null,
          path: null,
          iteration: null,
          attempt: null,
          status: '',
          refs: {},
        }),
      );
    }, 100);
    socket.on('close', () => clearInterval(timer));
  });
}

/** The API from outside, as the builder calls it. */
async function passOn(req: IncomingMessage, res: ServerResponse, api: typeof fakeApi): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) if (typeof value === 'string') headers.set(name, value);
  const body = parts.length > 0 ? { body: Buffer.concat(parts) } : {};
  const answer = await api(new Request(new URL(req.url ?? '/', 'http://fake'), { method: req.method ?? 'GET', headers, ...body }));
  res.writeHead(answer.status, Object.fromEntries(answer.headers));
  res.end(Buffer.from(await answer.arrayBuffer()));
}

/** Starts the fake on `port` (0: any free one), with the pages built in `dist`. `api` stands in for the fake's own answers. */
export async function startFake(
  port: number,
  dist = join(import.meta.dirname, '..', 'dist'),
  api = fakeApi,
): Promise<{ url: string; close: () => Promise<void> }> {
  const web = await createWebHandler({ dist, api });
  const server = createServer((req, res) => {
    const path = normalize(new URL(req.url ?? '/', 'http://fake').pathname);
    const file = join(web.assetsDir, path);
    if (path.startsWith('/assets/') && existsSync(file)) {
      res.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
      res.setHeader('cache-control', 'public, max-age=31536000, immutable');
      createReadStream(file).pipe(res);
    } else if (path.startsWith('/api/')) void passOn(req, res, api);
    else web.listener(req, res);
  });
  serveLive(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

if (import.meta.main)
  console.log(
    `Pages on made-up data: ${(await startFake(Number(process.argv[2] ?? 3100))).url} (cookie fake=owner|viewer|empty|broken|many; any e-mail with "correct horse battery")`,
  );
