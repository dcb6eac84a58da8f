/**
 * S2 of 06: every tenant table is tried from outside its team in every way we know, as the app's own role. Used by the int test and the proof `rls`.
 */
import { randomBytes } from 'node:crypto';
import { sharedTables } from '../boot-check.ts';
import { asTeam, type Sql } from '../database.ts';
import { createFileStore } from '../stores/file-store.ts';
import { createRunStore } from '../stores/run-store.ts';
import { addAudit, addNotice, beginIdempotent, createApiKey, createCredential, createRun, setVariable } from '../write/index.ts';
import type { TestDatabase } from './index.ts';
import { makeTeam, makeWorkflow } from './make.ts';

export interface RlsFigures {
  tables: number;
  /** Tables with row-level security enabled and forced. */
  walled: number;
  tries: number;
  refused: number;
  /** What got through, in words. */
  holes: string[];
}

const blobKey = Buffer.alloc(32, 3);

/** A team with at least one row in every tenant table. */
async function fullTeam(db: TestDatabase): Promise<{ team: string; run: string }> {
  const { team, userId } = await makeTeam(db);
  const { sql } = db;
  const { workflowId } = await makeWorkflow(db, team);
  const input = JSON.stringify('x'.repeat(40_000));
  const made = await createRun(sql, { blobKey }, { team, workflowId, triggeredBy: 'api', triggerId: null, trigger: {}, inputText: input, userId });
  if (!('run' in made)) throw new Error(made.outcome);
  const { run } = made;
  const store = createRunStore(sql, { blobKey });
  const call = {
    provider: 'demo',
    model: 'm',
    inputTokens: 1,
    outputTokens: 1,
    cachedTokens: 0,
    costUsd: null,
    durationMs: 1,
    status: 'ok' as const,
    errorCode: null,
    providerRequestId: null,
    demo: true,
  };
  const at = { team, run, nodeId: 'l', nodeType: 'loop' as const, path: 'l', iteration: null };
  await store.openLoop({ ...at, rows: [], itemsText: '[1]', count: 1, pages: { items: [0], bytes: [1] } });
  await store.saveIteration(team, run, 'l[0]', '1');
  await store.end({
    ...at,
    attempt: 0,
    status: 'completed',
    port: 'out',
    inputText: null,
    outputText: '[1]',
    error: null,
    warnings: [],
    tokens: 2,
    costUsd: null,
    model: 'm',
    modelCalls: [call],
  });
  await createFileStore(sql, { blobKey }).create(
    team,
    { name: 'f', mime: 'text/plain', run },
    (async function* () {
      yield Buffer.from('content');
    })(),
  );
  await setVariable(sql, { team, name: 'v', value: 1, userId });
  await createCredential(sql, {
    team,
    userId,
    id: run,
    name: 'c',
    kind: 'bearer',
    encrypted: Buffer.from('x'),
    keyId: 'k',
    rowVersion: 1,
    allowedHosts: [],
  });
  await createApiKey(sql, { team, userId, name: 'k', hash: randomBytes(32), prefix: 'hub_x', scopes: [] });
  await addNotice(sql, { team, userId, kind: 'k', title: 't' });
  await addAudit(sql, { team, userId, action: 'a', target: null });
  await beginIdempotent(sql, { team, scope: 's', key: 'k', bodyHash: Buffer.alloc(32) });
  await asTeam(sql, team, async (tx) => {
    await tx`insert into oauth_states (team_id, state_hash, credential_id, row_version, user_id, session_id, verifier_encrypted, redirect_url, expires_at) values (${team}, ${randomBytes(32)}, ${run}, 1, ${userId}, ${run}, 'x', 'u', now())`;
    await tx`insert into blob_files (team_id, blob_id, file_id) select team_id, id, uuidv7() from blobs where team_id = ${team} limit 1`;
    await tx`insert into step_cache (team_id, key, workflow_id, node_id, run_id, output_bytes, expires_at) values (${team}, 'k', ${workflowId}, 'n', ${run}, 0, now())`;
    await tx`insert into invitations (team_id, email, inviter_id, expires_at) values (${team}, 'a@b.test', ${userId}, now())`;
    await tx`insert into workflow_nodes (team_id, workflow_id, node_id, node_type, config) values (${team}, ${workflowId}, 'n', 'code', '{}')`;
    await tx`insert into workflow_permissions (team_id, workflow_id, user_id, permission_level) values (${team}, ${workflowId}, ${userId}, 'viewer')`;
    await tx`insert into hook_deliveries (team_id, workflow_id, trigger_id, method, outcome, status) values (${team}, ${workflowId}, 'h', 'POST', 'started', 202)`;
    await tx`insert into hook_listens (team_id, workflow_id, trigger_id, type, config, token_hash, expires_at) values (${team}, ${workflowId}, 'h', 'webhook', '{}', ${randomBytes(32)}, now())`;
    await tx`insert into trigger_events (team_id, workflow_id, trigger_id, outcome) values (${team}, ${workflowId}, 't', 'skipped')`;
    await tx`insert into trigger_cursors (team_id, workflow_id, trigger_id) values (${team}, ${workflowId}, 't')`;
    await tx`insert into trigger_outbox (team_id, workflow_id, trigger_id) values (${team}, ${workflowId}, 't')`;
    await tx`insert into push_channels (team_id, id, workflow_id, trigger_id, connector, credential_id, address, token_hash, expires_at) values (${team}, ${run}, ${workflowId}, 't', 'c', 'c', 'a', ${randomBytes(32)}, now())`;
    await tx`insert into run_ends (team_id, run_id, status) values (${team}, ${run}, 'failed')`;
    await tx`insert into unsent_mails (team_id, recipients, subject, body, message_id) values (${team}, 'a@b.test', 's', 'b', 'm')`;
    await tx`insert into run_answers (team_id, run_id) values (${team}, ${run})`;
    await tx`insert into run_messages (team_id, run_id, n, message_id, kind) values (${team}, ${run}, 1, 'm', 'signal')`;
    await tx`insert into run_waits (team_id, run_id, path, node_id, attempt, reason, facts) values (${team}, ${run}, 'w', 'w', 1, 'signal', '{}')`;
    await tx`insert into compensations (team_id, run_id, n, root_run_id, node_id, path, step_completed_at, action) values (${team}, ${run}, 1, ${run}, 'n', 'n', now(), 'delete-rows')`;
    await tx`insert into approvals (team_id, run_id, path, node_id, attempt, title) values (${team}, ${run}, 'a', 'a', 1, 't')`;
    await tx`insert into held_signals (team_id, name, message_id) values (${team}, 's', 'm')`;
    await tx`insert into workflow_templates (team_id, name, definition) values (${team}, 't', '{}')`;
    await tx`insert into workflow_alerts (team_id, workflow_id, alert_type, severity, title) values (${team}, ${workflowId}, 'failure', 'info', 't')`;
    const [source] = await tx<
      { id: string }[]
    >`insert into data_sources (team_id, name, type, config) values (${team}, 's', 'file', '{}') returning id`;
    await tx`insert into data_source_syncs (team_id, data_source_id, status) values (${team}, ${source?.id ?? ''}, 'running')`;
  });
  await asTeam(db.ownerSql, team, (tx) => tx`insert into removed_runs (team_id, month, runs) values (${team}, '2026-01-01', 1)`);
  return { team, run };
}

