/** A line between a driver and a real database that can be cut, and a door that says "too many". */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export type Line = 'whole' | 'cut' | 'too-many';

export interface Proxy {
  port: number;
  line: Line;
  close(): Promise<void>;
}

/** Bytes of the server that come through before a cut: sign-in is over by then, the answer is not. */
const cutAfterBytes = 6_000;

const tooMany: Record<'postgres' | 'mysql', () => Buffer> = {
  postgres() {
    const fields = 'SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0';
    const message = Buffer.alloc(5 + fields.length);
    message.write('E');
    message.writeInt32BE(4 + fields.length, 1);
    message.write(fields, 5);
    return message;
  },
  mysql() {
    const text = '#08004Too many connections';
    const packet = Buffer.alloc(7 + text.length);
    packet.writeUIntLE(3 + text.length, 0, 3);
    packet[4] = 0xff;
    packet.writeUInt16LE(1040, 5);
    packet.write(text, 7);
    return packet;
  },
};

export async function startProxy(kind: 'postgres' | 'mysql', target: { host: string; port: number }): Promise<Proxy> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => undefined).on('close', () => open.delete(client));
    if (proxy.line === 'too-many') {
      if (kind === 'mysql') return void client.end(tooMany.mysql());
      return void client.once('data', () => client.end(tooMany.postgres()));
    }
    const real = connect(target.port, target.host);
    real.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.on('close', () => real.destroy());
    client.pipe(real);
    let bytes = 0;
    real.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (proxy.line === 'cut' && bytes > cutAfterBytes) return void client.destroy();
      client.write(chunk);
    });
    return undefined;
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const proxy: Proxy = {
    port: (server.address() as AddressInfo).port,
    line: 'whole',
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
  return proxy;
}
