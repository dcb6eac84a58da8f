/**
 * P10: commit of a step's state -> DOM with `--viewers=200` of one run, `--pages=2` of them real pages, the rest plain WebSocket clients. The run is a chain of `--steps=30` short waits on a real hub.
 * Printed beside it: how long the same events take to the plain viewers, which tells the channel's part from the page's.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient } from '@hub/contract';
import { hubClient } from '../proof/lib/hub.ts';
import type { Measured } from '../proof/lib/proof.ts';
import { startStack } from '../proof/lib/stack.ts';

/** What web/e2e/live-bench.ts gives. Its code belongs to the browser's world (dom types), so it is loaded by path. */
interface LiveBench {
  measureLive: (
    hub: {
      url: string;
      apiKey: string;
      signInLink: (path: string) => Promise<string>;
      start: () => Promise<string>;
      goOn: (run: string) => Promise<void>;
    },
    viewers: number,
    pages: number,
    log: (line: string) => void,
  ) => Promise<{ dom: number[]; wire: number[]; missed: number; viewers: number }>;
}

const mostMs = 300;
const signal = 'go';

function definition(steps: number): unknown {
  const ids = Array.from({ length: steps }, (_, n) => `s${n}`);
  return {
    schemaVersion: 1,
    nodes: [
      { id: 'gate', type: 'wait', config: { signal } },
      ...ids.map((id) => ({ id, type: 'wait', label: `Step ${id}`, config: { for: '500ms' } })),
      { id: 'result', type: 'output', config: { name: 'done', value: true } },
    ],
    edges: ['gate', ...ids].map((from, n) => ({ from, to: ids[n] ?? 'result' })),
  };
}

const percentile = (values: number[], part: number): number =>
  Math.round(values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN);

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const option = (name: string, fallback: number): number =>
    Number(args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback);
  const [viewers, pages, steps] = [option('viewers', 200), option('pages', 2), option('steps', 30)];
  const web = join(import.meta.dirname, '..', '..', 'web');
  if (!existsSync(join(web, 'dist', 'server'))) throw new Error('The pages are not built yet: run `pnpm --filter @hub/web build` first.');
  const { measureLive } = (await import(pathToFileURL(join(web, 'e2e', 'live-bench.ts')).href)) as LiveBench;
  const stack = await startStack({ temporalFile: true, env: { HUB_LOG_LEVEL: 'warn', HUB_RATE_PER_MINUTE: '1000000' } });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const launcher = createClient({ baseUrl: stack.url, headers: { 'x-hub-launcher-token': stack.env['HUB_LAUNCHER_TOKEN'] ?? '' } });
    const workflow = await hub.publish('P10', definition(steps));
    const { dom, wire, missed } = await measureLive(
      {
        url: stack.url,
        apiKey: stack.apiKey,
        signInLink: async (path) => (await launcher.createSignInLink({ body: { next: path } })).url,
        start: () => hub.start(workflow, {}),
        goOn: async (id) => {
          await hub.call('POST', `/runs/${id}/signals/${signal}`, { payload: {}, messageId: `p10-${id}` });
          await hub.settled(id);
        },
      },
      viewers,
      pages,
      log,
    );
    const p95 = percentile(dom, 0.95);
    const line = (values: number[]): string =>
      `p50 ${percentile(values, 0.5)} ms, p95 ${percentile(values, 0.95)} ms, p99 ${percentile(values, 0.99)} ms`;
    return [
      {
        figure: `commit to DOM, ${viewers} viewers of one run, ${pages} of them pages, ${dom.length} states: ${line(dom)}, ${missed} never shown`,
        want: `p95 < ${mostMs} ms, 0 never shown`,
        ok: p95 < mostMs && missed === 0 && dom.length > 0,
      },
      {
        figure: `commit to a plain viewer, ${wire.length} frames: ${line(wire)}`,
        want: `p95 < ${mostMs} ms`,
        ok: percentile(wire, 0.95) < mostMs,
      },
    ];
  } finally {
    await stack.close();
  }
}
