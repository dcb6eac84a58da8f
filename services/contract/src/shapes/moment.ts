/** A run at one of its moments (time travel). */
import { z } from 'zod';
import { instant, jsonValue } from './common.ts';
import { nodeStatus, nodeSummary, outputRef, runEvent, runStatus } from './run.ts';

/** A value that could be read at that moment. */
export const momentVariable = z.object({
  path: z.string(),
  attempt: z.number().int(),
  value: jsonValue.optional(),
  valueRef: outputRef.optional().meta({ description: 'In place of `value` where it is large.' }),
  error: z.object({ code: z.string() }).nullable().meta({ description: 'Of a step that failed and took its port `error`.' }),
});

export const runMoment = z
  .object({
    seq: z.number().int().meta({ description: 'The last event that counts; 0: nothing had happened yet.' }),
    lastSeq: z.number().int().meta({ description: 'The run’s newest event.' }),
    at: instant.nullable(),
    event: runEvent.nullable().meta({ description: 'The event at `seq`.' }),
    status: runStatus,
    statusReason: z.string().nullable(),
    totals: z.object({ steps: z.number().int(), tokens: z.number().int(), costUsd: z.number() }),
    nodes: z.array(nodeSummary).meta({ description: 'Per node of the definition, as `node-summaries` would have said then.' }),
    scope: z.string(),
    steps: z
      .array(
        z.object({
          path: z.string(),
          nodeId: z.string(),
          iteration: z.number().int().nullable(),
          attempt: z.number().int(),
          status: nodeStatus,
          port: z.string().nullable(),
          code: z.string().nullable(),
          kept: z.boolean(),
        }),
      )
      .meta({ description: 'Steps of the scope itself, in order of path.' }),
    variables: z.record(z.string(), momentVariable).meta({ description: 'By node id: what could be read in the scope at that moment.' }),
  })
  .meta({ id: 'RunMoment' });
export type RunMoment = z.output<typeof runMoment>;
