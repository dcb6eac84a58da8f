/** Hostile expressions and code (06, S4): every case ends in time, shows nothing of the host, and the next evaluation is right. */
import { createExpressionPool } from '@hub/activities/pool';

import { hostileCases } from '../../activities/src/expressions/hostile-cases.ts';
import { judge } from '../../activities/src/expressions/judge-hostile.ts';
import type { Verdict } from '../../activities/src/expressions/judge-hostile.ts';
import type { Measured } from './lib/proof.ts';

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const verdicts: Verdict[] = [];
  const queue = [...hostileCases];
  // One child per pool, so that the check after a case meets the child that had it.
  const worker = async (): Promise<void> => {
    const pool = createExpressionPool({ size: 1 });
    await pool.ready();
    for (let hostile = queue.shift(); hostile !== undefined; hostile = queue.shift()) verdicts.push(await judge(pool, hostile));
    await pool.close();
  };
  await Promise.all([worker(), worker()]);
  for (const { case: hostile, reason, ms } of verdicts.filter(({ contained }) => !contained))
    log(`${hostile.name}: ${reason ?? ''} (${Math.round(ms)} ms): ${hostile.text.slice(0, 120)}`);
  const contained = verdicts.filter((verdict) => verdict.contained).length;
  const slowest = (engine: string): number => Math.max(...verdicts.filter((verdict) => verdict.case.engine === engine).map(({ ms }) => ms)) / 1000;
  const ofCode = verdicts.filter((verdict) => verdict.case.engine === 'code').length;
  log(
    `${verdicts.length - ofCode} expressions, slowest ${slowest('expression').toFixed(1)} s; ${ofCode} pieces of code, slowest ${slowest('code').toFixed(1)} s`,
  );
  return [
    {
      figure: `${contained} of ${verdicts.length} contained, next evaluation right each time`,
      want: `all, >= 250, each <= 2.5 s, code <= 11 s`,
      ok: contained === verdicts.length && verdicts.length >= 250,
    },
  ];
}
