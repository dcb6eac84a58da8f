/** A third party that is broken in one way per address: `/<kind>/<key>`. Counts its calls by kind and key. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo, Server } from 'node:net';
import { gzipSync } from 'node:zlib';

type Answer = (response: ServerResponse, call: number, request: IncomingMessage) => void;

export interface FaultyVendor {
  url: string;
  /** Speaks TLS, but has no certificate. */
  tlsUrl: string;
  /** For the allow-list. */
  hosts: string[];
  /** When each call of `/<kind>/<key>` came, in ms. */
  calls: (kind: string, key: string) => number[];
  tlsCalls: () => number;
  close: () => Promise<void>;
}

const json = { 'content-type': 'application/json' };
const zeros = Buffer.alloc(1_048_576);
const bomb = gzipSync(Buffer.alloc(200 * 1_048_576));
const twoGigabytes = 2 * 1_024 ** 3;

const answers: Record<string, Answer> = {
  limit: (response, call) => void (call <= 2 ? response.writeHead(429, { 'retry-after': '1' }).end('slow down') : fine(response)),
  burst: (response, call) => void (call <= 2 ? response.writeHead(500).end('down') : fine(response)),
  down: (response) => void response.writeHead(500).end('down'),
  hang: () => undefined,
  'early-close': (response) => void response.socket?.destroy(),
  'truncated-json': (response) => void response.writeHead(200, json).end('{"data": [1, 2'),
  'wrong-type': (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Please sign in</h1>'),
  'gzip-bomb': (response) => void response.writeHead(200, { ...json, 'content-encoding': 'gzip', 'content-length': String(bomb.length) }).end(bomb),
  'two-gigabytes': (response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': String(twoGigabytes) });
    const send = (): void => {
      while (!response.destroyed && response.write(zeros));
      if (!response.destroyed) response.once('drain', send);
    };
    send();
  },
  'slow-body': (response) => {
    response.writeHead(200, json);
    const drip = setInterval(() => response.write(' '), 100);
    response.once('close', () => clearInterval(drip));
  },
  'redirect-loop': (response, _call, request) => void response.writeHead(302, { location: request.url ?? '/' }).end(),
  'redirect-metadata': (response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
  'then-reset': (response) => {
    response.writeHead(200, { ...json, 'content-length': '1000' });
    response.write('{"data": ', () => response.socket?.resetAndDestroy());
  },
  duplicate: (response) => {
    const one = (body: string): string => `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    response.socket?.write(one('{"data":1}') + one('{"data":2}'));
  },
  'invalid-utf8': (response) => void response.writeHead(200, { 'content-type': 'text/plain' }).end(Buffer.from([0x61, 0xff, 0xfe, 0x62])),
};

function fine(response: ServerResponse): void {
  response.writeHead(200, json).end('{"data":1}');
}

export async function startFaultyVendor(): Promise<FaultyVendor> {
  const calls = new Map<string, number[]>();
  let tlsCalls = 0;
  const server = createServer((request, response) => {
    const place = (request.url ?? '').slice(1);
    const times = calls.get(place) ?? [];
    calls.set(place, times);
    times.push(performance.now());
    // A reset is what some of these are for.
    response.on('error', () => undefined);
    request.resume().once('end', () => answers[place.split('/')[0] ?? '']?.(response, times.length, request));
  });
  const tls = createTlsServer(() => undefined).on('tlsClientError', () => (tlsCalls += 1));
  const [port, tlsPort] = [await listen(server), await listen(tls)];
  return {
    url: `http://127.0.0.1:${port}`,
    tlsUrl: `https://127.0.0.1:${tlsPort}`,
    hosts: [`127.0.0.1:${port}`, `127.0.0.1:${tlsPort}`],
    calls: (kind, key) => calls.get(`${kind}/${key}`) ?? [],
    tlsCalls: () => tlsCalls,
    async close() {
      server.closeAllConnections();
      await Promise.all([server, tls].map((one) => new Promise((closed) => one.close(closed))));
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}