/** Tries everything; `db` must be the try's own database. */
export async function tryRls(db: TestDatabase): Promise<RlsFigures> {
  const tables = await db.ownerSql<{ name: string; walled: boolean; column: string }[]>`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as walled, case when c.relname = 'teams' then 'id' else 'team_id' end as column
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all(${sharedTables}::text[]) order by 1`;
  const [one, other] = [await fullTeam(db), await fullTeam(db)];
  const empty = await makeTeam(db);
  const figures: RlsFigures = { tables: tables.length, walled: tables.filter((table) => table.walled).length, tries: 0, refused: 0, holes: [] };
  const judge = async (what: string, attempt: () => Promise<string | null>) => {
    figures.tries += 1;
    const got = await attempt();
    if (got === null) figures.refused += 1;
    else figures.holes.push(`${what}: ${got}`);
  };
  for (const table of tables) await tryTable(db, table, { victim: one.team, thief: other.team, bystander: empty.team }, judge);
  await tryFunctions(db.sql, one, other.team, judge);
  return figures;
}

type Judge = (what: string, attempt: () => Promise<string | null>) => Promise<void>;
interface Teams {
  victim: string;
  thief: string;
  bystander: string;
}

async function tryTable(
  db: TestDatabase,
  { name, column }: { name: string; column: string },
  { victim, thief, bystander }: Teams,
  judge: Judge,
): Promise<void> {
  const { sql, ownerSql, authSql } = db;
  // Only our own catalogue's names are put into statements.
  const [row] = (await asTeam(ownerSql, victim, (tx) =>
    tx.unsafe(`select to_jsonb(t) as row, count(*) over ()::int as n from ${name} t limit 1`),
  )) as unknown as { row: unknown; n: number }[];
  await judge(`${name}: the fixture`, async () => (row === undefined ? 'has no row to steal' : null));
  await ownerSql.unsafe(`create view rls_${name} as select * from ${name}; grant select on rls_${name} to hub_app;
    create function rls_count_${name}() returns bigint language sql security definer set search_path = public, pg_temp as 'select count(*) from ${name}';
    create function rls_own_${name}() returns bigint language sql as 'select count(*) from ${name}';
    grant execute on function rls_count_${name}(), rls_own_${name}() to hub_app;`);
  const count = async (query: Promise<unknown>) => {
    const [found] = (await query) as { n: number }[];
    return found?.n === 0 ? null : `sees ${found?.n}`;
  };
  await judge(`${name}: no team`, () => count(sql.unsafe(`select count(*)::int as n from ${name}`)));
  await judge(`${name}: no team through a view`, () => count(sql.unsafe(`select count(*)::int as n from rls_${name}`)));
  await judge(`${name}: no team through a function of the owner`, () => count(sql.unsafe(`select rls_count_${name}()::int as n`)));
  await judge(`${name}: no team through a function`, () => count(sql.unsafe(`select rls_own_${name}()::int as n`)));
  await judge(`${name}: wrong team`, () =>
    count(asTeam(sql, thief, (tx) => tx.unsafe(`select count(*)::int as n from ${name} where ${column} = '${victim}'`))),
  );
  await judge(`${name}: wrong team through a view`, () =>
    count(asTeam(sql, thief, (tx) => tx.unsafe(`select count(*)::int as n from rls_${name} where ${column} = '${victim}'`))),
  );
  await judge(`${name}: wrong team through a function of the owner`, async () => {
    // What the function counts must be what the team has itself, whatever others have.
    const [counts] = (await asTeam(sql, thief, (tx) =>
      tx.unsafe(`select rls_count_${name}() = (select count(*) from ${name} where ${column} = '${thief}') as same`),
    )) as unknown as { same: boolean }[];
    return counts?.same === true ? null : 'counts the rows of others';
  });
  await judge(`${name}: wrong insert`, () =>
    refused(
      asTeam(sql, thief, (tx) =>
        tx.unsafe(`insert into ${name} select * from jsonb_populate_record(null::${name}, $1::text::jsonb)`, [JSON.stringify(row?.row)]),
      ),
    ),
  );
  await judge(`${name}: insert without a team`, () =>
    refused(sql.unsafe(`insert into ${name} select * from jsonb_populate_record(null::${name}, $1::text::jsonb)`, [JSON.stringify(row?.row)])),
  );
  await judge(`${name}: wrong update`, () =>
    untouched(asTeam(sql, thief, (tx) => tx.unsafe(`update ${name} set ${column} = ${column} where ${column} = '${victim}'`))),
  );
  await judge(`${name}: giving one's own row to another team`, () =>
    refused(asTeam(sql, thief, (tx) => tx.unsafe(`update ${name} set ${column} = '${bystander}' where ${column} = '${thief}'`))),
  );
  await judge(`${name}: wrong delete`, () => untouched(asTeam(sql, thief, (tx) => tx.unsafe(`delete from ${name} where ${column} = '${victim}'`))));
  if (!['teams', 'members', 'invitations'].includes(name)) {
    await judge(`${name}: the role of sign-in`, () => refused(authSql.unsafe(`select 1 from ${name} limit 1`)));
  }
}

