/** The replay gate as a figure, with each planted break of command order. */
import { bundleEngine, bundleSize, replayAll } from '../../workflows/runtime/test/replay.ts';
import type { Measured } from './lib/proof.ts';

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const bundle = await bundleEngine();
  const whole = await replayAll(bundle);
  for (const fault of whole.faults) log(`${fault.name}: ${fault.message}`);
  const planted = await replayAll(await bundleEngine('reversed-commands'));
  log(`reversed commands: ${planted.faults.length} histories turned red`);
  const size = bundleSize(bundle);
  const kb = (bytes: number): number => Math.round(bytes / 1024);
  const right = whole.total - whole.faults.length;
  return [
    {
      figure: `${right} of ${whole.total} recorded histories replay`,
      want: `${whole.total} of ${whole.total}, >= 25`,
      ok: right === whole.total && whole.total >= 25,
    },
    { figure: `a planted change of command order turns ${planted.faults.length} red`, want: '>= 1', ok: planted.faults.length > 0 },
    { figure: `bundle ${kb(size.total)} kB, ${kb(size.ours)} kB of it ours`, want: 'ours <= 250 kB', ok: size.ours <= 250_000 },
  ];
}
