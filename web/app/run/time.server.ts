/** Reads a run as it was right after one of its events, for the page that shows it so. */
import type { Client, RunEvent } from '@hub/contract';
import { eventWords } from './event-words.ts';

/** Events that get a mark on the slider are looked for among so many. */
const mostEvents = 1_000;
const pageSize = 200;
const marked = /^run\.|\.(failed|lost|waiting)$/;

/** The number in the address; null: the page shows the run as it is. */
export function momentOf(search: URLSearchParams): number | null {
  const at = search.get('at');
  return at !== null && /^\d{1,15}$/.test(at) ? Number(at) : null;
}

/** The moment itself; with `step`, that step's value in `scope` too. */
export async function readMoment(client: Client, runId: string, seq: number, { step, scope }: { step: string | null; scope: string | null }) {
  const query = { values: step === null ? ('false' as const) : ('true' as const), ...(scope ? { scope } : {}) };
  const [moment, marks] = await Promise.all([client.readRunMoment({ params: { id: runId, seq: String(seq) }, query }), readMarks(client, runId)]);
  const { variables, steps, event, nodes, ...head } = moment;
  return {
    ...head,
    words: event ? eventWords(event.type, event.path) : null,
    path: event?.path ?? null,
    marks,
    summaries: nodes,
    step:
      step === null
        ? null
        : {
            nodeId: step,
            rows: steps.filter((row) => row.nodeId === step),
            variable: variables[step] ?? null,
            summary: nodes.find(({ nodeId }) => nodeId === step) ?? null,
          },
  };
}
export type MomentData = Awaited<ReturnType<typeof readMoment>>;

async function readMarks(client: Client, runId: string) {
  const found: RunEvent[] = [];
  for (let after = 0; after < mostEvents; ) {
    const { items } = await client.listRunEvents({ params: { id: runId }, query: { after, limit: pageSize } });
    found.push(...items.filter(({ type }) => marked.test(type)));
    if (items.length < pageSize) break;
    after = items.at(-1)?.seq ?? mostEvents;
  }
  return found.map(({ seq, type, path }) => {
    const { words, state } = eventWords(type, path);
    return { seq, words, state };
  });
}
