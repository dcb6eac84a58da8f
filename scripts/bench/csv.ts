/**
 * A CSV file of `--mb=500`, made for the measurement in a temporary folder, streamed by the steps for rows of any size, each in a process of its own: grouped (read only), and validated into another CSV
 * file (read and written; what is written is counted and thrown away). Rows per second, and the most memory of the process.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { actionFor, parseParams } from '@hub/activities/actions';
import { keptFolder, spawnKept } from '../proof/lib/kept.ts';
import type { Measured } from '../proof/lib/proof.ts';

const mostMb = 300;
const countries = ['DE', 'FR', 'US', 'JP', 'BR'];
const params: Record<string, object> = {
  'aggregate-rows': {
    groupBy: ['country'],
    measures: [
      { name: 'orders', op: 'count' },
      { name: 'total', op: 'sum', field: 'amount' },
    ],
  },
  'validate-rows': {
    schema: { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, amount: { type: 'number', minimum: 0 } } },
    into: 'csv',
  },
};

interface Said {
  seconds: number;
  startMb: number;
  peakMb: number;
  rows: number;
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const mb = Number(args.find((arg) => arg.startsWith('--mb='))?.slice(5) ?? 500);
  const folder = keptFolder('hub-csv-');
  try {
    const path = join(folder, 'rows.csv');
    const written = { rows: 0 };
    await pipeline(Readable.from(lines(mb * 1_048_576, written)), createWriteStream(path));
    const size = Math.round((await stat(path)).size / 1_048_576);
    log(`${size} MB, ${written.rows} rows`);
    const measured: Measured[] = [];
    for (const action of Object.keys(params)) {
      const { seconds, startMb, peakMb, rows } = await inChild(action, path);
      measured.push({
        figure: `${action}: ${rows} of ${written.rows} rows of ${size} MB at ${Math.round(rows / seconds)} rows/s, ${(size / seconds).toFixed(1)} MB/s, at most ${peakMb} MB of memory (${startMb} before)`,
        want: `all, < ${mostMb} MB`,
        ok: rows === written.rows && peakMb < mostMb,
      });
      log(measured.at(-1)?.figure ?? '');
    }
    return measured;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Quoted cells with delimiters, quotation marks and letters beyond ASCII among plain ones. */
function* lines(bytes: number, written: { rows: number }): Generator<Buffer> {
  yield Buffer.from('id,name,country,amount,note\n');
  let made = 0;
  while (made < bytes) {
    let text = '';
    for (let n = 0; n < 2_000; n += 1) {
      written.rows += 1;
      const id = written.rows;
      text += `${id},"Jörg, ${id}",${countries[id % countries.length]},${(id % 10_000) / 100},"said ""yes"" on day ${id % 365}"\n`;
    }
    const piece = Buffer.from(text);
    made += piece.length;
    yield piece;
  }
}

async function inChild(action: string, path: string): Promise<Said> {
  const child = spawnKept(process.execPath, [fileURLToPath(import.meta.url), action, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.on('data', (part: Buffer) => (text += part.toString()));
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  if (code !== 0) throw new Error(`${action} ended with ${code}`);
  return JSON.parse(text) as Said;
}

/** In the child: the step as a worker runs it, on a file store of one file. */
async function asChild(action: string, path: string): Promise<Said> {
  const { spec, run: runAction } = actionFor('data', action);
  const { size: bytes } = await stat(path);
  const handle = { $file: 'rows', name: 'rows.csv', mime: 'text/csv', bytes, sha256: '' };
  const startMb = Math.round(process.memoryUsage.rss() / 1_048_576);
  const began = performance.now();
  const { output } = await runAction({
    params: parseParams(spec, { source: { $file: 'rows' }, ...params[action] }),
    credential: null,
    http: null as never,
    files: {
      open: async () => ({ handle, stream: () => createReadStream(path) }),
      create: async (_team, { name, mime }, content) => {
        let sent = 0;
        const hash = createHash('sha256');
        for await (const chunk of content) {
          sent += chunk.length;
          hash.update(chunk);
        }
        return { $file: 'written', name, mime, bytes: sent, sha256: hash.digest('hex') };
      },
    },
    signal: new AbortController().signal,
    idempotencyKey: 'bench',
    team: 'bench',
    run: 'bench',
    log: () => undefined,
    warn: (warning, message) => console.error(warning, message),
  });
  const { of, count } = output as { of?: number; count: number };
  return { seconds: (performance.now() - began) / 1_000, startMb, peakMb: Math.round(process.resourceUsage().maxRSS / 1_024), rows: of ?? count };
}

if (import.meta.main) {
  const [action = '', path = ''] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(await asChild(action, path)));
}
