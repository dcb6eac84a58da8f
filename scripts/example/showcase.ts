/**
 * What a first start shows of daily work, made by really running it: a finished digest, and a queue whose last step fails for one wrong field,
 * so that a person can put it right and go on. Through the public API; on a hub that has these workflows it does nothing.
 */
import { readFileSync } from 'node:fs';

import { follow } from './workflow.ts';
import type { Client } from './workflow.ts';

interface Template {
  name: string;
  summary: string;
  sampleInput: Record<string, unknown>;
}
interface Definition {
  nodes: { id: string; config: { params?: Record<string, unknown> } }[];
  edges: { from: string; to: string; fromPort?: string }[];
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../activities/examples/${path}`, import.meta.url), 'utf8'));

/** The input of a template with its sample files uploaded. */
async function sampleInput(client: Client, id: string, { sampleInput: sample }: Template): Promise<Record<string, unknown>> {
  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(sample)) {
    const file = typeof value === 'object' && value !== null && '$sample' in value ? String(value.$sample) : null;
    if (file === null) entries.push([name, value]);
    else {
      const form = new FormData();
      form.set('file', new Blob([readFileSync(new URL(`../../activities/examples/${id}/${file}`, import.meta.url))]), file);
      entries.push([name, await client.uploadFile({ form })]);
    }
  }
  return Object.fromEntries(entries);
}

/** Makes, publishes and runs a template; nothing where a workflow of its name is there. Answers how the run ended. */
async function show(client: Client, id: string, change: (definition: Definition) => Definition): Promise<string | null> {
  const template = readJson(`${id}/template.json`) as Template;
  const found = await client.listWorkflows({ query: { q: template.name, limit: 1 } });
  if (found.items.length > 0) return null;
  const definition = change(readJson(`${id}/definition.json`) as Definition);
  const made = await client.createWorkflow({
    body: { name: template.name, description: template.summary, definition: definition as unknown as Record<string, unknown> },
  });
  await client.publishWorkflow({ params: { id: made.id }, body: { note: 'From the template' } });
  const input = await sampleInput(client, id, template);
  const { id: runId } = await client.startRun({ params: { id: made.id }, body: { input } });
  return (await follow(client, runId, () => undefined)).status;
}

/** The file is written last, after everything that costs money, and its name reads an input that the workflow does not have. */
function withWrongField(definition: Definition): Definition {
  return {
    ...definition,
    nodes: definition.nodes.map((node) =>
      node.id === 'file' ? { ...node, config: { ...node.config, params: { ...node.config.params, name: '{{ input.file_name }}' } } } : node,
    ),
    edges: [...definition.edges, { from: 'drafts', to: 'file' }],
  };
}

/** Shows both. Answers how each ended, null where it was there already. */
export async function showcase(client: Client): Promise<{ digest: string | null; queue: string | null }> {
  const digest = await show(client, 'weekly-sales', (definition) => definition);
  const queue = await show(client, 'support-triage', withWrongField);
  return { digest, queue };
}
