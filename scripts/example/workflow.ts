/** Through the public API only: the shipped file up, the workflow there in the wanted form, a run to its end. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { Client } from '@hub/contract';

export type { Client } from '@hub/contract';

export const folder = new URL('../../activities/examples/product-reviews/', import.meta.url);
const workflowName = 'Product reviews (example)';
/** A run may take this long before we stop looking. */
const patienceMs = 20 * 60_000;

export type Run = Awaited<ReturnType<Client['getRun']>>;
type Definition = Record<string, unknown> & { nodes: { id: string; config: Record<string, unknown> }[] };

/** The shipped definition with `model` in its prompt. */
export function definitionWith(model: string): Definition {
  const definition = JSON.parse(readFileSync(new URL('definition.json', folder), 'utf8')) as Definition;
  for (const node of definition.nodes) if (node.config['model'] !== undefined) node.config['model'] = model;
  return definition;
}

/** Finds or makes the workflow, brings it to `definition`, publishes what is not published yet. Answers its id. */
export async function ensureWorkflow(client: Client, definition: Definition): Promise<string> {
  const found = await findByName(client);
  if (found === null) {
    const made = await client.createWorkflow({
      body: { name: workflowName, description: 'The shipped example: classifies 200 product reviews.', definition: definition as never },
    });
    await client.publishWorkflow({ params: { id: made.id }, body: { note: 'The shipped example' } });
    return made.id;
  }
  const current = await client.getWorkflow({ params: { id: found } });
  const changed = contentOf(current.definition) !== contentOf(definition);
  if (changed) await client.updateWorkflow({ params: { id: found }, ifMatch: current.revision, body: { definition: definition as never } });
  if (changed || current.publishedVersion === null) await client.publishWorkflow({ params: { id: found }, body: { note: 'The shipped example' } });
  else if (current.status === 'paused' || current.status === 'archived') await client.activateWorkflow({ params: { id: found } });
  return found;
}

async function findByName(client: Client): Promise<string | null> {
  let cursor: string | undefined;
  do {
    const page = await client.listWorkflows({ query: cursor === undefined ? {} : { cursor } });
    const found = page.items.find((item) => item.name === workflowName && item.status !== 'archived');
    if (found !== undefined) return found.id;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return null;
}

/** What counts as the same: everything but the layout, whatever the order of keys. */
function contentOf(definition: unknown): string {
  const { ui: _layout, ...rest } = definition as Record<string, unknown>;
  const sorted = JSON.stringify(rest, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex');
}

/** Uploads the reviews and starts a run with them. Answers its id. */
export async function startRun(client: Client, workflowId: string): Promise<string> {
  const form = new FormData();
  form.set('file', new Blob([readFileSync(new URL('reviews.csv', folder))], { type: 'text/csv' }), 'reviews.csv');
  const handle = await client.uploadFile({ form });
  const { id } = await client.startRun({ params: { id: workflowId }, body: { input: { file: { ...handle } } }, idempotencyKey: crypto.randomUUID() });
  return id;
}

/** The run once it is settled. `onProgress` is told between the held requests. */
export async function follow(client: Client, id: string, onProgress: (run: Run) => void): Promise<Run> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const run = await client.getRun({ params: { id }, query: { wait: 30 } });
    if (['completed', 'failed', 'cancelled', 'timed_out'].includes(run.status)) return run;
    if (Date.now() > deadline) throw new Error(`The run ${id} is still ${run.status} after ${patienceMs / 60_000} minutes.`);
    onProgress(run);
  }
}

/** The run's output, also where it is handed out by reference. */
export async function outputOf(client: Client, run: Run): Promise<Record<string, unknown>> {
  const output = run.output ?? (run.outputRef === undefined ? {} : await (await client.getRunOutput({ params: { id: run.id } })).json());
  return output as Record<string, unknown>;
}
