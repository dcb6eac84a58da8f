/**
 * Unknown outcomes (03, Meaning 4; 04, rule 13): a call with an effect that may or may not have happened goes to a person with the evidence, and is never
 * silently made again. The far end counts the effects: it applies each one first and then breaks the call off in one of several ways; some calls lose their
 * worker by kill -9. `--each=n` runs of every way.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { hubClient, type HubClient, inParallel } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack } from './lib/stack.ts';

/** What the far end does after it has applied an effect for the first time; `busy` applies nothing and says so: that one may be repeated. */
const ways = ['reset', 'half', 'hang', 'error', 'kill', 'busy'] as const;
type How = (typeof ways)[number];
const decisions = ['done', 'fail', 'retry'] as const;

interface FarEnd {
  url: string;
  hostPort: string;
  effects: Map<string, number>;
  /** Calls that hold on for the kill. */
  held: () => number;
  close: () => void;
}

async function startFarEnd(): Promise<FarEnd> {
  const effects = new Map<string, number>();
  const refused = new Set<string>();
  let held = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://far-end.invalid');
    const id = url.searchParams.get('id') ?? '';
    const how = url.searchParams.get('how') as How;
    request.resume();
    request.once('end', () => {
      if (how === 'busy' && !refused.has(id)) {
        refused.add(id);
        response.writeHead(503, { 'retry-after': '1' }).end();
        return;
      }
      const n = (effects.get(id) ?? 0) + 1;
      effects.set(id, n);
      if (n > 1 || how === 'busy') response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ n }));
      else if (how === 'error') response.writeHead(500).end();
      else if (how === 'reset') request.socket.destroy();
      else if (how === 'half') {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"n":');
        setTimeout(() => request.socket.destroy(), 50);
      } else if (how === 'kill') {
        held += 1;
        response.once('close', () => (held -= 1));
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, hostPort: `127.0.0.1:${port}`, effects, held: () => held, close };
}

function definition(url: string): unknown {
  const params = { method: 'POST', url: `${url}/?id={{ input.id }}&how={{ input.how }}`, body: { order: '{{ input.id }}' } };
  return {
    schemaVersion: 1,
    nodes: [
      // A hanging call ends by its own limit; a held one must still be there when the worker is killed.
      {
        id: 'send',
        type: 'action',
        config: { connector: 'http', action: 'request', params },
        timeoutMs: 8_000,
        retry: { maxAttempts: 5, initialMs: 100, maxMs: 500 },
      },
      { id: 'result', type: 'output', config: { name: 'n', value: '{{ nodes.send.output.body.n }}' } },
    ],
    edges: [{ from: 'send', to: 'result' }],
    settings: { maxConcurrentRuns: 1_000 },
  };
}

interface Row {
  nodeId: string;
  status: string;
  attempt: number;
  startedAt: string | null;
  input?: { body?: unknown; url?: string } | null;
  error: { code?: string; message?: string } | null;
}

/** The evidence that a person is shown: what was sent and where to, when, and what is known of the end. */
function hasEvidence(rows: Row[], id: string): boolean {
  const row = rows.findLast((one) => one.nodeId === 'send' && one.status === 'waiting');
  const sent = JSON.stringify(row?.input ?? null);
  return (
    row !== undefined &&
    row.startedAt !== null &&
    row.error?.code === 'step.unknown-outcome' &&
    (row.error.message ?? '') !== '' &&
    sent.includes(id) &&
    sent.includes('"order"')
  );
}

interface Found {
  id: string;
  how: How;
  run: string;
  parked: boolean;
  evidence: boolean;
}

/** Waits until the run waits for a person, or is over. */
async function look(hub: HubClient, id: string, how: How, run: string): Promise<Found> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { status, statusReason } = await hub.call<{ status: string; statusReason: string | null }>('GET', `/runs/${run}`);
    const parked = status === 'waiting' && statusReason === 'unknown-outcome';
    if (parked || !['queued', 'running', 'waiting'].includes(status)) {
      const { items } = await hub.call<{ items: Row[] }>('GET', `/runs/${run}/nodes?nodeId=send&limit=50`);
      return { id, how, run, parked, evidence: hasEvidence(items, id) };
    }
    await delay(300);
  }
  return { id, how, run, parked: false, evidence: false };
}

