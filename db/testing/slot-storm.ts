/**
 * Many clients start, end and cancel runs, move limits, pause, and die in the middle, while a judge watches: it counts rows itself and believes
 * no counter. Used by the int test (small) and the proof `slots` (5,000 operations, 8 clients).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { asTeam, openDatabase, type Sql } from '../database.ts';
import { createRunStore } from '../stores/run-store.ts';
import { cancelRun, createRun, finishRun, type RunRef, setTeamLimit, setWorkflowLimit, setWorkflowStatus, sweep } from '../write/index.ts';
import type { TestDatabase } from './index.ts';
import { makeTeam, makeWorkflow } from './make.ts';
import { seeded } from './slot-model.ts';

export interface StormFigures {
  operations: number;
  clients: number;
  seed: number;
  kills: number;
  runs: number;
  looks: number;
  /** Looks at which a run waited although it could have run. */
  queuedWithFreeSlot: number;
  /** Starts over a limit, as seen inside the starting transaction. */
  overLimit: number;
  /** Runs that got a slot twice, began twice, ended twice, or share an idempotency key. */
  runTwice: number;
  /** Counters that differ from the rows. */
  miscounted: number;
  /** Runs that were not over after everything was let run to its end. */
  notDrained: number;
  /** What the judge saw, in words; at most 20. */
  faults: string[];
}

interface Storm {
  db: TestDatabase;
  clients: Sql[];
  random: ReturnType<typeof seeded>;
  places: { team: string; workflows: string[] }[];
  runs: RunRef[];
  kills: number;
  failures: string[];
}

const blobKey = Buffer.alloc(32, 7);

/** Runs the storm and answers the judge's figures. */
export async function slotStorm(
  db: TestDatabase,
  { operations, clients, seed }: { operations: number; clients: number; seed: number },
): Promise<StormFigures> {
  const storm: Storm = { db, clients: [], random: seeded(seed), places: [], runs: [], kills: 0, failures: [] };
  for (let i = 0; i < 2; i += 1) {
    const { team } = await makeTeam(db, { maxConcurrentRuns: 5 });
    const workflows: string[] = [];
    for (const limit of [1, 2, 4]) workflows.push((await makeWorkflow(db, team, { maxConcurrentRuns: limit })).workflowId);
    storm.places.push({ team, workflows });
  }
  await plantJudge(db);
  storm.clients = Array.from({ length: clients }, (_, i) => openDatabase({ url: db.appUrl, max: 2, applicationName: `storm-${i}` }));
  let left = operations;
  let stopped = false;
  const judge = watch(storm, () => stopped);
  try {
    await Promise.all(
      storm.clients.map(async (sql) => {
        while (left > 0) {
          left -= 1;
          await operate(storm, sql);
        }
      }),
    );
    await drain(storm).catch((error: unknown) => storm.failures.push(error instanceof Error ? error.message : String(error)));
    stopped = true;
    return await figures(storm, { operations, clients, seed, ...(await judge) });
  } finally {
    stopped = true;
    await judge;
    await Promise.all(storm.clients.map((sql) => sql.end()));
  }
}

/** Looks inside every transaction that gives a slot, where the rows cannot lie. */
async function plantJudge({ ownerSql }: TestDatabase): Promise<void> {
  await ownerSql.unsafe(`
    create table storm_faults (fault text not null);
    grant select, insert on storm_faults to hub_app, hub_definer;
    create function storm_judge() returns trigger language plpgsql as $$
    declare v_team integer; v_workflow integer; v_team_limit integer; v_workflow_limit integer;
    begin
      if new.status <> 'starting' or (tg_op = 'UPDATE' and old.status = 'starting') then return null; end if;
      select count(*) filter (where r.slot <> 'none'), count(*) filter (where r.slot = 'workflow' and r.workflow_id = new.workflow_id) into v_team, v_workflow
      from workflow_executions r where r.team_id = new.team_id and r.status in ('starting', 'running', 'waiting');
      select t.max_concurrent_runs into v_team_limit from teams t where t.id = new.team_id;
      select w.max_concurrent_runs into v_workflow_limit from workflows w where w.team_id = new.team_id and w.id = new.workflow_id;
      if v_team > v_team_limit then insert into storm_faults values (format('team %s of %s', v_team, v_team_limit)); end if;
      if new.slot = 'workflow' and v_workflow > v_workflow_limit then insert into storm_faults values (format('workflow %s of %s', v_workflow, v_workflow_limit)); end if;
      return null;
    end $$;
    grant execute on function storm_judge() to hub_app, hub_definer;
    create trigger storm_judge after insert or update of status on workflow_executions for each row execute function storm_judge();`);
}

