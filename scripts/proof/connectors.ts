/**
 * The contract of every connector, actions x cases: those of vendors and http against strict stand-ins, mail against a real SMTP server, files and rows against a
 * store that fails, PostgreSQL on a server of its own, MySQL where the machine has one. Counts, too, that no action is without its contract.
 */
import { connectorManifests, contractCases, contractKits, ownCases, ownKits } from '@hub/activities/contract-testing';
import { mysqlServer, postgresServer, sqlCases } from '@hub/activities/sql-testing';

import { startTestStack } from '../bootstrap/test-stack.mjs';
import { type CaseResult, runCases } from './lib/contract-cases.ts';
import { mysqlOfMachine, mysqlWayOut } from './lib/mysql-server.ts';
import { closingLine, type Measured } from './lib/proof.ts';

type Log = (line: string) => void;

export async function run(log: Log = () => {}, args: string[] = []): Promise<Measured[]> {
  const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
  const wanted = (connector: string): boolean => only === undefined || only === connector;
  const tables: { connector: string; results: CaseResult[] }[] = [];
  const short: Measured[] = [];
  for (const kit of contractKits.filter(({ connector }) => wanted(connector)))
    tables.push({ connector: kit.connector, results: await runCases(contractCases(kit), log) });
  for (const kit of ownKits.filter(({ connector }) => wanted(connector)))
    tables.push({ connector: kit.connector, results: await runCases(ownCases(kit), log) });
  if (wanted('postgres')) tables.push({ connector: 'postgres', results: await onPostgres(log) });
  if (wanted('mysql')) {
    const results = await onMysql(log);
    if (results === null) short.push({ figure: `mysql not run: no MySQL or MariaDB found. ${mysqlWayOut}`, want: 'a server', ok: false });
    else tables.push({ connector: 'mysql', results });
  }
  for (const one of tables) for (const line of tableOf(one)) log(line);
  const all = tables.flatMap(({ results }) => results);
  const held = all.filter(({ ok }) => ok).length;
  const actions = actionsOf(tables);
  const cases: Measured = {
    figure: `${held} of ${all.length} cases of ${actions.held} actions of ${tables.length} connectors`,
    want: 'all',
    ok: held === all.length && all.length > 0,
  };
  if (only !== undefined) return [cases, ...short];
  return [
    cases,
    { figure: `${actions.held} of ${actions.all} actions have their contract`, want: 'all', ok: actions.held === actions.all },
    ...short,
  ];
}

async function onPostgres(log: Log): Promise<CaseResult[]> {
  const servers = await startTestStack({ postgres: true, temporal: false });
  try {
    const { TEST_DATABASE_OWNER_URL: owner = '', TEST_DATABASE_APP_URL: app = '' } = servers.environment as Record<string, string>;
    const server = await postgresServer(owner, app);
    const results = await runCases(sqlCases(server), log);
    await server.close();
    return results;
  } finally {
    await servers.stop();
  }
}

async function onMysql(log: Log): Promise<CaseResult[] | null> {
  const started = await mysqlOfMachine();
  if (started === null) return null;
  try {
    const server = await mysqlServer(started.url);
    const results = await runCases(sqlCases(server), log);
    await server.close();
    return results;
  } finally {
    await started.stop();
  }
}

/** How many actions there are, and how many of them were held to cases. */
function actionsOf(tables: readonly { connector: string; results: readonly CaseResult[] }[]): { held: number; all: number } {
  const all = Object.entries(connectorManifests).flatMap(([connector, { actions }]) =>
    Object.keys(actions).map((action) => `${connector}.${action}`),
  );
  const held = new Set(tables.flatMap(({ connector, results }) => results.map(({ action }) => `${connector}.${action}`)));
  return { held: all.filter((action) => held.has(action)).length, all: all.length };
}

/** Actions by cases: + holds, ! does not, . is not asked of it. */
function tableOf({ connector, results }: { connector: string; results: readonly CaseResult[] }): string[] {
  const names = [...new Set(results.map(({ name }) => name))];
  const actions = [...new Set(results.map(({ action }) => action))];
  const width = Math.max(...actions.map((action) => action.length));
  const mark = (action: string, name: string): string => {
    const found = results.find((one) => one.action === action && one.name === name);
    return (found === undefined ? '.' : found.ok ? '+' : '!').padStart(3);
  };
  return [
    '',
    `${connector}: ${results.filter(({ ok }) => ok).length} of ${results.length}`,
    ...names.map((name, at) => `  ${String(at + 1).padStart(2)} ${name}`),
    `  ${''.padEnd(width)} ${names.map((_, at) => String(at + 1).padStart(3)).join('')}`,
    ...actions.map((action) => `  ${action.padEnd(width)} ${names.map((name) => mark(action, name)).join('')}`),
  ];
}

if (import.meta.main) {
  const measured = await run(console.log, process.argv.slice(2));
  for (const one of measured) console.log(closingLine('connectors', one));
  process.exitCode = measured.every((one) => one.ok) ? 0 : 1;
}
