/**
 * F18: many schedules, the only worker killed for a while, then fires = policy exactly: every nominal time has one event; it started a run where it was
 * decided within the schedule's catch-up window, and is `missed` where later. Half of the schedules have a window shorter than the outage.
 * `--schedules=100 --every=20 --down=60 --after=30` (seconds); the design's F18 is `--schedules=500 --every=60 --down=120`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { hubClient, type HubClient, inParallel } from './lib/hub.ts';
import { closingLine, type Measured } from './lib/proof.ts';
import { startStack } from './lib/stack.ts';

interface Fire {
  at: string;
  scheduledAt: string | null;
  outcome: string;
  runId: string | null;
}
interface Schedule {
  workflow: string;
  id: string;
  windowMs: number;
}

const perWorkflow = 10;
const shortWindowMs = 10_000;
const longWindowMs = 3_600_000;
/** Between the decision and the row of its event. */
const toleranceMs = 3_000;

async function publishAll(hub: HubClient, count: number, everyS: number): Promise<Schedule[]> {
  const workflows = Math.ceil(count / perWorkflow);
  const all = await inParallel(workflows, 4, async (w) => {
    const ids = Array.from({ length: Math.min(perWorkflow, count - w * perWorkflow) }, (_, n) => `s${n}`);
    const windowMs = w % 2 === 0 ? longWindowMs : shortWindowMs;
    const workflow = await hub.publish(`Schedules ${w}`, {
      schemaVersion: 1,
      triggers: ids.map((id) => ({
        id,
        type: 'schedule',
        config: { every: `${everyS}s`, jitter: '0s', catchUpWindow: `${windowMs / 1000}s`, input: { n: 1 } },
      })),
      nodes: [
        { id: 'double', type: 'transform', config: { expression: 'input.n * 2' } },
        { id: 'result', type: 'output', config: { name: 'result', value: '{{ nodes.double.output }}' } },
      ],
      edges: [{ from: 'double', to: 'result' }],
      settings: { maxConcurrentRuns: 1000 },
    });
    return ids.map((id) => ({ workflow, id, windowMs }));
  });
  return all.flat();
}

async function firesOf(hub: HubClient, { workflow, id }: Schedule): Promise<Fire[]> {
  const fires: Fire[] = [];
  for (let cursor = ''; ; ) {
    const page = await hub.call<{ items: Fire[]; nextCursor: string | null }>(
      'GET',
      `/workflows/${workflow}/triggers/${id}/events?limit=200${cursor}`,
    );
    fires.push(...page.items);
    if (page.nextCursor === null) return fires;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

async function allApplied(hub: HubClient, schedules: Schedule[]): Promise<void> {
  const workflows = [...new Set(schedules.map(({ workflow }) => workflow))];
  await inParallel(workflows.length, 4, async (n) => {
    for (const end = Date.now() + 120_000; ; await delay(300)) {
      const { items } = await hub.call<{ items: { pending: boolean }[] }>('GET', `/workflows/${workflows[n]}/triggers`);
      if (items.every(({ pending }) => !pending)) return;
      if (Date.now() > end) throw new Error('The schedules did not reach Temporal in 120 s.');
    }
  });
}

interface Verdict {
  expected: number;
  started: number;
  missed: number;
  faults: string[];
}

function judge(schedules: Schedule[], fires: Fire[][], { from, to, everyMs }: { from: number; to: number; everyMs: number }): Verdict {
  const verdict: Verdict = { expected: 0, started: 0, missed: 0, faults: [] };
  for (const [n, schedule] of schedules.entries()) {
    const byTime = Map.groupBy(fires[n] ?? [], (fire) => Date.parse(fire.scheduledAt ?? ''));
    for (let at = Math.ceil(from / everyMs) * everyMs; at <= to; at += everyMs) {
      verdict.expected += 1;
      const here = byTime.get(at) ?? [];
      const place = `${schedule.workflow}/${schedule.id} at ${new Date(at).toISOString()}`;
      const [fire] = here;
      if (fire === undefined || here.length > 1) {
        verdict.faults.push(`${place}: ${here.length} events`);
        continue;
      }
      const late = Date.parse(fire.at) - at;
      if (fire.outcome === 'started' && fire.runId !== null) verdict.started += 1;
      else if (fire.outcome === 'missed') verdict.missed += 1;
      else verdict.faults.push(`${place}: ${fire.outcome}`);
      if (fire.outcome === 'started' && late > schedule.windowMs + toleranceMs) verdict.faults.push(`${place}: started ${late} ms late`);
      if (fire.outcome === 'missed' && late < schedule.windowMs) verdict.faults.push(`${place}: missed though only ${late} ms late`);
    }
  }
  return verdict;
}

export async function run(log: (line: string) => void = () => {}, args: string[] = []): Promise<Measured> {
  const option = (name: string, fallback: number): number =>
    Number(args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback);
  const [count, everyS, downS, afterS] = [option('schedules', 100), option('every', 20), option('down', 60), option('after', 30)];
  const stack = await startStack({ env: { HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const schedules = await publishAll(hub, count, everyS);
    await allApplied(hub, schedules);
    const from = Date.now() + 2_000;
    log(`${count} schedules of every ${everyS} s stand; the worker goes in ${everyS} s for ${downS} s`);
    await delay(everyS * 1_000);
    for (const worker of stack.workers()) worker.kill('SIGKILL');
    await delay(downS * 1_000);
    stack.startWorker();
    await stack.ready();
    log('the worker is back');
    await delay(afterS * 1_000);
    const to = Date.now() - 2_000;
    const everyMs = everyS * 1_000;
    let verdict: Verdict = { expected: 0, started: 0, missed: 0, faults: [] };
    // What lies in the queue is worked off first; a time that never comes shows as a fault at the end of this.
    for (const end = Date.now() + 120_000; ; await delay(2_000)) {
      verdict = judge(schedules, await inParallel(schedules.length, 4, (n) => firesOf(hub, schedules[n] as Schedule)), { from, to, everyMs });
      if (verdict.faults.length === 0 || Date.now() > end) break;
    }
    const kinds = Map.groupBy(verdict.faults, (fault) => fault.replace(/^\S+ /, '').replace(/\d+ ms/, 'some ms'));
    for (const [kind, faults] of [...kinds].slice(0, 20)) log(`${faults.length} times: ${kind}, e.g. ${faults[0]?.split(' ')[0]}`);
    const { expected, started, missed, faults } = verdict;
    return {
      figure: `${expected} times of ${count} schedules, ${started} started, ${missed} missed by their window, ${faults.length} not as the policy says (worker away ${downS} s)`,
      want: '0 not as the policy says',
      ok: faults.length === 0 && expected > 0 && started > 0 && (missed > 0 || downS * 1_000 <= shortWindowMs),
    };
  } finally {
    await stack.close();
  }
}

if (import.meta.main) {
  const measured = await run(console.log, process.argv.slice(2));
  console.log(closingLine('schedules', measured));
  process.exitCode = measured.ok ? 0 : 1;
}
