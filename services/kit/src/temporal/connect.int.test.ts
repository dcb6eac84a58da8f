import { createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTemporal } from './connect.ts';

/** A server that says what it is and then answers nothing, with its lines open. */
let server: Http2Server;
beforeAll(async () => {
  server = createServer();
  server.on('stream', (stream, headers) => {
    if (!String(headers[':path']).endsWith('/GetSystemInfo')) return;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => void server.close());

it('a call to a Temporal that takes it and never answers ends by itself', async () => {
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const temporal = await connectTemporal({ address, namespace: 'default', callMs: 300 });
  try {
    await expect(temporal.client.workflow.getHandle('run').signal('messages', [])).rejects.toMatchObject({ cause: { code: 4 } });
  } finally {
    await temporal.close();
  }
});