/** Whether a decision gave what it should: `done` its output with one effect, `fail` a failed run with one, `retry` exactly one more. */
async function decided(hub: HubClient, { effects }: FarEnd, { run, id }: Found, decision: (typeof decisions)[number]): Promise<boolean> {
  const output = { status: 200, body: { n: 'by hand' } };
  await hub.call('POST', `/runs/${run}/nodes/send/answer`, { decision, messageId: `m-${id}`, ...(decision === 'done' ? { output } : {}) });
  const { status, output: given, error } = await hub.settled(run, 60_000);
  const count = effects.get(id);
  if (decision === 'done') return status === 'completed' && (given as { n?: unknown }).n === 'by hand' && count === 1;
  if (decision === 'fail') return status === 'failed' && error?.code === 'step.unknown-outcome' && count === 1;
  return status === 'completed' && (given as { n?: unknown }).n === 2 && count === 2;
}

/** `--each=6` runs of every way. */
export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const each = Number(args.find((arg) => arg.startsWith('--each='))?.split('=')[1] ?? 6);
  const far = await startFarEnd();
  const stack = await startStack({ bundled: true, env: { HUB_OUTBOUND_ALLOW: far.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const workflow = await hub.publish('Unknown outcomes', definition(far.url));
    const wishes = ways.flatMap((how) => Array.from({ length: each }, (_, n) => ({ how, id: `${how}-${n}` })));
    const begun = await inParallel(wishes.length, 8, async (n) => {
      const { how = 'busy', id = '' } = wishes[n] ?? {};
      return { how, id, run: await hub.start(workflow, { id, how }) };
    });
    for (let tries = 0; tries < 300 && far.held() < each; tries += 1) await delay(50);
    // A call in the air when the worker is killed is an unknown outcome too: those that surely did nothing must be over.
    await Promise.all(begun.filter(({ how }) => how === 'busy').map(({ id, how, run: at }) => look(hub, id, how, at)));
    log(`${far.held()} calls held: kill -9 of the worker`);
    for (const worker of stack.workers()) worker.kill('SIGKILL');
    stack.startWorker();
    const found = await Promise.all(begun.map(({ id, how, run: at }) => look(hub, id, how, at)));
    const unknown = found.filter(({ how }) => how !== 'busy');
    const parked = unknown.filter((one) => one.parked);
    for (const one of unknown) if (!one.parked || !one.evidence) log(`wrong: ${one.id} ${one.run} parked ${one.parked} evidence ${one.evidence}`);
    // Longer than every retry would have waited.
    await delay(5_000);
    const silent = unknown.filter(({ id }) => (far.effects.get(id) ?? 0) !== 1);
    const known = found.filter(({ how }) => how === 'busy');
    const repeated = known.filter(({ id, parked: asked }) => !asked && far.effects.get(id) === 1);
    const answers = await inParallel(parked.length, 8, async (n) => {
      const one = parked[n];
      return one !== undefined && (await decided(hub, far, one, decisions[n % 3] ?? 'done'));
    });
    const right = answers.filter(Boolean).length;
    return [
      { figure: `${parked.length} of ${unknown.length} unknown outcomes went to a person`, want: 'all', ok: parked.length === unknown.length },
      {
        figure: `${unknown.filter((one) => one.evidence).length} of ${unknown.length} with what was sent, when, and what is known`,
        want: 'all',
        ok: unknown.every((one) => one.evidence),
      },
      { figure: `${silent.length} effects silently repeated or lost`, want: '0', ok: silent.length === 0 },
      {
        figure: `${repeated.length} of ${known.length} that surely did nothing were repeated without a person`,
        want: 'all',
        ok: repeated.length === known.length,
      },
      {
        figure: `${right} of ${answers.length} answers (done, fail, retry) gave what they say`,
        want: 'all',
        ok: right === answers.length && right > 0,
      },
    ];
  } finally {
    await stack.close();
    far.close();
  }
}
