/** F6: what third parties do wrong, each with its documented end, against a local stub. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { errorCode } from '../errors.ts';
import { parseAllowList } from './addresses.ts';
import { createOutbound } from './create-outbound.ts';
import type { Outbound, OutboundRequest } from './outbound.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}
let seen: Seen[] = [];
const servers: Server[] = [];
let a = '';
let b = '';
let outbound: Outbound;
/** For what never answers, or never to the end. */
const impatient = { headersTimeoutMs: 500, totalTimeoutMs: 1_000 };

const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/ok': (_q, r) => void r.setHeader('content-type', 'text/plain').end('fine'),
  '/hang': () => undefined,
  '/half': (_q, r) => {
    r.writeHead(200, { 'content-length': '1000' });
    r.write('half', () => r.destroy());
  },
  '/early-close': (q) => void q.socket.destroy(),
  '/slow': (_q, r) => {
    r.writeHead(200);
    r.write('x');
  },
  '/gzip': (_q, r) => void r.setHeader('content-encoding', 'gzip').end(gzipSync('packed text')),
  '/empty-gzip': (_q, r) => void r.writeHead(204, { 'content-encoding': 'gzip' }).end(),
  '/br': (_q, r) => void r.setHeader('content-encoding', 'br').end(brotliCompressSync('packed text')),
  '/bomb': (_q, r) => void r.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(8_000_000))),
  '/double-bomb': (_q, r) => void r.setHeader('content-encoding', 'gzip, gzip').end(gzipSync(gzipSync(Buffer.alloc(8_000_000)))),
  '/not-gzip': (_q, r) => void r.setHeader('content-encoding', 'gzip').end('plain'),
  '/cut-gzip': (_q, r) => void r.setHeader('content-encoding', 'gzip').end(gzipSync('packed text'.repeat(100)).subarray(0, 20)),
  '/odd-encoding': (_q, r) => void r.setHeader('content-encoding', 'sdch').end('x'),
  '/big': (_q, r) => {
    r.writeHead(200);
    const chunk = Buffer.alloc(65_536, 97);
    const more = (): void => {
      while (!r.destroyed && r.write(chunk));
      if (!r.destroyed) r.once('drain', more);
    };
    more();
  },
  '/loop': (_q, r) => void r.writeHead(302, { location: '/loop' }).end(),
  '/to-ok': (_q, r) => void r.writeHead(302, { location: '/ok' }).end(),
  '/to-b': (_q, r) => void r.writeHead(302, { location: `${b}/ok` }).end(),
  '/to-b-307': (_q, r) => void r.writeHead(307, { location: `${b}/ok` }).end(),
  '/to-self-307': (_q, r) => void r.writeHead(307, { location: '/ok' }).end(),
  '/to-metadata': (_q, r) => void r.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  '/to-file': (_q, r) => void r.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/to-userinfo': (_q, r) => void r.writeHead(302, { location: 'https://a:b@example.com/' }).end(),
  '/to-nowhere': (_q, r) => void r.writeHead(302, { location: 'http://[' }).end(),
  '/big-headers': (_q, r) => void r.setHeader('x-big', 'a'.repeat(40_000)).end('x'),
};

function serve(): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request
      .on('error', () => undefined)
      .on('data', (chunk) => (body += String(chunk)))
      .on('end', () => {
        const url = request.url ?? '';
        seen.push({ method: request.method ?? '', url, headers: request.headers, body });
        (routes[url.split('?')[0] ?? ''] ?? ((_q, r) => void r.writeHead(404).end('none')))(request, response);
      });
  });
  servers.push(server);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)));
}

beforeAll(async () => {
  [a, b] = await Promise.all([serve(), serve()]);
  outbound = createOutbound({ allow: parseAllowList(`${a.slice(7)},${b.slice(7)}`) });
});
afterAll(async () => {
  await outbound.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});
beforeEach(() => {
  seen = [];
});

async function end(request: OutboundRequest): Promise<string> {
  try {
    const answer = await outbound.request(request);
    return `${answer.status} ${Buffer.from(await answer.bytes())
      .toString()
      .slice(0, 50)}`;
  } catch (error) {
    return `${(error as { kind?: string }).kind} ${errorCode(error)}`;
  }
}

