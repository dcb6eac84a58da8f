/**
 * Records the replay gate's corpus: `node scripts/record/main.ts [name...]` runs every case of cases.ts on a throw-away hub and writes its Temporal
 * histories (each run of a continue-as-new chain) (gzip) to workflows/runtime/histories/v1. Histories of a released engine version are kept for ever.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Client, Connection } from '@temporalio/client';
import { hubClient } from '../proof/lib/hub.ts';
import { startStack } from '../proof/lib/stack.ts';
import { startStub } from '../proof/lib/stub.ts';
import { recordCases } from './cases.ts';
import { histories, runCase } from './record.ts';

const folder = fileURLToPath(new URL('../../workflows/runtime/histories/v1', import.meta.url));

const wanted = process.argv.slice(2);
const stub = await startStub();
const stack = await startStack({ env: { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
try {
  const hub = hubClient(stack.url, stack.apiKey);
  const client = new Client({ connection });
  mkdirSync(folder, { recursive: true });
  for (const one of recordCases(stub.url).filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const view = await runCase(hub, stub, one);
    console.log(`${one.name.padEnd(22)} ${view.status.padEnd(10)} ${view.error?.code ?? JSON.stringify(view.output).slice(0, 80)}`);
    for (const [n, text] of (await histories(client, view.id)).entries())
      writeFileSync(`${folder}/${one.name}${n === 0 ? '' : `.${n + 1}`}.json.gz`, gzipSync(text));
  }
} finally {
  await connection.close();
  await stack.close();
  await stub.close();
}
