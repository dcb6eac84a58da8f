/**
 * The reconciler over a whole hub (04, rule 20; F21): runs that wait are terminated, deleted and timed out by Temporal's own client, rows are ended
 * behind its back. Each must be right within 60 s, healthy ones untouched, and at the end no row may disagree with Temporal. `--each=n` (25).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '@hub/db';
import { finishRun } from '@hub/db/write';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { hubClient, inParallel, type HubClient, type RunView } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { demoTeam } from './lib/team.ts';

const limitMs = 60_000;
const usualEach = 25;
const width = 8;

/** A step, then a signal that is waited for: what was done before stays to be kept by a retry. */
const definition = {
  schemaVersion: 1,
  nodes: [
    { id: 'before', type: 'transform', config: { expression: 'input.n + 1' } },
    { id: 'hold', type: 'wait', config: { signal: 'go' } },
    { id: 'result', type: 'output', config: { name: 'n', value: '{{ nodes.before.output }}' } },
  ],
  edges: [
    { from: 'before', to: 'hold' },
    { from: 'hold', to: 'result' },
  ],
  settings: { maxConcurrentRuns: 1_000 },
};

interface Kind {
  name: string;
  status: string;
  code: string | null;
  /** Brings one run into that state. */
  harm: (run: string) => Promise<void>;
}

type View = RunView & { statusReason: string | null };

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const each = Number(args.find((arg) => arg.startsWith('--each='))?.slice('--each='.length) ?? usualEach);
  const stack = await startStack({ env: { HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  const sql = openDatabase({ url: stack.env['DATABASE_URL'] ?? '', applicationName: 'proof-reconciler', max: 4 });
  try {
    const client = new Client({ connection });
    const hub = hubClient(stack.url, stack.apiKey);
    const team = await demoTeam(stack.env);
    const workflow = await hub.publish('Reconciler', definition);
    const kinds = kindsOf(client, stack, (id) => endRow(sql, stack, team, id));
    const runs = await waitingRuns(hub, workflow, each * (kinds.length + 1));
    log(`${runs.length} runs wait for a signal`);
    const healthy = runs.slice(kinds.length * each);
    const began = Date.now();
    const repairs = kinds.map(async (kind, at) => {
      const own = runs.slice(at * each, (at + 1) * each);
      await inParallel(own.length, width, (n) => kind.harm(own[n] ?? ''));
      return { kind, took: await inParallel(own.length, own.length, (n) => untilRepaired(hub, client, kind, own[n] ?? '')) };
    });
    const results: Measured[] = [];
    for (const { kind, took } of await Promise.all(repairs)) {
      const right = took.filter((ms): ms is number => ms !== null);
      const most = Math.max(0, ...right) / 1000;
      results.push({
        figure: `${right.length} of ${each} ${kind.name} repaired, the last after ${most.toFixed(0)} s`,
        want: `${each} of ${each} within 60 s`,
        ok: right.length === each && most <= limitMs / 1000,
      });
    }
    log(`all looked at after ${Math.round((Date.now() - began) / 1000)} s`);
    const views = await inParallel(healthy.length, width, (n) => hub.call<View>('GET', `/runs/${healthy[n]}`));
    const untouched = views.filter(({ status }) => status === 'waiting').length;
    results.push({ figure: `${untouched} of ${each} healthy runs untouched`, want: `${each} of ${each}`, ok: untouched === each });
    const disagree = await disagreements(client, hub, runs);
    for (const line of disagree) log(line);
    results.push({ figure: `F21: ${disagree.length} of ${runs.length} rows disagree with Temporal`, want: '0', ok: disagree.length === 0 });
    return results;
  } finally {
    await sql.end();
    await connection.close();
    await stack.close();
  }
}

async function waitingRuns(hub: HubClient, workflow: string, count: number): Promise<string[]> {
  const runs = await inParallel(count, width, (n) => hub.start(workflow, { n }));
  for (const run of runs) while ((await hub.call<View>('GET', `/runs/${run}`)).status !== 'waiting') await delay(50);
  return runs;
}

function kindsOf(client: Client, stack: HubStack, endRowOf: (run: string) => Promise<void>): Kind[] {
  const namespace = stack.env['TEMPORAL_NAMESPACE'] ?? 'default';
  const lose = async (run: string): Promise<void> => {
    await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: run } });
  };
  return [
    {
      name: 'terminated',
      status: 'failed',
      code: 'run.terminated',
      harm: async (run) => void (await client.workflow.getHandle(run).terminate('by the proof')),
    },
    { name: 'deleted', status: 'failed', code: 'run.lost', harm: lose },
    {
      name: 'timed out',
      status: 'timed_out',
      code: 'run.temporal-timeout',
      // An execution's own limit cannot be shortened: another one, without a worker, takes its place and runs out of time.
      async harm(run) {
        await client.workflow.getHandle(run).terminate('makes room');
        await client.workflow.start('hubRun', {
          workflowId: run,
          taskQueue: 'nobody',
          args: [],
          workflowExecutionTimeout: '1s',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        });
      },
    },
    { name: 'orphaned (ended in the database alone)', status: 'cancelled', code: null, harm: endRowOf },
  ];
}

async function endRow(sql: ReturnType<typeof openDatabase>, stack: HubStack, team: string, run: string): Promise<void> {
  const blobKey = Buffer.from(stack.env['HUB_BLOB_KEY'] ?? '', 'base64');
  await finishRun(sql, { blobKey }, { team, run, status: 'cancelled', error: null, outputText: '{}', rows: [] });
}

/** How long it took; null where it was not right in time (with room, so that a late one shows as late). */
async function untilRepaired(hub: HubClient, client: Client, kind: Kind, run: string): Promise<number | null> {
  const began = Date.now();
  while (Date.now() - began < limitMs * 1.5) {
    const view = await hub.call<View>('GET', `/runs/${run}`);
    if (view.status === kind.status && (view.error?.code ?? null) === kind.code && !(await isOpen(client, run)) && (await isNoted(hub, run)))
      return Date.now() - began;
    await delay(500);
  }
  return null;
}

async function isNoted(hub: HubClient, run: string): Promise<boolean> {
  const { items } = await hub.call<{ items: { type: string }[] }>('GET', `/runs/${run}/events?limit=200`);
  return items.filter(({ type }) => type === 'run.reconciled').length === 1;
}

async function isOpen(client: Client, run: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(run).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Rows that are open where Temporal's run is not, or the reverse. */
async function disagreements(client: Client, hub: HubClient, runs: string[]): Promise<string[]> {
  const open = new Set(['queued', 'running', 'waiting']);
  const found = await inParallel(runs.length, width, async (n) => {
    const id = runs[n] ?? '';
    const [{ status }, far] = [await hub.call<View>('GET', `/runs/${id}`), await isOpen(client, id)];
    return open.has(status) === far ? null : `run ${id}: ${status} here, ${far ? 'open' : 'closed'} in Temporal`;
  });
  return found.filter((line) => line !== null);
}
