import { createOutbound, parseAllowList } from '@hub/kit/http';
import fastify from 'fastify';
import { expect, it } from 'vitest';

import type { LiveCredential } from '../../../../ports.ts';
import { contextFor } from '../../../testing/context.ts';
import { runRequest } from './run.ts';
import { requestSpec } from './spec.ts';

it('tries a 401 once more with a renewed access token, and never with a key that does not renew itself', async () => {
  const vendor = fastify({ forceCloseConnections: true });
  const seen: string[] = [];
  vendor.get('/', (request, reply) => {
    seen.push(request.headers.authorization ?? '');
    return request.headers.authorization === 'Bearer fresh-token' ? { ok: true } : reply.code(401).send({ ok: false });
  });
  const url = await vendor.listen({ port: 0, host: '127.0.0.1' });
  const { host } = new URL(url);
  const http = createOutbound({ allow: parseAllowList(host) });
  const credential = (kind: string, token: string) => ({ id: 'c', kind, values: { token }, allowedHosts: [host] }) as LiveCredential;
  const call = (kind: string) =>
    runRequest({
      ...contextFor(requestSpec, { url }, { http, credential: credential(kind, 'old-token') }),
      renew: async () => credential(kind, 'fresh-token'),
    });
  try {
    expect((await call('oauth2-client-credentials')).output).toMatchObject({ status: 200 });
    expect(seen).toEqual(['Bearer old-token', 'Bearer fresh-token']);
    await expect(call('bearer')).rejects.toMatchObject({ details: { status: 401 } });
    expect(seen).toHaveLength(3);
  } finally {
    await http.close();
    await vendor.close();
  }
});
