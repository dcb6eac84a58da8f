/**
 * P4 of 09: `forEach` over 1,000 items with one call of 100 ms each, 50 at a time. The ideal is 2.0 s; each item is durable by itself: it has its row,
 * its effect key and its own attempts.
 */
import { hubClient, median } from '../proof/lib/hub.ts';
import type { Measured } from '../proof/lib/proof.ts';
import { startStack } from '../proof/lib/stack.ts';
import { startStub } from '../proof/lib/stub.ts';
import { cpuMs, cpuSince } from './cpu.ts';

const itemCount = 1_000;
const concurrency = 50;
const callMs = 100;
const idealMs = (itemCount / concurrency) * callMs;
const rounds = 3;

function definition(url: string): unknown {
  const params = { method: 'PUT', url: `${url}/work?ms=${callMs}&n={{ item }}` };
  return {
    schemaVersion: 1,
    nodes: [
      { id: 'call', type: 'action', config: { connector: 'http', action: 'request', params, forEach: '{{ [1..input.count] }}', concurrency } },
      { id: 'result', type: 'output', config: { name: 'sum', value: '{{ $sum(nodes.call.output.body.n) }}' } },
    ],
    edges: [{ from: 'call', to: 'result' }],
  };
}

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const stub = await startStub();
  const stack = await startStack({
    temporalFile: true,
    env: { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' },
  });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const workflow = await hub.publish('P4', definition(stub.url));
    await hub.settled(await hub.start(workflow, { count: 50 }));
    const took: number[] = [];
    let whole = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const before = cpuMs();
      const view = await hub.settled(await hub.start(workflow, { count: itemCount }), 120_000);
      const cpu = [...cpuSince(before)].map(([kind, used]) => `${kind} ${used}`).join(', ');
      const ms = Date.parse(view.completedAt ?? '') - Date.parse(view.startedAt ?? '');
      took.push(ms);
      whole += (view.output as { sum?: number } | null)?.sum === (itemCount * (itemCount + 1)) / 2 ? 1 : 0;
      log(`round ${round}: ${(ms / 1000).toFixed(1)} s, ${view.status}; CPU in ms: ${cpu}`);
    }
    const ms = median(took);
    const repeated = [...stub.received.values()].filter((count) => count > 1).length;
    return [
      {
        figure: `${itemCount} items in ${(ms / 1000).toFixed(1)} s, ${(ms / idealMs).toFixed(2)} x the ideal ${(idealMs / 1000).toFixed(1)} s`,
        want: '<= 1.5 x',
        ok: ms <= 1.5 * idealMs,
      },
      {
        figure: `${whole} of ${rounds} results whole, ${repeated} effect keys sent twice`,
        want: `${rounds} of ${rounds}, 0`,
        ok: whole === rounds && repeated === 0,
      },
    ];
  } finally {
    await stack.close();
    await stub.close();
  }
}