async function operate(storm: Storm, sql: Sql): Promise<void> {
  const { random } = storm;
  const place = random.pick(storm.places)!;
  const workflowId = random.pick(place.workflows)!;
  const dice = random.below(100);
  try {
    if (dice < 40) await create(storm, sql, place.team, workflowId);
    else if (dice < 75) await endOne(storm, sql);
    else if (dice < 83) await cancelOne(storm, sql);
    else if (dice < 88) await dieMidway(storm, sql, place.team, workflowId);
    else if (dice < 91) await begin(storm, sql, await setTeamLimit(sql, place.team, random.below(8)));
    else if (dice < 95) await begin(storm, sql, await setWorkflowLimit(sql, place.team, workflowId, random.below(6)));
    else if (dice < 97)
      await begin(
        storm,
        sql,
        (await setWorkflowStatus(sql, { team: place.team, id: workflowId, status: random.chance(0.3) ? 'paused' : 'active' })).start,
      );
    else await begin(storm, sql, await sweep(sql));
  } catch (error) {
    storm.failures.push(error instanceof Error ? error.message : String(error));
  }
}

function newRun(storm: Storm, team: string, workflowId: string) {
  const { random } = storm;
  const overlap = random.chance(0.1) ? ('cancel_older' as const) : random.chance(0.1) ? ('skip' as const) : ('queue' as const);
  // Few keys, so that they are used again.
  const idempotencyKey = random.chance(0.2) ? `key-${random.below(60)}` : null;
  return {
    team,
    workflowId,
    triggeredBy: 'api' as const,
    triggerId: null,
    trigger: {},
    inputText: '{}',
    overlap,
    idempotencyKey,
    test: random.chance(0.1),
    priority: 1 + random.below(5),
  };
}

async function create(storm: Storm, sql: Sql, team: string, workflowId: string): Promise<void> {
  const made = await createRun(sql, { blobKey }, newRun(storm, team, workflowId));
  if (!('run' in made)) return;
  storm.runs.push({ team, run: made.run });
  await begin(storm, sql, made.start);
}

/** As Temporal would: the workflow's first write. One in ten starts is lost with its process; then the sweep must find it. */
async function begin(storm: Storm, sql: Sql, start: RunRef[]): Promise<void> {
  const store = createRunStore(sql, { blobKey });
  for (const { team, run } of start) {
    storm.runs.push({ team, run });
    if (storm.random.chance(0.1)) continue;
    const at = { team, run, nodeId: 'double', nodeType: 'transform' as const, path: 'double', iteration: null };
    const begun = await store.begin({ ...at, rows: [] });
    if (!begun.gone && begun.done === undefined) {
      await store.end({
        ...at,
        attempt: begun.attempt,
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
      });
    }
  }
}

async function endOne(storm: Storm, sql: Sql): Promise<void> {
  const ref = storm.random.pick(storm.runs.slice(-40));
  if (ref === undefined) return;
  const [row] = await asTeam(sql, ref.team, (tx) => tx<{ status: string }[]>`select status from workflow_executions where id = ${ref.run}`);
  if (row?.status === 'queued') return;
  const { start } = await finishRun(sql, { blobKey }, { ...ref, status: 'completed', error: null, outputText: '{}', rows: [] });
  await begin(storm, sql, start);
}

async function cancelOne(storm: Storm, sql: Sql): Promise<void> {
  const ref = storm.random.pick(storm.runs.slice(-40));
  if (ref === undefined) return;
  const { start } = await cancelRun(sql, ref.team, ref.run);
  await begin(storm, sql, start);
}

/**
 * A process that dies in the middle: its connection is cut at a random moment of its transaction, or it commits and is gone before it starts what
 * it was given. Either way nobody goes on for it.
 */
async function dieMidway(storm: Storm, sql: Sql, team: string, workflowId: string): Promise<void> {
  const { random } = storm;
  const doomed = openDatabase({ url: storm.db.appUrl, max: 1, applicationName: 'storm-doomed' });
  try {
    const [backend] = await doomed<{ pid: number }[]>`select pg_backend_pid() as pid`;
    const ref = random.pick(storm.runs.slice(-40));
    const work =
      random.chance(0.5) || ref === undefined
        ? createRun(doomed, { blobKey }, newRun(storm, team, workflowId))
        : finishRun(doomed, { blobKey }, { ...ref, status: 'completed', error: null, outputText: '{}', rows: [] });
    const settled = work.then(
      () => {},
      () => {},
    );
    if (random.chance(0.7)) {
      await delay(random.next() * 8);
      await sql`select pg_terminate_backend(${backend!.pid})`;
    }
    await settled;
    storm.kills += 1;
  } finally {
    await doomed.end({ timeout: 0.2 });
  }
}

/** Looks again and again at all rows of each team in one snapshot. */
async function watch(
  storm: Storm,
  stopped: () => boolean,
): Promise<{ looks: number; queuedWithFreeSlot: number; miscounted: number; seen: string[] }> {
  const result = { looks: 0, queuedWithFreeSlot: 0, miscounted: 0, seen: [] as string[] };
  const sql = openDatabase({ url: storm.db.appUrl, max: 1, applicationName: 'storm-judge' });
  try {
    while (!stopped()) {
      for (const { team } of storm.places) await look(sql, team, result);
      await delay(5);
    }
    return result;
  } finally {
    await sql.end();
  }
}

interface Look {
  waiting: number;
  team_used: number;
  team_counted: number;
  wrong: number;
}

