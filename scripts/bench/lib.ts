/** Shared by the benches: the hub and the hand-written peer beside each other on the same Temporal server and PostgreSQL. */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../bootstrap/ports.mjs';
import { cpuMs, cpuSince } from './cpu.ts';
import { hubClient, inParallel, median, type HubClient } from '../proof/lib/hub.ts';
import { spawnKept } from '../proof/lib/kept.ts';
import { startStack, type HubStack } from '../proof/lib/stack.ts';

export interface Bench {
  hub: HubClient;
  stack: HubStack;
  /** Runs a peer workflow to its end over HTTP. */
  peer: (workflow: string, input: object) => Promise<void>;
  close: () => Promise<void>;
}

/** Starts both. `allow`: host:port that outbound calls may reach. `--codec` among `args`: what the hub gives to Temporal is sealed; the peer's is not. */
export async function startBench(allow: string[], args: string[] = []): Promise<Bench> {
  const codec = args.includes('--codec') ? 'on' : 'off';
  const stack = await startStack({
    temporalFile: true,
    env: { HUB_CODEC: codec, HUB_OUTBOUND_ALLOW: allow.join(','), HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' },
  });
  const port = await freePort();
  const env = { ...stack.env, PORT: String(port), PEER_DATABASE_URL: stack.env['DATABASE_OWNER_URL'] ?? '' };
  const peers = ['worker', 'api'].map((role) => startPeer(role, env, stack.folder));
  const url = `http://127.0.0.1:${port}`;
  const peer = async (workflow: string, input: object): Promise<void> => {
    const answer = await fetch(`${url}/${workflow}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: randomUUID(), input }),
    });
    if (!answer.ok) throw new Error(`peer: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  await peerReady(url);
  const close = async (): Promise<void> => {
    for (const child of peers) child.kill('SIGTERM');
    await stack.close();
    for (const child of peers) child.kill('SIGKILL');
  };
  return { hub: hubClient(stack.url, stack.apiKey), stack, peer, close };
}

function startPeer(role: string, env: Record<string, string>, folder: string): ChildProcess {
  const file = fileURLToPath(new URL('./peers/peer-main.ts', import.meta.url));
  const child = spawnKept(process.execPath, [file, role], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(join(folder, `peer-${role}.log`));
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  return child;
}

async function peerReady(url: string): Promise<void> {
  for (let n = 0; n < 300; n += 1) {
    const up = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return;
    await delay(100);
  }
  throw new Error('The peer did not start in 30 s.');
}

/** Starts one run of the hub and waits for its end, both over HTTP; throws unless it completed. */
export async function hubRun(hub: HubClient, workflow: string, input: object): Promise<void> {
  const view = await hub.settled(await hub.start(workflow, input));
  if (view.status !== 'completed') throw new Error(`The run ended ${view.status}: ${JSON.stringify(view.error)}`);
}

/** Runs per second of `count` runs with `width` in flight. */
export async function throughput(count: number, width: number, one: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await inParallel(count, width, one);
  return count / ((performance.now() - began) / 1000);
}

/** Median ms of `count` runs one after another. */
export async function idleLatency(count: number, one: () => Promise<void>): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    await one();
    took.push(performance.now() - began);
  }
  return median(took);
}

/** Resident memory of a process in MB, 0 where the system does not tell. */
export function rssMb(pid: number | undefined): number {
  try {
    const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kb ?? 0) / 1024);
  } catch {
    return 0;
  }
}

export interface Peak {
  /** The most that a worker and its pool held together, and each by itself, in MB. */
  rss: number;
  worker: number;
  pool: number;
}

/** Watches the memory of a process and its children, ten times a second, until it is asked for its peaks. */
export function startPeak(pid: number | undefined): { end: () => Peak } {
  const peak: Peak = { rss: 0, worker: 0, pool: 0 };
  const look = (): void => {
    const worker = rssMb(pid);
    const pool = childrenOf(pid).reduce((sum, child) => sum + rssMb(child), 0);
    peak.rss = Math.max(peak.rss, worker + pool);
    peak.worker = Math.max(peak.worker, worker);
    peak.pool = Math.max(peak.pool, pool);
  };
  const sampler = setInterval(look, 100);
  return {
    end() {
      clearInterval(sampler);
      return peak;
    },
  };
}

function childrenOf(pid: number | undefined): number[] {
  return readdirSync('/proc').flatMap((other) => (/^\d+$/.test(other) && parentOf(other) === String(pid) ? [Number(other)] : []));
}

function parentOf(pid: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return undefined;
  }
}

/** Events of the longest execution in the run's chain of continue-as-new. */
export async function longestHistory(stack: HubStack, run: string): Promise<number> {
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const client = new Client({ connection, namespace: stack.env['TEMPORAL_NAMESPACE'] ?? 'default' });
    let longest = 0;
    for await (const info of client.workflow.list({ query: `WorkflowId = "${run}"` })) {
      const { historyLength } = await client.workflow.getHandle(run, info.runId).describe();
      longest = Math.max(longest, Number(historyLength));
    }
    return longest;
  } finally {
    await connection.close();
  }
}

/** CPU per run since `before`, of all processes and of each kind: what a busy machine cannot blur. Shared servers count for whoever runs. */
function cpuPerRun(before: Map<string, number>, runs: number): string {
  const parts = [...cpuSince(before)].map(([kind, ms]) => ({ kind, ms: ms / runs })).filter(({ ms }) => ms >= 0.5);
  if (parts.length === 0) return '';
  const sum = parts.reduce((total, { ms }) => total + ms, 0);
  return `CPU ${sum.toFixed(0)} ms a run (${parts.map(({ kind, ms }) => `${kind} ${ms.toFixed(1)}`).join(', ')})`;
}

export interface Contender {
  name: string;
  one: () => Promise<void>;
}

/** Alternating rounds of all contenders; the median of each one's runs/s, by name. */
export async function alternate(
  contenders: Contender[],
  options: { rounds: number; count: number; width: number },
  log: (line: string) => void,
): Promise<Map<string, number>> {
  const figures = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { name, one } of contenders) {
      const before = cpuMs();
      const perSecond = await throughput(options.count, options.width, one);
      figures.get(name)?.push(perSecond);
      log(`round ${round}  ${name.padEnd(24)} ${perSecond.toFixed(1)} runs/s   ${cpuPerRun(before, options.count)}`);
    }
  }
  return new Map([...figures].map(([name, values]) => [name, median(values)]));
}
