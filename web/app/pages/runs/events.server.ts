/** Reads the log of a run from a place on, filtered: pages are read until one is full, at most ten. */
import type { Client, RunEvent } from '@hub/contract';
import { eventWords } from '../../run/event-words.ts';

export const eventKinds = ['run', 'steps', 'trouble'] as const;
export type EventKind = (typeof eventKinds)[number];

const shown = 200;
const mostReads = 10;
const trouble = /\.(failed|lost|timed_out|cancelled|cancel-requested|retry)/;

function fits({ type, path }: RunEvent, kind: EventKind | null, node: string | null): boolean {
  if (kind === 'run' && !type.startsWith('run.')) return false;
  if (kind === 'steps' && type.startsWith('run.')) return false;
  if (kind === 'trouble' && !trouble.test(type)) return false;
  return node === null || eventWords(type, path).nodeId === node;
}

export async function readEvents(
  client: Client,
  runId: string,
  { after, kind, node }: { after: number; kind: EventKind | null; node: string | null },
) {
  const found: RunEvent[] = [];
  let at = after;
  let more = true;
  for (let reads = 0; reads < mostReads && more && found.length < shown; reads += 1) {
    const { items } = await client.listRunEvents({ params: { id: runId }, query: { after: at, limit: shown } });
    more = items.length === shown;
    for (const event of items) {
      if (found.length === shown) {
        more = true;
        break;
      }
      at = event.seq;
      if (fits(event, kind, node)) found.push(event);
    }
  }
  return { after, last: at, more, events: found.map(({ seq, at: instant, type, path }) => ({ seq, at: instant, type, path })) };
}
