/**
 * Every case of the replay gate's corpus is run here and now, and the histories that this server wrote are replayed on today's engine. The recorded ones come
 * from the CLI's dev server; with `--temporal=server` these come from Temporal as people run it.
 */
import { Client, Connection } from '@temporalio/client';
import { bundleEngine, replayHistories } from '../../workflows/runtime/test/replay.ts';
import { recordCases } from '../record/cases.ts';
import { histories, runCase } from '../record/record.ts';
import { hubClient } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack } from './lib/stack.ts';
import { startStub } from './lib/stub.ts';

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const stub = await startStub();
  const stack = await startStack({ env: { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const client = new Client({ connection });
    const hub = hubClient(stack.url, stack.apiKey);
    const { persistenceStore, serverVersion } = await connection.workflowService.getClusterInfo({});
    log(`Temporal ${serverVersion} on ${persistenceStore}`);
    const cases = recordCases(stub.url);
    const taken: { workflowId: string; history: unknown }[] = [];
    for (const one of cases) {
      const view = await runCase(hub, stub, one);
      const texts = await histories(client, view.id);
      log(`${one.name}: ${view.status}, ${texts.length} executions`);
      for (const [n, text] of texts.entries()) taken.push({ workflowId: `${one.name}.${n + 1}`, history: JSON.parse(text) });
    }
    const { total, faults } = await replayHistories(await bundleEngine(), taken);
    for (const { name, message } of faults) log(`${name}: ${message}`);
    return [
      {
        figure: `${total - faults.length} of ${total} histories of ${cases.length} cases, written by Temporal ${serverVersion}, replay`,
        want: `${total} of ${total}`,
        ok: faults.length === 0 && total >= cases.length,
      },
    ];
  } finally {
    await connection.close();
    await stack.close();
    await stub.close();
  }
}
