/**
 * F6: 16 ways in which a third party is broken, met by HTTP steps of real runs, all at once. Each run ends as documented, the third party is called as often as the retry policy says, and the
 * worker's memory stays where it was. A call that must not be repeated (POST) is made once, and the run asks.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { rssMb } from '../bench/lib.ts';
import { startFaultyVendor, type FaultyVendor } from './lib/faulty-vendor.ts';
import { hubClient, type HubClient } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack } from './lib/stack.ts';

const maxAttempts = 3;
const attemptMs = 2_000;
const mostMb = 100;
/** The first call and at most three redirects. */
const hops = 4;

interface Fault {
  kind: string;
  /** Error code of the failed run; absent: it completes. */
  code?: RegExp;
  /** What a completed run gives. */
  body?: unknown;
  attempts: number;
  /** Requests at the third party, where they are not as many as attempts. */
  calls?: number;
  url?: (vendor: FaultyVendor, key: string) => string;
  params?: object;
  /** Least time between two calls. */
  gapMs?: number;
}

const fine = { data: 1 };
const faults: Fault[] = [
  { kind: 'limit', attempts: 3, body: fine, gapMs: 950 },
  { kind: 'burst', attempts: 3, body: fine },
  { kind: 'hang', attempts: maxAttempts, code: /^step\.timeout$/ },
  { kind: 'early-close', attempts: maxAttempts, code: /^http\.connection-lost$/ },
  { kind: 'truncated-json', attempts: maxAttempts, code: /^http\.bad-json$/ },
  { kind: 'wrong-type', attempts: 1, code: /^http\.unexpected-answer$/, params: { expect: { fields: ['data'] } } },
  { kind: 'gzip-bomb', attempts: 1, code: /^http\.decompression-ratio$/ },
  { kind: 'two-gigabytes', attempts: 1, code: /^http\.body-too-large$/ },
  { kind: 'slow-body', attempts: maxAttempts, code: /^step\.timeout$/ },
  { kind: 'redirect-loop', attempts: 1, calls: hops, code: /^http\.too-many-redirects$/ },
  { kind: 'redirect-metadata', attempts: 1, code: /^http\.blocked-address$/ },
  { kind: 'then-reset', attempts: maxAttempts, code: /^http\.(connection-lost|truncated)$/ },
  { kind: 'duplicate', attempts: 1, body: fine },
  { kind: 'tls', attempts: 1, code: /^http\.tls$/, url: ({ tlsUrl }) => tlsUrl },
  { kind: 'dns', attempts: maxAttempts, calls: 0, code: /^http\.name-not-found$/, url: () => 'https://no-such-host.invalid/' },
  { kind: 'invalid-utf8', attempts: 1, body: 'a\uFFFD\uFFFDb' },
];
/** After these nobody knows whether a POST did something. */
const unknown = ['down', 'early-close', 'then-reset'];

