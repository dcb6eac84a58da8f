/** The slot protocol of 02 under 5,000 random starts, ends, cancels, changes of limit and deaths by 8 clients; the judge counts rows itself. */
import { testDatabase } from '@hub/db/testing';
import { slotStorm } from '@hub/db/testing/slot-storm';
import { startTestStack } from '../bootstrap/test-stack.mjs';
import { closingLine, type Measured } from './lib/proof.ts';

const defaultOperations = 5_000;
const clients = 8;

export async function run(log: (line: string) => void = () => {}, args: string[] = []): Promise<Measured> {
  const seed = Number(args.find((arg) => arg.startsWith('--seed='))?.slice('--seed='.length) ?? Date.now() % 1_000_000);
  const operations = Number(args.find((arg) => arg.startsWith('--operations='))?.slice('--operations='.length) ?? defaultOperations);
  const servers = await startTestStack({ postgres: true, temporal: false });
  try {
    Object.assign(process.env, servers.environment);
    const db = await testDatabase();
    const began = Date.now();
    const figures = await slotStorm(db, { operations, clients, seed });
    log(
      `seed ${seed}: ${figures.runs} runs, ${figures.kills} deaths, ${figures.looks} looks at all rows, ${((Date.now() - began) / 1000).toFixed(1)} s`,
    );
    for (const fault of figures.faults) log(fault);
    await db.close();
    const { queuedWithFreeSlot, overLimit, runTwice, miscounted, notDrained } = figures;
    return {
      figure: `${queuedWithFreeSlot} queued with a free slot, ${overLimit} over a limit, ${runTwice} run twice, ${miscounted} miscounted, ${notDrained} left open in ${operations} operations by ${clients} clients (${figures.kills} deaths, ${figures.runs} runs)`,
      want: `all 0, > ${operations / 50} deaths`,
      ok:
        queuedWithFreeSlot + overLimit + runTwice + miscounted + notDrained + figures.faults.length === 0 &&
        figures.kills > operations / 50 &&
        figures.looks > operations / 50,
    };
  } finally {
    await servers.stop();
  }
}

if (import.meta.main) {
  const measured = await run(console.log, process.argv.slice(2));
  console.log(closingLine('slots', measured));
  process.exitCode = measured.ok ? 0 : 1;
}
