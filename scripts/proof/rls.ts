/** S2: row-level security on every tenant table, tried from outside the team as the app's own role. */
import { testDatabase } from '@hub/db/testing';
import { tryRls } from '@hub/db/testing/rls-tries';
import { startTestStack } from '../bootstrap/test-stack.mjs';
import { closingLine, type Measured } from './lib/proof.ts';

export async function run(log: (line: string) => void = () => {}): Promise<Measured[]> {
  const servers = await startTestStack({ postgres: true, temporal: false });
  try {
    Object.assign(process.env, servers.environment);
    const db = await testDatabase();
    const { tables, walled, tries, refused, holes } = await tryRls(db);
    await db.close();
    for (const hole of holes) log(hole);
    return [
      { figure: `${walled} of ${tables} tenant tables enabled and forced`, want: `${tables} of ${tables}`, ok: walled === tables && tables > 25 },
      { figure: `${refused} of ${tries} tries from outside refused`, want: `${tries} of ${tries}`, ok: refused === tries },
    ];
  } finally {
    await servers.stop();
  }
}

if (import.meta.main) {
  const measured = await run(console.log);
  for (const one of measured) console.log(closingLine('rls', one));
  process.exitCode = measured.every((one) => one.ok) ? 0 : 1;
}
