/**
 * P2 of 09: ten steps that call a local HTTP stub, beside the hand-written workflow with the same calls. The runs that warm each contender up are
 * enough for the hub to learn that these steps are quick (infra/decisions/014), so a second figure says what it does before: each of its workflows
 * runs three times at most.
 */
import type { Measured } from '../proof/lib/proof.ts';
import { startStub } from '../proof/lib/stub.ts';
import { alternate, hubRun, idleLatency, rssMb, startBench } from './lib.ts';

function definition(url: string): unknown {
  const ids = Array.from({ length: 10 }, (_, n) => `call${n}`);
  return {
    schemaVersion: 1,
    nodes: [
      ...ids.map((id, n) => ({
        id,
        type: 'data_source',
        config: { connector: 'http', action: 'request', params: { method: 'GET', url: `${url}&n=${n}` } },
      })),
      { id: 'result', type: 'output', config: { name: 'last', value: '{{ nodes.call9.output.status }}' } },
    ],
    edges: [...ids.slice(1).map((id, n) => ({ from: ids[n], to: id })), { from: 'call9', to: 'result' }],
    settings: { maxConcurrentRuns: 1000 },
  };
}

/** `--rounds=5 --count=100 --width=50` make it smaller; `--codec` seals what the hub gives to Temporal. */
export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const option = (name: string, otherwise: number): number => Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
  const stub = await startStub();
  const bench = await startBench([stub.hostPort], args);
  try {
    const url = `${stub.url}/work?ms=5`;
    const workflow = await bench.hub.publish('P2', definition(url));
    const [rounds, count, width] = [option('rounds', 5), option('count', 100), option('width', 50)];
    const fresh: string[] = [];
    for (let n = 0; n < count; n += 1) fresh.push(await bench.hub.publish(`P2 ${n}`, definition(`${url}&fresh=${n}`)));
    const contenders = [
      { name: 'hub', one: (): Promise<void> => hubRun(bench.hub, workflow, {}) },
      { name: 'by hand, a row a call', one: (): Promise<void> => bench.peer('peerCalls', { rows: true, url }) },
      { name: 'by hand, no rows', one: (): Promise<void> => bench.peer('peerCalls', { rows: false, url }) },
    ];
    for (const { one } of contenders) await idleLatency(5, one);
    const rates = await alternate(contenders, { rounds, count, width }, log);
    let next = 0;
    const unlearned = { name: 'hub, nothing learned', one: (): Promise<void> => hubRun(bench.hub, fresh[next++ % count] ?? '', {}) };
    const first = await alternate([unlearned], { rounds: Math.min(3, rounds), count, width }, log);
    log(`worker RSS ${rssMb(bench.stack.workers()[0]?.pid)} MB`);
    const hub = rates.get('hub') ?? 0;
    const cold = first.get(unlearned.name) ?? 0;
    log(
      `before it has learned that the steps are quick: ${cold.toFixed(1)} runs/s, ${(cold / (rates.get('by hand, a row a call') ?? 1)).toFixed(2)} x the one with a row a call`,
    );
    const [a, b] = [hub / (rates.get('by hand, a row a call') ?? 1), hub / (rates.get('by hand, no rows') ?? 1)];
    return [
      { figure: `${hub.toFixed(1)} runs/s, ${a.toFixed(2)} x the hand-written workflow with a row a call`, want: '>= 0.95 x', ok: a >= 0.95 },
      { figure: `${b.toFixed(2)} x the one without rows`, want: '>= 0.8 x', ok: b >= 0.8 },
    ];
  } finally {
    await bench.close();
    await stub.close();
  }
}