/** Null where PostgreSQL refused by privilege or policy; an append-only table's own refusal counts too. */
async function refused(query: Promise<unknown>): Promise<string | null> {
  try {
    await query;
    return 'went through';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === '42501' || code === 'HB009' || code === 'db.append-only'
      ? null
      : `was stopped only by ${code}: ${error instanceof Error ? error.message : ''}`;
  }
}

async function untouched(query: Promise<unknown>): Promise<string | null> {
  try {
    const { count } = (await query) as { count: number };
    return count === 0 ? null : `touched ${count}`;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === '42501' ? null : `was stopped only by ${code}`;
  }
}

/** The product's own functions, with another team's run. */
async function tryFunctions(sql: Sql, victim: { team: string; run: string }, thief: string, judge: Judge): Promise<void> {
  const store = createRunStore(sql, { blobKey });
  const gone = async (call: Promise<unknown>) =>
    call.then(
      (answer) => (isEmpty(answer) ? null : JSON.stringify(answer).slice(0, 80)),
      () => null,
    );
  const before = await snapshot(sql, victim);
  await judge('facts', () => gone(store.facts(thief, victim.run)));
  await judge('outputs', () => gone(store.outputs(thief, victim.run, ['l'])));
  await judge('loop pages', () => gone(store.loopPages(thief, victim.run, 'l')));
  await judge('loop page', () => gone(store.loopPage(thief, victim.run, 'l', 0)));
  const of = { loopPath: 'l', sink: null, rows: true, kept: true, from: 0, to: 10 };
  await judge('loop results', () => gone(store.loopResults(thief, victim.run, of)));
  await judge('writeWhole', async () =>
    gone(
      store.writeWhole({
        team: thief,
        run: victim.run,
        nodeId: 'x',
        nodeType: 'code',
        path: 'x',
        iteration: null,
        attempt: 1,
        status: 'completed',
        port: 'out',
        inputText: null,
        outputText: '1',
        error: null,
        warnings: [],
        tokens: null,
        costUsd: null,
        model: null,
        modelCalls: [],
        elapsedMs: 1,
        rows: [],
      }),
    ),
  );
  await judge('begin', () =>
    gone(store.begin({ team: thief, run: victim.run, nodeId: 'x', nodeType: 'code', path: 'x', iteration: null, rows: [] })),
  );
  await judge('pending rows', () => gone(store.writeRows(thief, victim.run, [{ nodeId: 'x', path: 'x', status: 'skipped' }])));
  await judge('finish', () => gone(store.finish({ team: thief, run: victim.run, status: 'failed', error: null, outputText: '{}', rows: [] })));
  await judge('nothing of the run changed', async () => ((await snapshot(sql, victim)) === before ? null : 'it did'));
}

function isEmpty(answer: unknown): boolean {
  if (answer instanceof Map) return answer.size === 0;
  if (Array.isArray(answer)) return answer.length === 0;
  const { gone, changed } = (answer ?? {}) as { gone?: boolean; changed?: boolean };
  return gone === true || changed === false;
}

async function snapshot(sql: Sql, { team, run }: { team: string; run: string }): Promise<string> {
  const rows = await asTeam(
    sql,
    team,
    (tx) =>
      tx`select to_jsonb(r) as run, (select jsonb_agg(to_jsonb(n) order by n.id) from node_executions n where n.workflow_execution_id = r.id) as steps from workflow_executions r where r.id = ${run}`,
  );
  return JSON.stringify(rows);
}
