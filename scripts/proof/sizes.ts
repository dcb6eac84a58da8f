/**
 * F13: a loop over 10,000 items, and values of 31 KB, 1.9 MB, 2.1 MB and 20 MB from step to step. Histories stay small whatever the values weigh, and every
 * value arrives byte for byte: at the far end, at the API, in the written file. `--items=n` for a shorter loop.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { historyFigures } from './lib/histories.ts';
import { hubClient, type HubClient } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { startStub } from './lib/stub.ts';

const usualItems = 10_000;
const maxEvents = 2_500;
const maxBytes = 2 * 1_048_576;
/** Inline, just under and just over Temporal's limit of 2 MB for one payload. */
const textBytes = [31 * 1_024, 1_900_000, 2_100_000];
const fileBytes = 20 * 1_048_576;
const limitMs = 600_000;

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const items = Number(args.find((arg) => arg.startsWith('--items='))?.slice(8) ?? usualItems);
  const stub = await startStub();
  const far = await startFarEnd();
  const allow = [stub.hostPort, far.hostPort].join(',');
  const stack = await startStack({ temporalFile: true, env: { HUB_OUTBOUND_ALLOW: allow, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const sum = await loopOver(hub, stub.url, items, log);
    let equal = 0;
    for (const bytes of textBytes) equal += (await passText(stack, hub, far, bytes, log)) ? 1 : 0;
    equal += (await passFile(stack, hub, log)) ? 1 : 0;
    const history = await historyFigures(stack);
    for (const line of history.taskFailures.slice(0, 5)) log(line);
    const said = ['api.log', 'worker.log'].map((name) => readFileSync(join(stack.folder, name), 'utf8')).join('\n');
    const tooLarge = said.split('TMPRL1103').length - 1 + history.taskFailures.filter((line) => line.includes('TMPRL1103')).length;
    log(`${history.executions} executions in Temporal`);
    return [
      {
        figure: `${sum} of ${items} items in the result, ${stub.applied.size} effect keys`,
        want: 'all',
        ok: sum === items && stub.applied.size === items,
      },
      { figure: `${equal} of ${textBytes.length + 1} values byte for byte`, want: 'all', ok: equal === textBytes.length + 1 },
      { figure: `longest history ${history.events} events`, want: `<= ${maxEvents}`, ok: history.events <= maxEvents },
      { figure: `largest history ${(history.bytes / 1_048_576).toFixed(2)} MB`, want: '<= 2 MB', ok: history.bytes <= maxBytes },
      {
        figure: `${tooLarge} [TMPRL1103], ${history.taskFailures.length} failed workflow tasks`,
        want: '0, 0',
        ok: tooLarge + history.taskFailures.length === 0,
      },
    ];
  } finally {
    await stack.close();
    await far.close();
    await stub.close();
  }
}

/** Answers how many items the result has, 0 where one of them is wrong. */
async function loopOver(hub: HubClient, url: string, items: number, log: (line: string) => void): Promise<number> {
  const params = { method: 'PUT', url: `${url}/work?ms=5&n={{ item }}` };
  const workflow = await hub.publish('Sizes: loop', {
    schemaVersion: 1,
    nodes: [
      { id: 'call', type: 'action', config: { connector: 'http', action: 'request', params, forEach: '{{ [1..input.count] }}', concurrency: 50 } },
      { id: 'count', type: 'transform', config: { expression: '[$count(nodes.call.output), $sum(nodes.call.output.body.n)]' }, timeoutMs: 60_000 },
      { id: 'result', type: 'output', config: { name: 'seen', value: '{{ nodes.count.output }}' } },
    ],
    edges: [
      { from: 'call', to: 'count' },
      { from: 'count', to: 'result' },
    ],
  });
  const view = await hub.settled(await hub.start(workflow, { count: items }), limitMs);
  const [count, sum] = (view.output as { seen?: [number, number] } | null)?.seen ?? [0, 0];
  log(
    `${items} items: ${view.status}${view.error ? ` ${JSON.stringify(view.error)}` : ''}, ${Date.parse(view.completedAt ?? '') - Date.parse(view.startedAt ?? '')} ms`,
  );
  return sum === (items * (items + 1)) / 2 ? count : 0;
}

/** A text of this size read by one step, sent by another, with a pure step in between; true when the far end and the API have it as it was. */
async function passText(stack: HubStack, hub: HubClient, far: FarEnd, bytes: number, log: (line: string) => void): Promise<boolean> {
  const request = (params: object): object => ({ connector: 'http', action: 'request', params });
  const workflow = await hub.publish(`Sizes: ${bytes} bytes`, {
    schemaVersion: 1,
    nodes: [
      { id: 'read', type: 'data_source', config: request({ url: `${far.url}/${bytes}` }) },
      { id: 'pass', type: 'transform', config: { expression: 'nodes.read.output.body' } },
      { id: 'send', type: 'action', config: request({ method: 'PUT', url: `${far.url}/${bytes}`, body: '{{ nodes.pass.output }}' }) },
      { id: 'result', type: 'output', config: { name: 'text', value: '{{ nodes.pass.output }}' } },
    ],
    edges: [
      { from: 'read', to: 'pass' },
      { from: 'pass', to: 'send' },
      { from: 'send', to: 'result' },
    ],
  });
  const run = await hub.start(workflow, {});
  const view = await hub.settled(run, limitMs);
  const wanted = sha(textOf(bytes));
  const shown = JSON.parse((await download(stack, `/runs/${run}/nodes/pass/output`)).toString()) as unknown;
  const ok = view.status === 'completed' && far.received.get(bytes) === wanted && typeof shown === 'string' && sha(shown) === wanted;
  log(`${bytes} bytes: ${view.status}${view.error ? ` ${JSON.stringify(view.error)}` : ''}, ${ok ? 'equal' : 'NOT equal'}`);
  return ok;
}

/** 20 MB of rows read by the file connector and written by it again: the run carries references only. */
async function passFile(stack: HubStack, hub: HubClient, log: (line: string) => void): Promise<boolean> {
  const workflow = await hub.publish('Sizes: file', {
    schemaVersion: 1,
    inputs: { type: 'object', properties: { file: { type: 'object' } }, required: ['file'] },
    nodes: [
      {
        id: 'read',
        type: 'data_source',
        config: { connector: 'file', action: 'read-rows', params: { file: '{{ input.file }}' } },
        timeoutMs: 300_000,
      },
      {
        id: 'write',
        type: 'action',
        config: { connector: 'file', action: 'write-file', params: { name: 'copy', format: 'jsonl', content: '{{ nodes.read.output.rows }}' } },
        timeoutMs: 300_000,
      },
      { id: 'result', type: 'output', config: { name: 'file', value: '{{ nodes.write.output.file }}' } },
    ],
    edges: [
      { from: 'read', to: 'write' },
      { from: 'write', to: 'result' },
    ],
  });
  const content = rowsText(fileBytes);
  const form = new FormData();
  form.append('file', new Blob([content], { type: 'application/x-ndjson' }), 'rows.jsonl');
  const answer = await fetch(`${stack.url}/api/v1/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.apiKey}` },
    body: form,
    signal: AbortSignal.timeout(120_000),
  });
  if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
  const view = await hub.settled(await hub.start(workflow, { file: await answer.json() }), limitMs);
  const handle = (view.output as { file?: { $file: string } } | null)?.file;
  const copy = handle === undefined ? Buffer.alloc(0) : await download(stack, `/files/${handle.$file}`);
  const ok = copy.equals(Buffer.from(content));
  log(
    `file of ${content.length} bytes: ${view.status}${view.error ? ` ${JSON.stringify(view.error)}` : ''}, ${ok ? 'equal' : `NOT equal, ${copy.length} bytes`}`,
  );
  return ok;
}

