/**
 * A projection from its history: runs of every kind, their rows taken away or falsified, rebuilt, and held against the rows they had. Values and the
 * rows of items that ran in chunks are not in a history: those are left alone. `--runs=n` (150).
 */
import { asTeam, openDatabase, type Sql } from '@hub/db';
import { connectTemporal } from '@hub/kit/temporal';
import { bundleRebuild, rebuild } from '@hub/worker/rebuild';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { startFarEnd } from './acceptance/far-end.ts';
import { corpus, runCorpus } from './lib/corpus.ts';
import { hubClient } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack } from './lib/stack.ts';
import { demoTeam } from './lib/team.ts';

interface Row {
  path: string;
  attempt: number;
  said: string;
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const most = Number(args.find((arg) => arg.startsWith('--runs='))?.slice('--runs='.length) ?? 150);
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const farEnd = await startFarEnd();
  const stack = await startStack({
    env: { HUB_OUTBOUND_ALLOW: farEnd.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn', HUB_CONTINUE_AFTER: '200' },
  });
  const sql = openDatabase({ url: stack.env['DATABASE_URL'] ?? '', applicationName: 'proof-rebuild', max: 4 });
  const temporal = await connectTemporal({ address: stack.env['TEMPORAL_ADDRESS'] ?? '', namespace: 'default' });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    await hub.call('PUT', '/variables/acceptance', { value: 'of the team' });
    const team = await demoTeam(stack.env);
    const [bundle, runs] = await Promise.all([bundleRebuild(), runCorpus(hub, corpus(farEnd.url, most))]);
    log(`${runs.length} runs ended`);
    let right = 0;
    let rows = 0;
    let twice = 0;
    for (const { name, view } of runs) {
      const before = await rowsOf(sql, team, view.id);
      await falsify(sql, team, view.id);
      const broke = await rebuild({ sql, client: temporal.client, bundle }, view.id).then(() => null, String);
      if (broke !== null) {
        log(`${name} (${view.id}): ${broke.slice(0, 400)}`);
        continue;
      }
      const after = await rowsOf(sql, team, view.id);
      const wrong = difference(before, after);
      rows += before.length;
      if (wrong.length === 0) right += 1;
      else log(`${name} (${view.id}): ${wrong.slice(0, 4).join(' | ')}`);
      const again = await rebuild({ sql, client: temporal.client, bundle }, view.id);
      if (again.mended + again.added === 0 && !again.run) twice += 1;
    }
    return [
      {
        figure: `${right} of ${runs.length} projections (${rows} rows) as they were`,
        want: `${runs.length} of ${runs.length}`,
        ok: right === runs.length,
      },
      { figure: `${twice} of ${runs.length} unchanged by a second rebuild`, want: `${runs.length} of ${runs.length}`, ok: twice === runs.length },
    ];
  } finally {
    await temporal.close();
    await sql.end();
    await stack.close();
    await farEnd.close();
  }
}

/** The last attempt of each path and its verdict, and the run's own row. */
export async function rowsOf(sql: Sql, team: string, run: string): Promise<Row[]> {
  const rows = await asTeam(sql, team, async (tx) => [
    ...(await tx<Row[]>`
      select distinct on (path, attempt_number = 0) path, attempt_number as attempt,
        concat_ws(' ', status, coalesce(port, '-'), coalesce(error_code, '-'), recovered, disabled, pinned) as said
      from node_executions where team_id = ${team} and workflow_execution_id = ${run} order by path, attempt_number = 0, attempt_number desc`),
    ...(await tx<Row[]>`
      select '' as path, 0 as attempt, concat_ws(' ', status, coalesce(error_code, '-'), coalesce(error_path, '-'), total_nodes, completed_nodes, failed_nodes, skipped_nodes) as said
      from workflow_executions where team_id = ${team} and id = ${run}`),
  ]);
  const states = new Map<string, Set<string>>();
  for (const { path, said } of rows) {
    const node = /([a-z][a-z0-9_]*)(\[\d+\])?$/.exec(path)?.[1] ?? '';
    states.set(node, (states.get(node) ?? new Set()).add(said.split(' ')[0] ?? ''));
  }
  // A node whose items ended differently counts by whichever row was written last: of items side by side that is chance.
  const isChance = [...states.values()].some((all) => all.size > 1);
  return rows.map((row) => (row.path === '' && isChance ? { ...row, said: row.said.split(' ').slice(0, 3).join(' ') } : row));
}

/** Every other row goes, the others say something else; only items of chunks, which no history names, stay. */
async function falsify(sql: Sql, team: string, run: string): Promise<void> {
  await asTeam(sql, team, async (tx) => {
    const chunked = tx`(select d.value ->> 'id' from workflow_executions r join workflow_versions v on v.team_id = r.team_id and v.id = r.version_id,
      jsonb_array_elements(v.plan -> 'nodes') d where r.team_id = ${team} and r.id = ${run} and exists (
        select from jsonb_array_elements(v.plan -> 'nodes') l where (l.value ->> 'id' = d.value ->> 'parent' and l.value #>> '{loop,chunk}' is not null) or l.value #>> '{loop,step}' = d.value ->> 'id'))`;
    await tx`delete from node_executions where team_id = ${team} and workflow_execution_id = ${run} and node_id not in ${chunked}
      and path in (select path from node_executions where team_id = ${team} and workflow_execution_id = ${run} group by path having max(attempt_number) <= 1 and hashtext(path) % 2 = 0)`;
    await tx`update node_executions set status = 'running', port = null, error_code = 'falsified' where team_id = ${team} and workflow_execution_id = ${run}
      and node_id not in ${chunked} and attempt_number = (select max(n.attempt_number) from node_executions n
        where n.team_id = ${team} and n.workflow_execution_id = ${run} and n.path = node_executions.path)`;
    await tx`update workflow_executions set error_code = 'falsified', completed_nodes = 0 where team_id = ${team} and id = ${run}`;
  });
}

export function difference(before: Row[], after: Row[]): string[] {
  const key = ({ path, attempt }: Row): string => `${path} ${attempt === 0 ? 'verdict' : 'attempt'}`;
  const was = new Map(before.map((row) => [key(row), row]));
  const is = new Map(after.map((row) => [key(row), row]));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((one) => {
    const [a, b] = [was.get(one), is.get(one)];
    return a?.said === b?.said ? [] : [`${one}: had "${a?.said ?? 'nothing'}", has "${b?.said ?? 'nothing'}"`];
  });
}