async function look(
  sql: Sql,
  team: string,
  result: { looks: number; queuedWithFreeSlot: number; miscounted: number; seen: string[] },
): Promise<void> {
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<Look[]>`
    with held as (select workflow_id, slot from workflow_executions where status in ('starting', 'running', 'waiting') and slot <> 'none')
    select
      (select count(*)::int from workflow_executions q join workflows w on w.id = q.workflow_id where q.status = 'queued'
        and (select count(*) from held) < (select max_concurrent_runs from teams)
        and (q.slot = 'team' or (w.status = 'active' and (select count(*) from held h where h.slot = 'workflow' and h.workflow_id = q.workflow_id) < w.max_concurrent_runs))) as waiting,
      (select used from team_slots) as team_used, (select count(*)::int from held) as team_counted,
      (select count(*)::int from workflow_slots s where s.used <> (select count(*) from held h where h.slot = 'workflow' and h.workflow_id = s.workflow_id)) as wrong`,
  );
  if (row === undefined) return;
  result.looks += 1;
  if (row.waiting > 0) result.queuedWithFreeSlot += 1;
  if (row.team_used !== row.team_counted || row.wrong > 0) result.miscounted += 1;
  if (row.waiting > 0 || row.wrong > 0 || row.team_used !== row.team_counted) result.seen.push(JSON.stringify(row));
}

/** Opens everything and lets the sweep alone (as after a crash of all) bring every run to its end. */
async function drain(storm: Storm): Promise<void> {
  const { db } = storm;
  for (const { team, workflows } of storm.places) {
    await setTeamLimit(db.sql, team, 6);
    for (const id of workflows) {
      await setWorkflowLimit(db.sql, team, id, 3);
      await setWorkflowStatus(db.sql, { team, id, status: 'active' });
    }
  }
  let before = 0;
  for (let idle = 0; idle < 10; ) {
    // As if five seconds had passed: whatever has not begun is named again.
    for (const { team } of storm.places)
      await asTeam(
        db.sql,
        team,
        (tx) => tx`update workflow_executions set starting_at = starting_at - interval '10 seconds' where status = 'starting'`,
      );
    for (const { team, run } of await sweep(db.sql, { max: 1000 })) {
      await begin({ ...storm, random: { ...storm.random, chance: () => false } }, db.sql, [{ team, run }]);
    }
    let open = 0;
    for (const { team } of storm.places) {
      const rows = await asTeam(
        db.sql,
        team,
        (tx) =>
          tx<
            { run: string; status: string }[]
          >`select id as run, status from workflow_executions where status in ('queued', 'starting', 'running', 'waiting')`,
      );
      open += rows.length;
      for (const { run, status } of rows)
        if (status === 'running') await finishRun(db.sql, { blobKey }, { team, run, status: 'completed', error: null, outputText: '{}', rows: [] });
    }
    if (open === 0) return;
    // Nothing moves any more: what is left is counted as not drained.
    idle = open === before ? idle + 1 : 0;
    before = open;
  }
}

async function figures(
  storm: Storm,
  known: { operations: number; clients: number; seed: number; looks: number; queuedWithFreeSlot: number; miscounted: number; seen: string[] },
): Promise<StormFigures> {
  const { seen, ...counted } = known;
  const judged = await storm.db.ownerSql<{ fault: string }[]>`select fault from storm_faults`;
  let runs = 0;
  let runTwice = 0;
  let notDrained = 0;
  for (const { team } of storm.places) {
    const [row] = await asTeam(
      storm.db.sql,
      team,
      (tx) => tx<{ runs: number; twice: number; open: number; keys: number }[]>`
      with told as (
        select run_id, count(*) filter (where type = 'run.starting') as starting, count(*) filter (where type = 'run.running') as running,
          count(*) filter (where type in ('run.completed', 'run.cancelled', 'run.failed', 'run.timed_out')) as ended, count(*) filter (where type = 'step.running') as steps,
          count(*) <> max(seq) as gaps
        from run_events group by run_id)
      select (select count(*)::int from workflow_executions) as runs,
        (select count(*)::int from told where starting > 1 or running > 1 or ended <> 1 or steps > 1 or gaps) as twice,
        (select count(*)::int from workflow_executions where status in ('queued', 'starting', 'running', 'waiting')) as open,
        (select count(*)::int from (select 1 from workflow_executions where idempotency_key is not null group by workflow_id, idempotency_key having count(*) > 1) k) as keys`,
    );
    runs += row!.runs;
    runTwice += row!.twice + row!.keys;
    notDrained += row!.open;
  }
  // What a worker meets too: its run has no slot yet, it came before the run, or another client ended the run between a step's begin and end.
  const unexpected = storm.failures.filter((message) => !/no slot|too early|The run has ended already/.test(message));
  return {
    ...counted,
    kills: storm.kills,
    runs,
    overLimit: judged.length,
    runTwice,
    notDrained,
    faults: [...judged.map((row) => row.fault), ...seen, ...unexpected].slice(0, 20),
  };
}
