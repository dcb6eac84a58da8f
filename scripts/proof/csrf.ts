/** S10: every unsafe route and the live channel from five foreign origins with a good session cookie. */
import { foreignOrigins, tryCsrf } from '@hub/api/testing';
import { closingLine, type Measured } from './lib/proof.ts';
import { withTestApi } from './lib/test-api.ts';

export async function run(log: (line: string) => void = () => {}): Promise<Measured> {
  return withTestApi({}, async (api) => {
    const figures = await tryCsrf(api);
    for (const line of figures.wrong) log(line);
    return {
      figure: `${figures.refused} of ${figures.tried} refused from ${foreignOrigins.length} foreign origins, without a token and with a wrong one`,
      want: 'all, nothing changed',
      ok: figures.wrong.length === 0 && figures.refused === figures.tried && figures.tried > 200,
    };
  });
}

if (import.meta.main) {
  const measured = await run(console.log);
  console.log(closingLine('csrf', measured));
  process.exitCode = measured.ok ? 0 : 1;
}