/** `--rounds=3` asks for more. */
export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const rounds = Number(args.find((arg) => arg.startsWith('--rounds='))?.slice(9) ?? 3);
  const vendor = await startFaultyVendor();
  const stack = await startStack({ env: { HUB_OUTBOUND_ALLOW: vendor.hosts.join(','), HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  const watch = new AbortController();
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    await round(hub, vendor, 'warm', faults.slice(0, 2));
    const pid = stack.workers()[0]?.pid;
    const before = rssMb(pid);
    const peak = watched(() => rssMb(pid), watch.signal);
    const wrong: string[] = [];
    for (let n = 1; n <= rounds; n += 1) wrong.push(...(await round(hub, vendor, `round-${n}`, faults)));
    for (const line of wrong) log(line);
    const asked = await Promise.all(unknown.map((kind) => onceOnly(hub, vendor, kind)));
    for (const line of asked.filter((one) => one !== null)) log(line);
    watch.abort();
    const grown = (await peak) - before;
    const all = faults.length * rounds;
    const kinds = faults.filter(({ kind }) => !wrong.some((line) => line.startsWith(`${kind}:`))).length;
    return [
      {
        figure: `${kinds} of ${faults.length} kinds end as documented, called as the policy says (${all} runs at once by ${faults.length})`,
        want: 'all',
        ok: wrong.length === 0,
      },
      {
        figure: `${asked.filter((one) => one === null).length} of ${unknown.length} POSTs made once, then asked`,
        want: 'all',
        ok: asked.every((one) => one === null),
      },
      { figure: `worker's memory ${before} MB, at most +${grown} MB`, want: `< +${mostMb} MB`, ok: grown < mostMb },
    ];
  } finally {
    watch.abort();
    await stack.close();
    await vendor.close();
  }
}

function definition(fault: Fault, url: string, method: 'GET' | 'POST' = 'GET'): unknown {
  const config = { connector: 'http', action: 'request', params: { method, url, ...fault.params } };
  const retry = { maxAttempts, backoff: 'fixed', initialMs: 20 };
  return {
    schemaVersion: 1,
    nodes: [
      { id: 'call', type: method === 'GET' ? 'data_source' : 'action', config, retry, timeoutMs: attemptMs },
      { id: 'result', type: 'output', config: { name: 'body', value: '{{ nodes.call.output.body }}' } },
    ],
    edges: [{ from: 'call', to: 'result' }],
  };
}

/** All faults at once; what was not as wanted, by kind. */
async function round(hub: HubClient, vendor: FaultyVendor, key: string, all: Fault[]): Promise<string[]> {
  const lines = await Promise.all(
    all.map(async (fault) => {
      const tlsBefore = vendor.tlsCalls();
      const url = fault.url?.(vendor, key) ?? `${vendor.url}/${fault.kind}/${key}`;
      const id = await hub.start(await hub.publish(`${fault.kind} ${key}`, definition(fault, url)), {});
      const view = await hub.settled(id, 60_000);
      const attempts = Math.max(...(await hub.nodes(id)).filter(({ nodeId }) => nodeId === 'call').map(({ attempt }) => attempt));
      const times = vendor.calls(fault.kind, key);
      const calls = fault.kind === 'tls' ? vendor.tlsCalls() - tlsBefore : times.length;
      const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
      const wrong: string[] = [];
      if (fault.code === undefined ? view.status !== 'completed' : view.status !== 'failed' || !fault.code.test(view.error?.code ?? ''))
        wrong.push(`ended ${view.status} ${view.error?.code ?? ''}`);
      const body = (view.output as { body?: unknown } | null)?.body;
      if (fault.code === undefined && JSON.stringify(body) !== JSON.stringify(fault.body)) wrong.push(`gave ${JSON.stringify(body)}`);
      if (attempts !== fault.attempts) wrong.push(`${attempts} attempts`);
      if (calls !== (fault.calls ?? fault.attempts)) wrong.push(`${calls} calls`);
      if (gaps.some((gap) => gap < (fault.gapMs ?? 0))) wrong.push(`called again after ${Math.min(...gaps).toFixed(0)} ms`);
      return wrong.length === 0 ? [] : [`${fault.kind}: ${wrong.join(', ')} (${key})`];
    }),
  );
  return lines.flat();
}

/** Null where the call was made once and the run waits for a person. */
async function onceOnly(hub: HubClient, vendor: FaultyVendor, kind: string): Promise<string | null> {
  const id = await hub.start(await hub.publish(`POST ${kind}`, definition({ kind, attempts: 1 }, `${vendor.url}/${kind}/post`, 'POST')), {});
  for (let tries = 0; tries < 300; tries += 1) {
    const [row] = (await hub.nodes(id)).filter(({ nodeId }) => nodeId === 'call');
    if (row?.status === 'waiting') break;
    if (row?.status === 'failed' || row?.status === 'completed') return `POST ${kind}: ${row.status} instead of waiting`;
    await delay(100);
  }
  const calls = vendor.calls(kind, 'post').length;
  await hub.call('POST', `/runs/${id}/cancel`, {});
  const { status } = await hub.settled(id, 60_000);
  return calls === 1 && status === 'cancelled' ? null : `POST ${kind}: ${calls} calls, ${status}`;
}

/** The largest value seen until `signal`. */
async function watched(value: () => number, signal: AbortSignal): Promise<number> {
  let most = 0;
  while (!signal.aborted) {
    most = Math.max(most, value());
    await delay(25, undefined, { signal }).catch(() => undefined);
  }
  return most;
}
