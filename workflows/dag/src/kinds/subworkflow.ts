import { z } from 'zod';
import { alwaysOut, expr, onlyOut, sitesBut, text, textOf, type Kind } from './kind.ts';

const schema = z.strictObject({
  workflowId: text.refine((id) => !id.includes('{{'), { error: 'Templates are not filled in an id. Choose the workflow, or branch between several' }),
  version: z.union([z.number().int().positive(), z.literal('published')]).optional(),
  input: expr,
  wait: z.boolean().optional(),
});

export const subworkflow: Kind = {
  type: 'subworkflow',
  label: 'Run a workflow',
  help: "Runs another workflow's version as a child and gives its output. A cancel is passed down; with wait false the child goes on by itself and { runId } is given at once.",
  example: {
    id: 'child',
    type: 'subworkflow',
    config: { workflowId: '018f0000-0000-7000-8000-000000000000', version: 'published', input: { text: '{{ input.text }}' } },
  },
  work: 'park',
  reachesOut: false,
  mayRetry: false,
  timeoutMs: 0,
  inBody: true,
  runs: true,
  schema: () => schema,
  ports: onlyOut,
  portOf: alwaysOut,
  sites: sitesBut('workflowId', 'version'),
  describe: (raw) => textOf(raw, 'workflowId'),
};
