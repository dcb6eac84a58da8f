import { gzipSync } from 'node:zlib';

import { errorCode } from '@hub/kit/errors';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import type { Outbound } from '@hub/kit/http';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { LiveCredential } from '../../../../ports.ts';
import { isIdempotent, parseParams } from '../../../params.ts';
import { contextFor, memoryFiles } from '../../../testing/context.ts';
import { runRequest } from './run.ts';
import { requestSpec } from './spec.ts';
import { retryAfterMs } from './status.ts';

let stub: FastifyInstance;
let http: Outbound;
let base = '';
let seen: { method: string; url: string; headers: Record<string, unknown>; body: unknown }[] = [];

const items = Array.from({ length: 25 }, (_, id) => ({ id }));
type Route = (request: FastifyRequest, reply: FastifyReply) => unknown;
const page = (request: FastifyRequest) => Number((request.query as Record<string, string>)['page'] ?? 1);
const routes: Record<string, Route> = {
  '/json': () => ({ ok: true, data: { id: 7 } }),
  '/text': (_q, r) => r.type('text/plain; charset=iso-8859-1').send(Buffer.from('gr\xfcn', 'latin1')),
  '/bytes': (_q, r) =>
    r
      .type('image/png')
      .header('content-disposition', 'attachment; filename="../pic.png"')
      .send(Buffer.from([1, 2, 3])),
  '/empty': (_q, r) => r.code(204).send(),
  '/echo': (request) => ({ method: request.method, body: request.body ?? null }),
  '/bad-utf8': (_q, r) => r.type('text/plain').send(Buffer.from([0x61, 0xff])),
  '/cut-json': (_q, r) => r.type('application/json').send('{"a": [1, 2'),
  '/html': (_q, r) => r.type('text/html').send('<h1>hi</h1>'),
  '/deep': (_q, r) => r.type('application/json').send(`${'['.repeat(70)}${']'.repeat(70)}`),
  '/bomb': (_q, r) =>
    r
      .type('application/json')
      .header('content-encoding', 'gzip')
      .send(gzipSync(Buffer.alloc(5_000_000, 32))),
  '/loop': (_q, r) => r.redirect('/loop'),
  '/metadata': (_q, r) => r.redirect('http://169.254.169.254/latest/meta-data'),
  '/leak': (request, r) => r.code(400).send({ error: `bad key ${String(request.headers.authorization)}` }),
  '/mirror': (request, r) => r.header('x-seen', String(request.headers.authorization)).send({ seen: [request.headers.authorization], other: 7 }),
  '/limit': (_q, r) => r.code(429).header('retry-after', '7').send('slow down'),
  '/pages': (request) => ({ data: items.slice((page(request) - 1) * 10, page(request) * 10) }),
  '/cursor': (request) => {
    const from = Number((request.query as Record<string, string>)['after'] ?? 0);
    return { items: items.slice(from, from + 10), meta: { next: from + 10 < items.length ? String(from + 10) : null } };
  },
  '/stuck': () => ({ items: [1], meta: { next: 'same' } }),
  '/links': (request, r) =>
    r
      .header('link', page(request) < 3 ? `<${base}/other>; rel="prev", </links?page=${page(request) + 1}>; rel="next"` : '')
      .send(items.slice((page(request) - 1) * 10, page(request) * 10)),
};

beforeAll(async () => {
  stub = fastify({ forceCloseConnections: true });
  stub.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  stub.removeContentTypeParser('application/json');
  for (const [path, handler] of Object.entries(routes)) {
    stub.all(path, (request, reply) => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body: request.body });
      return handler(request, reply);
    });
  }
  stub.all('/status/:code', (request, reply) => reply.code(Number((request.params as { code: string }).code)).send({ why: 'because' }));
  base = await stub.listen({ port: 0, host: '127.0.0.1' });
  http = createOutbound({ allow: parseAllowList(base.slice(7)) });
});
afterAll(async () => {
  await http.close();
  await stub.close();
});
beforeEach(() => {
  seen = [];
});

