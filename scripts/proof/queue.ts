/** The queue under 10,000 random starts, ends, cancels, changes of limit and deaths: nothing stays queued while a slot is free. `--operations=10000 --seed=n` */
import { run as runSlots } from './slots.ts';
import { closingLine, type Measured } from './lib/proof.ts';

export async function run(log: (line: string) => void = () => {}, args: string[] = []): Promise<Measured> {
  return runSlots(log, args.some((arg) => arg.startsWith('--operations=')) ? args : [...args, '--operations=10000']);
}

if (import.meta.main) {
  const measured = await run(console.log, process.argv.slice(2));
  console.log(closingLine('queue', measured));
  process.exitCode = measured.ok ? 0 : 1;
}
