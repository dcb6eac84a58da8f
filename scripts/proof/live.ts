/**
 * `npm run proof -- live <connector>`: the contract on the real vendor, when its variables are set; else it says which are missing. Without a connector it says of each whether it could be run.
 * What it makes at the vendor it takes away again.
 */
import { contractKits, runLive, standInOnly, type ContractKit } from '@hub/activities/contract-testing';
import type { Measured } from './lib/proof.ts';

type Env = Readonly<Record<string, string | undefined>>;

export async function run(log: (line: string) => void, args: string[], env: Env = process.env): Promise<Measured[]> {
  const chosen = args.filter((arg) => !arg.startsWith('--'));
  const known = contractKits.map(({ connector }) => connector);
  const unknown = chosen.filter((name) => !known.includes(name));
  if (unknown.length > 0) return [{ figure: `there is no ${unknown.join(', ')}`, want: `one of ${known.join(', ')}`, ok: false }];
  if (chosen.length > 0) return Promise.all(contractKits.filter(({ connector }) => chosen.includes(connector)).map((kit) => asked(kit, env, log)));
  for (const kit of contractKits) {
    const missing = missingOf(kit, env);
    log(`${kit.connector}: ${missing === null ? 'has no live run' : missing.length === 0 ? 'ready' : `not set: ${missing.join(', ')}`}`);
  }
  const able = contractKits.filter((kit) => missingOf(kit, env)?.length === 0).length;
  return [{ figure: `${able} of ${known.length} connectors could be run; name one`, want: 'a name', ok: true }];
}

async function asked(kit: ContractKit, env: Env, log: (line: string) => void): Promise<Measured> {
  const { connector: name, live } = kit;
  const missing = missingOf(kit, env);
  if (live === undefined || missing === null) return { figure: `${name} has no live run`, want: 'its calls in the kit', ok: false };
  if (missing.length > 0) {
    for (const variable of missing) log(`${variable}: ${live.variables[variable] ?? ''}`);
    return { figure: `${name} was not run, not set: ${missing.join(', ')}`, want: 'a run on the real vendor', ok: false };
  }
  const variables = Object.fromEntries(Object.keys(live.variables).map((variable) => [variable, env[variable] ?? '']));
  const { passed, failed } = await runLive(kit, live, variables);
  for (const line of failed) log(line);
  log(`only with the stand-in: ${standInOnly.join(', ')}`);
  return { figure: `${name}: ${passed} of ${passed + failed.length} cases on the real vendor`, want: 'all', ok: failed.length === 0 };
}

/** Variables that are not set; null where the connector has no live run. */
function missingOf({ live }: ContractKit, env: Env): string[] | null {
  return live === undefined ? null : Object.keys(live.variables).filter((variable) => (env[variable] ?? '') === '');
}
