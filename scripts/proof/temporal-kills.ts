/** F3: 300 runs while the Temporal server is killed with -9 and started again 20 times. `--runs=n --kills=n` for less. */
import type { Measured } from './lib/proof.ts';
import { killCounts, runUnderKills } from './lib/server-kills.ts';
import { startStack } from './lib/stack.ts';
import { startStub } from './lib/stub.ts';
import { wantedTemporal } from './lib/temporal-server.ts';

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const stub = await startStub();
  const temporal = await wantedTemporal(log);
  try {
    const env = { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'error' };
    const stack = await startStack({ env, temporalAddress: temporal.at });
    try {
      return (await runUnderKills({ stack, stub, log, kill: () => temporal.kill(), ...killCounts(args) })).measured;
    } finally {
      await stack.close();
    }
  } finally {
    await temporal.stop();
    await stub.close();
  }
}