function call(params: Record<string, unknown>, more: { credential?: LiveCredential; files?: ReturnType<typeof memoryFiles> } = {}) {
  const context = contextFor(requestSpec, { ...params, url: `${base}${String(params['url'])}` }, { http, ...more });
  return runRequest(context).then(({ output }) => ({ ...(output as { status: number; body: unknown; pages?: number }), warnings: context.warnings }));
}
async function fault(params: Record<string, unknown>, more: { credential?: LiveCredential } = {}) {
  try {
    await call(params, more);
    return { code: 'no error', kind: '', message: '' };
  } catch (error) {
    return { ...(error as object), code: errorCode(error), message: (error as Error).message } as {
      code: string;
      kind: string;
      message: string;
      retryAfterMs?: number;
      didNothing?: boolean;
      details?: { body: string };
    };
  }
}
const credential = (kind: LiveCredential['kind'], values: Record<string, string>): LiveCredential => ({
  id: 'c',
  kind,
  values,
  allowedHosts: [base.slice(7)],
});

describe('answers', () => {
  it('are parsed by their content type', async () => {
    expect((await call({ url: '/json' })).body).toEqual({ ok: true, data: { id: 7 } });
    expect((await call({ url: '/text' })).body).toBe('grün');
    expect((await call({ url: '/html' })).body).toBe('<h1>hi</h1>');
    expect(await call({ url: '/empty' })).toMatchObject({ status: 204, body: null });
    expect((await call({ url: '/json', response: 'text' })).body).toBe('{"ok":true,"data":{"id":7}}');
    expect(await call({ url: '/bad-utf8' })).toMatchObject({ body: 'a\uFFFD', warnings: ['http.invalid-utf8'] });
  });

  it('become a file where they are neither JSON nor text', async () => {
    const files = memoryFiles();
    expect((await call({ url: '/bytes' }, { files })).body).toMatchObject({ $file: 'file-1', name: '..-pic.png', mime: 'image/png', bytes: 3 });
  });

  it('are checked against what is expected', async () => {
    expect((await call({ url: '/status/404', expect: { status: [200, 404] } })).status).toBe(404);
    expect((await fault({ url: '/json', expect: { fields: ['data.id', 'data.name'] } })).code).toBe('http.unexpected-answer');
    expect((await fault({ url: '/status/200', expect: { status: [201] } })).code).toBe('http.status-200');
  });
});