describe('faults of third parties end as documented', () => {
  it.each([
    ['/ok', '200 fine'],
    ['/gzip', '200 packed text'],
    ['/br', '200 packed text'],
    ['/none', '404 none'],
    ['/hang', 'transient http.timeout'],
    ['/half', 'transient http.connection-lost'],
    ['/early-close', 'transient http.connection-lost'],
    ['/slow', 'transient http.timeout'],
    ['/bomb', 'user http.decompression-ratio'],
    ['/double-bomb', 'user http.decompression-ratio'],
    ['/not-gzip', 'user http.bad-encoding'],
    ['/cut-gzip', 'transient http.truncated'],
    ['/odd-encoding', 'user http.unknown-encoding'],
    ['/big', 'user http.body-too-large'],
    ['/loop', 'user http.too-many-redirects'],
    ['/to-ok', '200 fine'],
    ['/to-metadata', 'user http.blocked-address'],
    ['/to-file', 'user http.blocked-scheme'],
    ['/to-userinfo', 'user http.user-info'],
    ['/to-nowhere', 'user http.bad-redirect'],
    ['/big-headers', 'user http.headers-too-large'],
  ])('%s ends with %s', async (path, want) => {
    expect(await end({ url: `${a}${path}`, ...(want.endsWith('http.timeout') ? { limits: impatient } : {}) })).toBe(want);
  });

  it('says when nothing listens and when a name does not exist, and that nothing was done', async () => {
    const other = createOutbound({
      allow: parseAllowList('127.0.0.1:1'),
      resolve: (_n, _o, callback) => callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []),
    });
    await expect(other.request({ url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({ code: 'http.not-connected', didNothing: true });
    await expect(other.request({ url: 'https://nothing.example/' })).rejects.toMatchObject({ code: 'http.name-not-found', didNothing: true });
    await other.close();
  });

  it('takes the first of two answers to one request, and says when TLS is spoken to a plain port', async () => {
    const twice = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfirst';
    const raw = createTcpServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end(twice + twice)));
    const port = await new Promise<number>((resolve) => raw.listen(0, '127.0.0.1', () => resolve((raw.address() as AddressInfo).port)));
    const own = createOutbound({ allow: parseAllowList(`127.0.0.1:${port}`) });
    const answer = await own.request({ url: `http://127.0.0.1:${port}/` });
    expect(Buffer.from(await answer.bytes()).toString()).toBe('first');
    await expect(own.request({ url: `https://127.0.0.1:${port}/` })).rejects.toMatchObject({ code: 'http.tls', kind: 'user' });
    await own.close();
    raw.close();
  });

  it('reads an announced encoding of an empty body as empty', async () => {
    expect(await end({ url: `${a}/gzip`, method: 'HEAD' })).toBe('200 ');
    expect(await end({ url: `${a}/empty-gzip` })).toBe('204 ');
  });

  it('survives an answer that nobody reads', async () => {
    await outbound.request({ url: `${a}/slow`, limits: impatient });
    await expect(outbound.request({ url: `${a}/slow`, limits: impatient }).then((answer) => answer.bytes())).rejects.toMatchObject({
      code: 'http.timeout',
    });
  });

  it("follows the caller's own abort with its reason, before and in the middle of the answer", async () => {
    const before = AbortSignal.abort(new Error('cancelled'));
    await expect(outbound.request({ url: `${a}/ok`, signal: before })).rejects.toThrow('cancelled');
    const control = new AbortController();
    const answer = await outbound.request({ url: `${a}/slow`, signal: control.signal, limits: { totalTimeoutMs: 60_000 } });
    const reading = answer.bytes();
    control.abort(new Error('cancelled later'));
    await expect(reading).rejects.toThrow('cancelled later');
  });
});