async function download(stack: HubStack, path: string): Promise<Buffer> {
  const answer = await fetch(`${stack.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${stack.apiKey}` },
    signal: AbortSignal.timeout(120_000),
  });
  if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
  return Buffer.from(await answer.arrayBuffer());
}

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** So many bytes of UTF-8, with letters of one to four bytes, quotes, line ends; never the same piece twice. */
function textOf(bytes: number): string {
  const pieces: string[] = [];
  let size = 0;
  for (let n = 0; size < bytes; n += 1) {
    const piece = `${n} "grüße" 東京 😀 \\ ${sha(String(n))}\r\n`;
    size += Buffer.byteLength(piece);
    pieces.push(piece);
  }
  const whole = Buffer.from(pieces.join(''));
  // Cut at a letter's edge, filled up with plain ones.
  const cut = whole
    .subarray(0, bytes - 4)
    .toString()
    .replace(/\uFFFD+$/, '');
  return cut.padEnd(cut.length + bytes - Buffer.byteLength(cut), 'x');
}

function rowsText(bytes: number): string {
  const lines: string[] = [];
  for (let size = 0; size < bytes; size += Buffer.byteLength(lines.at(-1) ?? ''))
    lines.push(`${JSON.stringify({ id: lines.length, text: textOf(8_000 + lines.length) })}\n`);
  return lines.join('');
}

interface FarEnd {
  url: string;
  hostPort: string;
  /** Hash of what was PUT, by size. */
  received: Map<number, string>;
  close: () => Promise<void>;
}

/** `GET /<bytes>` gives a text of that size, `PUT /<bytes>` takes one. */
async function startFarEnd(): Promise<FarEnd> {
  const received = new Map<number, string>();
  const server = createServer((request, response) => {
    const bytes = Number(request.url?.slice(1));
    if (request.method === 'GET') {
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      response.end(textOf(bytes));
      return;
    }
    const hash = createHash('sha256');
    request.on('data', (piece: Buffer) => hash.update(piece));
    request.once('end', () => {
      received.set(bytes, hash.digest('hex'));
      response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const hostPort = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${hostPort}`,
    hostPort,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
