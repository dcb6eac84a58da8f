/** A dispatcher as a process of its own, to be killed at any moment. It works off the outbox without a pause; leases are short, so that another soon takes over. */
import { setTimeout as delay } from 'node:timers/promises';
import { createDispatcher } from '@hub/api/triggers';
import { openDatabase } from '@hub/db';
import { connectTemporal } from '@hub/kit/temporal';

const [url = '', address = ''] = process.argv.slice(2);
const sql = openDatabase({ url, max: 4, applicationName: 'proof-dispatcher' });
const { client } = await connectTemporal({ address, namespace: 'default' });
const dispatcher = createDispatcher(sql, client, { warn: () => undefined } as never, { leaseMs: 1_500 });
for (;;) {
  await dispatcher.dispatch().catch(() => undefined);
  await delay(30);
}
