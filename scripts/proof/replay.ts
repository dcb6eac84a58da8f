/** The replay gate as a figure, with planted breaks of the planner's commands. */
import { bundleEngine, bundleSize, plantedNames, replayAll, withPlanted } from '../../workflows/runtime/test/replay.ts';
import type { Measured } from './lib/proof.ts';

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const bundle = await bundleEngine();
  const whole = await replayAll(bundle);
  for (const fault of whole.faults) log(`${fault.name}: ${fault.message}`);
  const bendable = await bundleEngine('break-by-name');
  let caught = 0;
  for (const name of plantedNames) {
    const { faults } = await replayAll(withPlanted(bendable, name));
    log(`${name}: ${faults.length} histories turned red`);
    if (faults.length > 0) caught += 1;
  }
  const size = bundleSize(bundle);
  const kb = (bytes: number): number => Math.round(bytes / 1024);
  const right = whole.total - whole.faults.length;
  return [
    {
      figure: `${right} of ${whole.total} recorded histories replay`,
      want: `${whole.total} of ${whole.total}, >= 200`,
      ok: right === whole.total && whole.total >= 200,
    },
    { figure: `${caught} of ${plantedNames.length} planted breaks caught`, want: 'all, >= 10', ok: caught === plantedNames.length && caught >= 10 },
    { figure: `bundle ${kb(size.total)} kB, ${kb(size.ours)} kB of it ours`, want: 'ours <= 275 kB', ok: size.ours <= 275_000 },
  ];
}
