/**
 * Records the replay gate's corpus: `node scripts/record/main.ts [name...]` runs every case of cases.ts on a throw-away hub and writes its Temporal
 * histories (each run of a continue-as-new chain) (gzip) to workflows/runtime/histories/v1. Histories of a released engine version are kept for ever.
 * `--matrix` records matrix-cases.ts instead, all into one file (brotli: they are much alike).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { Client, Connection } from '@temporalio/client';
import { hubClient } from '../proof/lib/hub.ts';
import { startStack } from '../proof/lib/stack.ts';
import { startStub } from '../proof/lib/stub.ts';
import { recordCases } from './cases.ts';
import { inParallel } from '../proof/lib/hub.ts';
import { matrixCases, matrixContinueAfter } from './matrix-cases.ts';
import type { RecordCase } from './case.ts';
import { histories, runCase } from './record.ts';

const folder = fileURLToPath(new URL('../../workflows/runtime/histories/v1', import.meta.url));

const args = process.argv.slice(2);
const isMatrix = args.includes('--matrix');
const wanted = args.filter((arg) => !arg.startsWith('--'));
const stub = await startStub();
const stack = await startStack({
  env: {
    HUB_OUTBOUND_ALLOW: stub.hostPort,
    HUB_RATE_PER_MINUTE: '1000000',
    HUB_LOG_LEVEL: 'warn',
    // No pages are needed.
    HUB_WEB_DIST: '',
    ...(isMatrix ? { HUB_CONTINUE_AFTER: `${matrixContinueAfter}` } : {}),
  },
});
const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });

/** Runs a case; its histories by name. */
async function recorded(one: RecordCase): Promise<[string, string][]> {
  const hub = hubClient(stack.url, stack.apiKey);
  const view = await runCase(hub, stub, one);
  console.log(`${one.name.padEnd(28)} ${view.status.padEnd(10)} ${view.error?.code ?? JSON.stringify(view.output).slice(0, 80)}`);
  const texts = await histories(new Client({ connection }), view.id);
  return texts.map((text, n) => [`${one.name}${n === 0 ? '' : `.${n + 1}`}`, text]);
}

try {
  mkdirSync(folder, { recursive: true });
  const cases = (isMatrix ? matrixCases(stub.url) : recordCases(stub.url)).filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  if (isMatrix) {
    // Cancels wait for calls that are in flight at the far end: one after another.
    const alone = cases.filter(({ cancelAt }) => cancelAt !== undefined);
    const others = cases.filter(({ cancelAt }) => cancelAt === undefined);
    // One that cannot be recorded is named, and leaves the others.
    const tried = async (one: RecordCase): Promise<[string, string][]> => {
      try {
        return await recorded(one);
      } catch (failure) {
        console.error(`${one.name} is not recorded:`, failure);
        process.exitCode = 1;
        return [];
      }
    };
    const found = await inParallel(others.length, 8, (n) => tried(others[n] as RecordCase));
    for (const one of alone) found.push(await tried(one));
    const all = found.flat().sort(([a], [b]) => (a < b ? -1 : 1));
    const text = `{${all.map(([name, history]) => `${JSON.stringify(name)}:${history.trim()}`).join(',\n')}}`;
    const size = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
    writeFileSync(`${folder}/matrix.json.br`, brotliCompressSync(text, { params: size }));
    console.log(`${all.length} histories of ${cases.length} cases`);
  } else {
    for (const one of cases) for (const [name, text] of await recorded(one)) writeFileSync(`${folder}/${name}.json.gz`, gzipSync(text));
  }
} finally {
  await connection.close();
  await stack.close();
  await stub.close();
}
