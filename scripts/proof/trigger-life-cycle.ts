/**
 * Random publishes, rollbacks, pauses, activations, archivings, deletions, pauses of single triggers on several workflows, while the dispatchers are
 * killed again and again. At the end Temporal's own list of schedules and drivers is held against a model that knows the operations only.
 * `--operations=200 --seed=n`
 */
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { deleteWorkflow, setTriggerPaused, setWorkflowStatus } from '@hub/db/write';
import { scheduleIdOf, seriesIdOf } from '@hub/kit/temporal';
import { type Rig, startRig } from '@hub/worker/testing';
import { startTestStack } from '../bootstrap/test-stack.mjs';
import { spawnKept } from './lib/kept.ts';
import { closingLine, type Measured } from './lib/proof.ts';

type Config = Record<string, string | number>;
interface ModelTrigger {
  type: string;
  config: Config;
}
interface ModelWorkflow {
  id: string;
  status: 'active' | 'paused' | 'archived' | 'deleted';
  versions: Record<string, ModelTrigger>[];
  now: Record<string, ModelTrigger>;
  /** By trigger id: the type it was paused as. */
  paused: Map<string, string>;
}

const child = fileURLToPath(new URL('./lib/dispatcher-child.ts', import.meta.url));
const triggerIds = ['one', 'two', 'three', 'four'];
const settleMs = 60_000;

/** Small and quick, and the same for the same seed. */
function randomOf(seed: number): (most: number) => number {
  let state = seed >>> 0 || 1;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * most);
  };
}

function someTrigger(random: (most: number) => number): ModelTrigger {
  const zone = ['UTC', 'Europe/Berlin', 'America/New_York'][random(3)] ?? 'UTC';
  const kinds: ModelTrigger[] = [
    { type: 'schedule', config: { cron: `${random(60)} ${random(24)} * * ${random(7)}`, timeZone: zone, jitter: '0s' } },
    { type: 'schedule', config: { cron: `${random(60)} ${4 + random(20)} ${1 + random(28)} ${1 + random(12)} *`, timeZone: zone, jitter: '0s' } },
    { type: 'schedule', config: { every: `${20 + random(20)}h`, jitter: '0s' } },
    { type: 'poll', config: { connector: 'http', action: 'request', every: `${20 + random(20)}h`, cursor: 'id' } },
    { type: 'continuous', config: { pauseMs: 3_600_000 + random(1_000) } },
    { type: 'webhook', config: {} },
  ];
  return kinds[random(kinds.length)] ?? { type: 'manual', config: {} };
}

async function publish(rig: Rig, workflow: ModelWorkflow | null, triggers: Record<string, ModelTrigger>): Promise<string> {
  const list = Object.entries(triggers).map(([id, { type, config }]) => ({ id, type, config }));
  return rig.publish(list, workflow === null ? {} : { id: workflow.id });
}

/** One operation on hub and model. Answers its name. */
async function operate(rig: Rig, model: ModelWorkflow[], random: (most: number) => number): Promise<string> {
  const alive = model.filter((one) => one.status !== 'deleted');
  const some = alive[random(alive.length)];
  const version = (): Record<string, ModelTrigger> =>
    Object.fromEntries(triggerIds.filter(() => random(3) > 0).map((id) => [id, someTrigger(random)]));
  if (some === undefined || (alive.length < 6 && random(3) === 0)) {
    const now = version();
    model.push({ id: await publish(rig, null, now), status: 'active', versions: [now], now, paused: new Map() });
    return 'create';
  }
  switch (random(8)) {
    case 0:
    case 1: {
      applyVersion(some, version());
      await publish(rig, some, some.now);
      return 'publish';
    }
    case 2: {
      applyVersion(some, some.versions[random(some.versions.length)] ?? {});
      await publish(rig, some, some.now);
      return 'rollback';
    }
    case 3:
      return setStatus(rig, some, 'paused');
    case 4:
      return setStatus(rig, some, 'active');
    case 5:
      return setStatus(rig, some, random(2) === 0 ? 'archived' : 'active');
    case 6: {
      const ids = Object.keys(some.now);
      const id = ids[random(ids.length)];
      if (id === undefined) return 'nothing';
      const paused = !some.paused.has(id);
      await setTriggerPaused(rig.db.sql, { team: rig.team, workflowId: some.id, triggerId: id }, { paused, userId: null });
      if (paused) some.paused.set(id, some.now[id]?.type ?? '');
      else some.paused.delete(id);
      return paused ? 'pause trigger' : 'resume trigger';
    }
    default: {
      if (random(3) > 0) return 'nothing';
      if ((await deleteWorkflow(rig.db.sql, rig.team, some.id)) === 'ok') some.status = 'deleted';
      return 'delete';
    }
  }
}

function applyVersion(workflow: ModelWorkflow, triggers: Record<string, ModelTrigger>): void {
  workflow.versions.push(triggers);
  workflow.now = triggers;
  if (workflow.status === 'archived') workflow.status = 'active';
  for (const [id, type] of workflow.paused) if (triggers[id] !== undefined && triggers[id].type !== type) workflow.paused.delete(id);
}

async function setStatus(rig: Rig, workflow: ModelWorkflow, status: 'active' | 'paused' | 'archived'): Promise<string> {
  await setWorkflowStatus(rig.db.sql, { team: rig.team, id: workflow.id, status });
  workflow.status = status;
  return status;
}

