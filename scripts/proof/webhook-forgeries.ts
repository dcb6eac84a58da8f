/** S6: forged webhooks of four providers are refused, genuine ones are taken. */
import { tryForgeries } from '@hub/api/testing';
import type { Measured } from './lib/proof.ts';
import { withTestApi } from './lib/test-api.ts';

export async function run(log: (line: string) => void = () => {}): Promise<Measured[]> {
  return withTestApi({}, async (api) => {
    const figures = await tryForgeries(api, log);
    for (const line of figures.wrong) log(line);
    return [
      {
        figure: `${figures.refused} of ${figures.tried} forgeries refused, ${figures.kinds} kinds x 4 providers`,
        want: '64 of 64',
        ok: figures.tried === 64 && figures.refused === 64,
      },
      {
        figure: `${figures.accepted} of ${figures.genuine} genuine requests accepted`,
        want: '40 of 40',
        ok: figures.genuine === 40 && figures.accepted === 40,
      },
    ];
  });
}
