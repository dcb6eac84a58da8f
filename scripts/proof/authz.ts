/** S1: every route as every role against services/api/authz-table.md, and every id from another team. */
import { tableGaps, tryForeignIds, tryMatrix } from '@hub/api/testing';
import { closingLine, type Measured } from './lib/proof.ts';
import { withTestApi } from './lib/test-api.ts';

export async function run(log: (line: string) => void = () => {}): Promise<Measured[]> {
  return withTestApi({}, async (api) => {
    const gaps = tableGaps(api);
    const matrix = await tryMatrix(api, await api.makeTeam());
    const foreign = await tryForeignIds(api);
    for (const line of [...gaps, ...matrix.wrong, ...foreign.wrong]) log(line);
    return [
      {
        figure: `${matrix.tried - matrix.wrong.length} of ${matrix.tried} calls as the table says, ${gaps.length} routes or lines without the other`,
        want: 'all, 0',
        ok: matrix.wrong.length + gaps.length === 0 && matrix.tried > 500,
      },
      {
        figure: `${foreign.wrong.length} leaks or changes in ${foreign.tried} tries with ids of another team`,
        want: '0 of > 40',
        ok: foreign.wrong.length === 0 && foreign.tried > 40,
      },
    ];
  });
}

if (import.meta.main) {
  const measured = await run(console.log);
  for (const one of measured) console.log(closingLine('authz', one));
  process.exitCode = measured.every((one) => one.ok) ? 0 : 1;
}
