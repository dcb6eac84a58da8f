/** Malformed definitions, files, bodies, places and tokens: each a clear 4xx with its place, none a 5xx, nothing half-saved. */
import { tryBadInput } from '@hub/api/testing';
import { closingLine, type Measured } from './lib/proof.ts';
import { withTestApi } from './lib/test-api.ts';

export async function run(log: (line: string) => void = () => {}): Promise<Measured> {
  return withTestApi({}, async (api) => {
    const figures = await tryBadInput(api);
    for (const line of figures.wrong) log(line);
    log(
      Object.entries(figures.groups)
        .map(([group, count]) => `${group} ${count}`)
        .join(', '),
    );
    return {
      figure: `${figures.clear} of ${figures.tried} answered with a clear 4xx that names the place, ${figures.serverErrors} of 5xx, nothing half-saved`,
      want: 'all of > 100, 0 of 5xx',
      ok: figures.wrong.length === 0 && figures.serverErrors === 0 && figures.tried > 100,
    };
  });
}

if (import.meta.main) {
  const measured = await run(console.log);
  console.log(closingLine('bad-input', measured));
  process.exitCode = measured.ok ? 0 : 1;
}