describe('credentials', () => {
  const allowed = () => ({ allowedHosts: [a.slice(7)], headers: { authorization: 'Bearer T' }, query: { key: 'Q' } });

  it('go to an allowed host, also over a redirect within it', async () => {
    expect(await end({ url: `${a}/to-ok?x=1`, credential: allowed() })).toBe('200 fine');
    expect(seen.map(({ url }) => url)).toEqual(['/to-ok?x=1&key=Q', '/ok?key=Q']);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer T', 'Bearer T']);
  });

  it('are refused for other hosts and over plain http to unlisted ones', async () => {
    expect(await end({ url: `${b}/ok`, credential: allowed() })).toBe('user http.host-not-allowed');
    expect(await end({ url: 'http://example.com/', credential: { allowedHosts: ['example.com'], headers: { authorization: 'x' } } })).toBe(
      'user http.credential-over-http',
    );
    expect(await end({ url: 'http://example.com/', headers: { Authorization: 'typed in' } })).toBe('user http.credential-over-http');
    expect(seen).toEqual([]);
  });

  it('never leave the origin: headers of any name are dropped with them', async () => {
    expect(await end({ url: `${a}/to-b`, credential: allowed(), headers: { 'x-own-key': 'K', cookie: 'c=1', accept: 'text/plain' } })).toBe(
      '200 fine',
    );
    const last = seen.at(-1);
    expect(last?.headers).toMatchObject({ accept: 'text/plain' });
    expect(last?.headers.authorization ?? last?.headers['x-own-key'] ?? last?.headers.cookie).toBeUndefined();
    expect(last?.url).toBe('/ok');
  });

  it('keep a body on its origin', async () => {
    expect(await end({ url: `${a}/to-b-307`, method: 'POST', body: 'secret body' })).toBe('user http.redirect-with-body');
    expect(seen.map(({ url }) => url)).toEqual(['/to-b-307']);
    expect(await end({ url: `${a}/to-self-307`, method: 'POST', body: 'mine' })).toBe('200 fine');
    expect(seen.at(-1)).toMatchObject({ method: 'POST', body: 'mine' });
    expect(await end({ url: `${a}/to-b`, method: 'POST', body: 'mine', headers: { 'content-type': 'text/plain' } })).toBe('200 fine');
    expect(seen.at(-1)).toMatchObject({ method: 'GET', body: '' });
    expect(seen.at(-1)?.headers['content-type']).toBeUndefined();
  });
});

describe('requests', () => {
  it('refuses headers that smuggle and methods it does not know', async () => {
    for (const name of ['Host', 'Transfer-Encoding', 'Content-Length', 'Connection', 'Upgrade'])
      expect(await end({ url: `${a}/ok`, headers: { [name]: 'x' } })).toBe('user http.forbidden-header');
    for (const headers of [{ 'x-a': 'a\r\nx-b: c' }, { 'bad name': 'x' }, { 'x-a': 'snow ☃' }])
      expect(await end({ url: `${a}/ok`, headers: headers as Record<string, string> })).toBe('user http.bad-request');
    expect(await end({ url: `${a}/ok`, method: 'CONNECT' })).toBe('user http.bad-request');
    expect(seen).toEqual([]);
  });

  it('never shows a query in its messages', async () => {
    await expect(outbound.request({ url: `${a}/hang?token=SECRET`, limits: impatient })).rejects.not.toThrow(/SECRET/);
    await expect(outbound.request({ url: `${a}/loop?token=SECRET` })).rejects.not.toThrow(/SECRET/);
  });

  it('ignores proxies of the environment', async () => {
    const before = process.env['HTTP_PROXY'];
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:1';
    try {
      expect(await end({ url: `${a}/ok` })).toBe('200 fine');
    } finally {
      if (before === undefined) delete process.env['HTTP_PROXY'];
      else process.env['HTTP_PROXY'] = before;
    }
  });

  it('serves as fetch: bodies out and in, unpacked, errors of ours', async () => {
    const packed = await outbound.fetch(`${a}/gzip`);
    expect(await packed.text()).toBe('packed text');
    expect(packed.headers.get('content-encoding')).toBeNull();
    await outbound.fetch(new URL(`${a}/ok`), { method: 'POST', body: JSON.stringify({ x: 1 }), headers: { 'content-type': 'application/json' } });
    expect(seen.at(-1)).toMatchObject({ method: 'POST', body: '{"x":1}' });
    await expect(outbound.fetch('http://10.0.0.1/')).rejects.toMatchObject({ code: 'http.blocked-address' });
    await expect(outbound.fetch('https://a:b@example.com/')).rejects.toMatchObject({ code: 'http.bad-url' });
  });
});
