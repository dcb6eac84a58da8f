/** The contract of the MySQL connector (actions x faults) on a real server. A machine without one is told how to get it, and the proof is short. */
import { mysqlServer, sqlCases } from '@hub/activities/sql-testing';

import { runCases } from './lib/contract-cases.ts';
import { mysqlOfMachine, mysqlWayOut } from './lib/mysql-server.ts';
import { closingLine, type Measured } from './lib/proof.ts';

export async function run(log: (line: string) => void = () => {}): Promise<Measured[]> {
  const started = await mysqlOfMachine();
  if (!started) return [{ figure: `no MySQL or MariaDB found. ${mysqlWayOut}`, want: 'a server', ok: false }];
  try {
    const server = await mysqlServer(started.url);
    const results = await runCases(sqlCases(server), log);
    await server.close();
    const held = results.filter(({ ok }) => ok).length;
    return [{ figure: `${held} of ${results.length} cases`, want: 'all', ok: held === results.length && results.length >= 40 }];
  } finally {
    await started.stop();
  }
}

if (import.meta.main) {
  const measured = await run(console.log);
  for (const one of measured) console.log(closingLine('mysql', one));
  process.exitCode = measured.every((one) => one.ok) ? 0 : 1;
}