describe('requests', () => {
  it('send query, headers and bodies of each type, and the idempotency key with what writes', async () => {
    await call({ url: '/echo?x=1', query: { q: 'a b&c', n: 5, list: [1, 2], none: null }, headers: { 'X-Own': 3, none: null } });
    expect(seen[0]?.url).toBe('/echo?x=1&q=a+b%26c&n=5&list=1&list=2');
    expect(seen[0]?.headers).toMatchObject({ 'x-own': '3' });
    expect(seen[0]?.headers['idempotency-key']).toBeUndefined();
    await call({ url: '/echo', method: 'POST', body: { a: [1, null] } });
    expect(seen.at(-1)).toMatchObject({
      method: 'POST',
      body: '{"a":[1,null]}',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'team/run/step/0/0' },
    });
    await call({ url: '/echo', method: 'PUT', body: 'plain' });
    expect(seen.at(-1)).toMatchObject({ body: 'plain', headers: { 'content-type': 'text/plain; charset=utf-8' } });
    await call({ url: '/echo', method: 'POST', bodyType: 'form', body: { a: 'x y', b: [1, 2], c: null } });
    expect(seen.at(-1)).toMatchObject({ body: 'a=x+y&b=1&b=2', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    const files = memoryFiles();
    await call({ url: '/echo', method: 'POST', body: { $file: files.put('file content') } }, { files });
    expect(seen.at(-1)).toMatchObject({ body: 'file content' });
    await call({ url: '/echo', method: 'DELETE' });
    expect(seen.at(-1)).toMatchObject({ method: 'DELETE' });
  });

  it('carry each kind of credential', async () => {
    await call({ url: '/json' }, { credential: credential('bearer', { token: 'T' }) });
    expect(seen.at(-1)?.headers['authorization']).toBe('Bearer T');
    await call({ url: '/json' }, { credential: credential('basic', { username: 'u', password: 'p' }) });
    expect(seen.at(-1)?.headers['authorization']).toBe('Basic dTpw');
    await call({ url: '/json' }, { credential: credential('header', { name: 'X-Token', value: 'V' }) });
    expect(seen.at(-1)?.headers['x-token']).toBe('V');
    await call({ url: '/json' }, { credential: credential('api-key', { value: 'K' }) });
    expect(seen.at(-1)?.headers['x-api-key']).toBe('K');
    await call({ url: '/json?a=1' }, { credential: credential('api-key', { query: 'key', value: 'K' }) });
    expect(seen.at(-1)?.url).toBe('/json?a=1&key=K');
    expect((await fault({ url: '/json' }, { credential: credential('bearer', {}) })).code).toBe('credential.incomplete');
    expect((await fault({ url: '/json' }, { credential: { ...credential('bearer', { token: 'T' }), allowedHosts: ['api.example.com'] } })).code).toBe(
      'http.host-not-allowed',
    );
  });

  it('are idempotent by method, unless the author says otherwise', () => {
    const says = (params: Record<string, unknown>) => isIdempotent(requestSpec, parseParams(requestSpec, { url: 'https://x.example', ...params }));
    expect(['GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'PATCH'].map((method) => says({ method }))).toEqual([true, true, true, true, false, false]);
    expect([says({ method: 'POST', idempotent: true }), says({ method: 'PUT', idempotent: false })]).toEqual([true, false]);
  });
});

describe('errors', () => {
  it.each([400, 401, 403, 404, 405, 409, 410, 415, 422, 451])('%i is final', async (status) => {
    expect(await fault({ url: `/status/${status}` })).toMatchObject({
      code: `http.status-${status}`,
      kind: 'user',
      message: expect.stringContaining('because'),
    });
  });

  it.each([408, 425, 429, 500, 502, 503, 504])('%i may pass', async (status) => {
    expect(await fault({ url: `/status/${status}` })).toMatchObject({
      code: `http.status-${status}`,
      kind: 'transient',
      didNothing: status === 429 || status === 503,
    });
  });

  it('tell how long to wait, at most 15 minutes', async () => {
    expect(await fault({ url: '/limit' })).toMatchObject({ retryAfterMs: 7_000, didNothing: true });
    expect(retryAfterMs('Wed, 21 Oct 2026 07:28:30 GMT', Date.parse('2026-10-21T07:28:00Z'))).toBe(30_000);
    expect([retryAfterMs('999999'), retryAfterMs('-5'), retryAfterMs('soon'), retryAfterMs(undefined)]).toEqual([900_000, 0, undefined, undefined]);
  });

  it('never show the credential that the API echoes', async () => {
    const ended = await fault({ url: '/leak' }, { credential: credential('bearer', { token: 'tok-12345678' }) });
    expect(JSON.stringify([ended.message, ended.details])).not.toContain('tok-12345678');
    expect(ended.message).toContain('[redacted]');
    const echoed = await call({ url: '/mirror' }, { credential: credential('bearer', { token: 'tok-12345678' }) });
    expect(JSON.stringify(echoed)).not.toContain('tok-12345678');
    expect(echoed.body).toEqual({ seen: ['Bearer [redacted]'], other: 7 });
  });

  it.each([
    [{ url: '/cut-json' }, 'http.bad-json', 'transient'],
    [{ url: '/cut-json', method: 'POST' }, 'http.bad-json', 'user'],
    [{ url: '/html', response: 'json' }, 'http.bad-json', 'transient'],
    [{ url: '/deep' }, 'http.too-deep', 'user'],
    [{ url: '/bomb' }, 'http.decompression-ratio', 'user'],
    [{ url: '/loop' }, 'http.too-many-redirects', 'user'],
    [{ url: '/metadata' }, 'http.blocked-address', 'user'],
  ])('%o ends with %s', async (params, code, kind) => {
    expect(await fault(params)).toMatchObject({ code, kind });
  });
});

describe('paging', () => {
  it('reads by page number until a short or an empty page', async () => {
    expect(await call({ url: '/pages', paging: { mode: 'page', items: 'data', pageSize: 10 } })).toMatchObject({ body: items, pages: 3 });
    expect(await call({ url: '/pages', paging: { mode: 'page', items: 'data' } })).toMatchObject({ body: items, pages: 4 });
  });

  it('reads by cursor, by Link header, and stops at the most pages with a warning', async () => {
    expect(await call({ url: '/cursor', paging: { mode: 'cursor', param: 'after', next: 'meta.next', items: 'items' } })).toMatchObject({
      body: items,
      pages: 3,
    });
    expect(await call({ url: '/links', paging: { mode: 'link' } })).toMatchObject({ body: items, pages: 3 });
    expect(await call({ url: '/pages', paging: { mode: 'page', items: 'data', maxPages: 2 } })).toMatchObject({
      pages: 2,
      warnings: ['http.more-pages'],
    });
  });

  it('ends a loop, and says where no list is', async () => {
    expect((await fault({ url: '/stuck', paging: { mode: 'cursor', next: 'meta.next', items: 'items' } })).code).toBe('http.paging-loop');
    expect((await fault({ url: '/json', paging: { mode: 'page' } })).code).toBe('http.no-items');
  });
});
