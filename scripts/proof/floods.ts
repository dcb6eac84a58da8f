/** S14: brute force and floods on sign-in, sign-up, reset, keys and run starts. */
import { floodRates, held, tryFloods } from '@hub/api/testing';
import { closingLine, type Measured } from './lib/proof.ts';
import { withTestApi } from './lib/test-api.ts';

export async function run(log: (line: string) => void = () => {}): Promise<Measured> {
  return withTestApi({ rates: floodRates }, async (api) => {
    const figures = await tryFloods(api);
    for (const one of figures)
      log(
        `${one.name}: ${one.through} of ${one.sent} through, limit ${one.limit}${one.othersServed ? '' : ', OTHERS SUFFERED'}${one.saysWhen ? '' : ', NO RETRY-AFTER'}`,
      );
    const good = figures.filter(held).length;
    return { figure: `${good} of ${figures.length} limits held within 10%, others unaffected`, want: 'all', ok: good === figures.length };
  });
}

if (import.meta.main) {
  const measured = await run(console.log);
  console.log(closingLine('floods', measured));
  process.exitCode = measured.ok ? 0 : 1;
}
