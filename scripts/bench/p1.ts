/** P1 of 09: ten light steps, started and answered over HTTP, beside hand-written Temporal workflows on the same server (file, WAL). */
import type { Measured } from '../proof/lib/proof.ts';
import { alternate, hubRun, idleLatency, rssMb, startBench } from './lib.ts';

const steps = Array.from({ length: 10 }, (_, n) => n);

/** transform, condition, transform, ... one after another, each reading the one before. */
function definition(): unknown {
  const id = (n: number): string => (n % 2 === 0 ? `t${n}` : `c${n}`);
  const before = (n: number): string => (n === 0 ? 'input.value' : `nodes.t${n - 2}.output`);
  const node = (n: number): unknown =>
    n % 2 === 0
      ? { id: id(n), type: 'transform', config: { expression: `${before(n)} + 1` } }
      : { id: id(n), type: 'condition', config: { left: `{{ nodes.t${n - 1}.output }}`, op: 'gt', right: 0 } };
  const edge = (n: number): unknown => ({ from: id(n - 1), ...(n % 2 === 0 ? { fromPort: 'true' } : {}), to: id(n) });
  return {
    schemaVersion: 1,
    nodes: [...steps.map(node), { id: 'result', type: 'output', config: { name: 'value', value: '{{ nodes.t8.output }}' } }],
    edges: [...steps.slice(1).map(edge), { from: 'c9', fromPort: 'true', to: 'result' }],
    settings: { maxConcurrentRuns: 1000 },
  };
}

/** `--rounds=5 --count=300` make it smaller; `--codec` seals what the hub gives to Temporal. */
export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const option = (name: string, otherwise: number): number => Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
  const bench = await startBench([], args);
  try {
    const workflow = await bench.hub.publish('P1', definition());
    const hub = (): Promise<void> => hubRun(bench.hub, workflow, { value: 1 });
    const withRow = (): Promise<void> => bench.peer('peerSteps', { rows: true, value: 1 });
    const plain = (): Promise<void> => bench.peer('peerSteps', { rows: false, value: 1 });
    const contenders = [
      { name: 'hub', one: hub },
      { name: 'by hand, a row a step', one: withRow },
      { name: 'by hand, no rows', one: plain },
    ];
    for (const { one } of contenders) await idleLatency(5, one);
    const idle = new Map<string, number>();
    for (const { name, one } of contenders) idle.set(name, await idleLatency(15, one));
    for (const [name, ms] of idle) log(`idle latency  ${name.padEnd(24)} ${ms.toFixed(0)} ms`);
    const rates = await alternate(contenders, { rounds: option('rounds', 5), count: option('count', 300), width: 50 }, log);
    log(`worker RSS ${rssMb(bench.stack.workers()[0]?.pid)} MB`);
    const rate = (name: string): number => rates.get(name) ?? 0;
    const ms = (name: string): number => idle.get(name) ?? 0;
    const [a, b] = [rate('hub') / rate('by hand, a row a step'), rate('hub') / rate('by hand, no rows')];
    const latency = ms('hub') / Math.min(ms('by hand, a row a step'), ms('by hand, no rows'));
    return [
      { figure: `${rate('hub').toFixed(1)} runs/s, ${a.toFixed(2)} x the hand-written workflow with a row a step`, want: '>= 2.0 x', ok: a >= 2 },
      { figure: `${b.toFixed(2)} x the one without rows`, want: '>= 1.6 x', ok: b >= 1.6 },
      { figure: `idle latency ${ms('hub').toFixed(0)} ms, ${latency.toFixed(2)} x the faster of both`, want: '<= 0.6 x', ok: latency <= 0.6 },
    ];
  } finally {
    await bench.close();
  }
}
