/** P3 of 09: ten branches of a 1 s call run side by side. */
import type { Measured } from '../proof/lib/proof.ts';
import { startStub } from '../proof/lib/stub.ts';
import { hubRun, idleLatency, startBench } from './lib.ts';

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
      { id: 'all', type: 'merge', join: 'all', config: { mode: 'append' } },
      { id: 'result', type: 'output', config: { name: 'answers', value: '{{ $count(nodes.all.output) }}' } },
    ],
    edges: [...ids.map((id) => ({ from: id, to: 'all' })), { from: 'all', to: 'result' }],
    settings: { maxConcurrentRuns: 1000 },
  };
}

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const stub = await startStub();
  const bench = await startBench([stub.hostPort]);
  try {
    const url = `${stub.url}/work?ms=1000`;
    const workflow = await bench.hub.publish('P3', definition(url));
    await hubRun(bench.hub, workflow, {});
    const hub = await idleLatency(7, () => hubRun(bench.hub, workflow, {}));
    const hand = await idleLatency(5, () => bench.peer('peerBranches', { url }));
    log(`by hand: ${hand.toFixed(0)} ms`);
    return [
      {
        figure: `10 branches of 1 s in ${(hub / 1000).toFixed(2)} s (by hand ${(hand / 1000).toFixed(2)} s), ${(100 - hub / 100).toFixed(0)}% less than one after another`,
        want: '<= 1.30 s',
        ok: hub <= 1300,
      },
    ];
  } finally {
    await bench.close();
    await stub.close();
  }
}