/** By id: what should stand in Temporal, in words that Temporal's answers can be put in as well. */
function expected(rig: Rig, model: ModelWorkflow[]): Map<string, string> {
  const wanted = new Map<string, string>();
  for (const workflow of model) {
    for (const [triggerId, { type, config }] of Object.entries(workflow.now)) {
      if (workflow.status === 'archived' || workflow.status === 'deleted') continue;
      const place = { team: rig.team, workflowId: workflow.id, triggerId };
      const held = workflow.status === 'paused' || workflow.paused.has(triggerId);
      if (type === 'schedule' || type === 'poll') wanted.set(scheduleIdOf(place), `${held ? 'paused' : 'on'} ${specWords(type, config)}`);
      if (type === 'continuous' && !held) wanted.set(seriesIdOf(place), 'running');
    }
  }
  return wanted;
}

function specWords(type: string, { cron, every, timeZone }: Config): string {
  const overlap = type === 'poll' ? 'SKIP' : 'ALLOW_ALL';
  if (cron === undefined) return `${overlap} every ${Number.parseInt(String(every), 10) * 3_600_000}`;
  const [minute, hour, day, month, weekday] = String(cron).split(' ');
  return `${overlap} ${minute} ${hour} ${day} ${month} ${weekday} ${String(timeZone)}`;
}

const names = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];
const months = ['JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE', 'JULY', 'AUGUST', 'SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER'];

/** What stands in Temporal, in the same words. */
async function standing(rig: Rig, model: ModelWorkflow[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const { client } = rig.temporal;
  for await (const { scheduleId } of client.schedule.list()) {
    if (!scheduleId.includes(rig.team)) continue;
    try {
      const { spec, state, policies } = await client.schedule.getHandle(scheduleId).describe();
      const calendar = spec.calendars?.[0];
      const single = (ranges: readonly { start: unknown; end?: unknown }[] | undefined): unknown =>
        ranges === undefined || ranges.length === 0 || (ranges.length === 1 && ranges[0]?.end !== ranges[0]?.start) ? '*' : ranges[0]?.start;
      const words =
        calendar === undefined
          ? `every ${spec.intervals?.[0]?.every}`
          : [
              single(calendar.minute),
              single(calendar.hour),
              single(calendar.dayOfMonth),
              numberOf(months, single(calendar.month), 1),
              numberOf(names, single(calendar.dayOfWeek), 0),
              spec.timezone ?? 'UTC',
            ].join(' ');
      found.set(scheduleId, `${state.paused ? 'paused' : 'on'} ${policies.overlap} ${words}`);
    } catch {
      // Removed between list and look; the next look decides.
    }
  }
  for (const workflow of model)
    for (const triggerId of triggerIds) {
      const id = seriesIdOf({ team: rig.team, workflowId: workflow.id, triggerId });
      const status = await client.workflow
        .getHandle(id)
        .describe()
        .then(
          (described) => described.status.name,
          () => 'NONE',
        );
      if (status === 'RUNNING') found.set(id, 'running');
    }
  return found;
}

function numberOf(list: string[], name: unknown, from: number): unknown {
  return name === '*' ? '*' : list.indexOf(String(name)) + from;
}

function differences(wanted: Map<string, string>, found: Map<string, string>): string[] {
  const ids = new Set([...wanted.keys(), ...found.keys()]);
  return [...ids]
    .filter((id) => wanted.get(id) !== found.get(id))
    .map((id) => `${id}: wanted ${wanted.get(id) ?? 'nothing'}, found ${found.get(id) ?? 'nothing'}`);
}

export async function run(log: (line: string) => void = () => {}, args: string[] = []): Promise<Measured> {
  const option = (name: string, fallback: number): number =>
    Number(args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback);
  const operations = option('operations', 200);
  const seed = option('seed', Date.now() % 1_000_000);
  const random = randomOf(seed);
  const servers = await startTestStack();
  const children = new Set<ChildProcess>();
  let rig: Rig | null = null;
  try {
    Object.assign(process.env, servers.environment);
    rig = await startRig({ sweeps: false });
    const begin = (): void => {
      const one = spawnKept(process.execPath, [child, rig?.db.appUrl ?? '', process.env['TEST_TEMPORAL_ADDRESS'] ?? ''], { stdio: 'inherit' });
      children.add(one);
      one.once('exit', () => children.delete(one));
    };
    for (let n = 0; n < 3; n += 1) begin();
    await delay(2_000);
    const model: ModelWorkflow[] = [];
    const done = new Map<string, number>();
    let kills = 0;
    for (let n = 0; n < operations; n += 1) {
      const name = await operate(rig, model, random);
      done.set(name, (done.get(name) ?? 0) + 1);
      // Long enough for the dispatchers to be in the middle of it, not for them to be done.
      await delay(random(150));
      if (random(8) === 0) {
        [...children][random(children.size)]?.kill('SIGKILL');
        kills += 1;
        begin();
      }
    }
    log(`seed ${seed}: ${[...done].map(([name, count]) => `${count} ${name}`).join(', ')}; ${kills} dispatchers killed`);
    const wanted = expected(rig, model);
    let left: string[] = [];
    for (const end = Date.now() + settleMs; ; await delay(500)) {
      left = differences(wanted, await standing(rig, model));
      if (left.length === 0 || Date.now() > end) break;
    }
    for (const line of left) log(line);
    return {
      figure: `${left.length} differences between the rows' ${wanted.size} schedules and drivers and Temporal's own list after ${operations} operations, ${kills} kills`,
      want: '0 differences',
      ok: left.length === 0 && wanted.size > 0 && kills > operations / 20,
    };
  } finally {
    for (const one of children) one.kill('SIGKILL');
    await rig?.close();
    await servers.stop();
  }
}

if (import.meta.main) {
  const measured = await run(console.log, process.argv.slice(2));
  console.log(closingLine('trigger-life-cycle', measured));
  process.exitCode = measured.ok ? 0 : 1;
}
