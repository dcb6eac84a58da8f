/** Continuing a run: what is kept, what runs again, what that saves. */
import { z } from 'zod';
import { id, jsonValue } from './common.ts';
import { nodeIdText } from './run.ts';

export const retryRequest = z
  .strictObject({
    fromNode: nodeIdText
      .optional()
      .meta({ description: 'This node and all downstream of it run again, whatever they did before. Without it all completed nodes are kept.' }),
    iteration: z
      .number()
      .int()
      .min(0)
      .optional()
      .meta({ description: 'With `fromNode` in a loop: only this item of the outermost loop runs again, from 0.' }),
    version: z
      .union([z.number().int().min(1), z.enum(['published', 'draft'])])
      .optional()
      .meta({
        description:
          'Another version, or the draft as it is now (a test run; needs workflow.write): nodes that it did not change are kept. The version of the run when absent.',
      }),
    outputs: z
      .record(nodeIdText, jsonValue)
      .optional()
      .meta({ description: 'Outputs set by hand, by node id; those nodes do not run, what is downstream of them runs again.' }),
  })
  .refine((body) => body.iteration === undefined || body.fromNode !== undefined, { path: ['iteration'], message: 'send fromNode as well' });
export type RetryRequest = z.output<typeof retryRequest>;

/** Several runs at once: at most so many in one call; a client with more sends them in turn and shows how far it is. */
export const bulkRuns = z.strictObject({ ids: z.array(id).min(1).max(50) });
export const bulkRunsAnswer = z
  .object({
    items: z.array(
      z.object({
        id: id.meta({ description: 'The run that was named.' }),
        done: z.boolean(),
        newRun: id.nullable().meta({ description: 'Of a retry: the run that goes on.' }),
        code: z.string().nullable().meta({ description: 'Why it was not done.' }),
        detail: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'BulkRunsAnswer' });
export type BulkRunsAnswer = z.output<typeof bulkRunsAnswer>;

const sum = z.object({ tokens: z.number().int(), costUsd: z.number() });

const part = z.object({
  nodeId: z.string(),
  label: z.string(),
  items: z.number().int().nullable().meta({ description: 'Items of a loop that are kept; null where the node is kept whole.' }),
  tokens: z.number().int(),
  costUsd: z.number(),
});

export const retryPlan = z
  .object({
    version: z.number().int().nullable().meta({ description: 'The version that would run; null for a draft: the new run is a test run.' }),
    kept: z.array(part).meta({ description: 'Not run and not paid again, with what they cost.' }),
    runs: z.array(
      z.object({
        nodeId: z.string(),
        label: z.string(),
        why: z.enum(['asked', 'changed', 'undone', 'unsure', 'failed', 'downstream', 'not-run', 'loop']).meta({
          description:
            'loop: something in its body runs again. undone: its effect was undone. unsure: nobody knows how its last call went, so it waits for a person before it calls again.',
        }),
        tokens: z.number().int().meta({ description: 'Spent on it in the run that is continued: an estimate.' }),
        costUsd: z.number(),
        mayKeep: z.boolean().meta({
          description:
            'Its config is as it was and it had completed: when the run comes to it, its output is kept after all if its filled config comes out the same.',
        }),
      }),
    ),
    saved: sum.meta({ description: 'What is kept had cost this.' }),
    cost: sum.meta({ description: 'What runs had cost this in the run that is continued; an estimate, 0 for what had not run.' }),
    mayBeSaved: sum.meta({ description: 'The part of `cost` that is not spent where every `mayKeep` comes out the same.' }),
  })
  .meta({ id: 'RetryPlan' });
export type RetryPlanView = z.output<typeof retryPlan>;
