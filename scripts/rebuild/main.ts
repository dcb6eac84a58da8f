/** `npm run rebuild -- <run id> ...`: takes the projection of runs anew from their Temporal histories. Ends with 1 where one could not be. */
import { openDatabase } from '@hub/db';
import { connectTemporal, openCodec } from '@hub/kit/temporal';
import { bundleRebuild, rebuild } from '@hub/worker/rebuild';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { readRebuildEnv } from './env.ts';

const runs = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
if (runs.length === 0) {
  console.error('Name the runs: npm run rebuild -- <run id> ...');
  process.exit(2);
}
Runtime.install({ logger: new DefaultLogger('ERROR') });
const env = readRebuildEnv();
const sql = openDatabase({ url: env.DATABASE_URL, applicationName: 'hub-rebuild', max: 2 });
// It only reads: whether new payloads are sealed is nothing to it.
const codec = openCodec({ keys: env.HUB_CODEC_KEYS, mode: 'off' });
const temporal = await connectTemporal({ address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE, codec });
const bundle = await bundleRebuild();
for (const run of runs) {
  try {
    const { mended, added, run: changed } = await rebuild({ sql, client: temporal.client, bundle, codec }, run);
    const ends = changed ? ', the run itself mended' : '';
    console.log(`${run}: ${mended + added === 0 && !changed ? 'agrees with its history' : `${mended} rows mended, ${added} rows added${ends}`}`);
  } catch (error) {
    console.error(`${run}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
await temporal.close();
await sql.end();
