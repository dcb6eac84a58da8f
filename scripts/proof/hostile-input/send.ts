/** Sends bytes as they are: `fetch` would repair paths and refuse headers before the hub sees them. */
import { Agent, request } from 'node:http';

export interface Sent {
  origin: string;
  key: string;
  method: string;
  path: string;
  body?: string | Buffer;
  /** Content type; application/json where left out. */
  type?: string;
  headers: Record<string, string>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 12 });
const limitMs = 30_000;

export async function send({ origin, key, method, path, body, type, headers }: Sent): Promise<{ status: number; text: string; type: string }> {
  const { hostname, port } = new URL(origin);
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const sent = {
    authorization: `Bearer ${key}`,
    ...(bytes === undefined ? {} : { 'content-type': type ?? 'application/json', 'content-length': String(bytes.length) }),
    ...latin1(headers),
  };
  return await new Promise((done, failed) => {
    const call = request({ hostname, port, method, path, headers: sent, agent, timeout: limitMs }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('error', failed);
      answer.once('end', () =>
        done({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString(), type: String(answer.headers['content-type'] ?? '') }),
      );
    });
    call.once('timeout', () => call.destroy(new Error(`no answer within ${limitMs} ms`)));
    call.once('error', failed);
    call.end(bytes);
  });
}

function latin1(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]));
}
