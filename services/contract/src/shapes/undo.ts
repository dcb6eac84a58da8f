/** What a run undid of what it had done (`settings.compensate`). */
import { z } from 'zod';
import { instant } from './common.ts';

export const undoSums = z
  .object({
    total: z.number().int(),
    completed: z.number().int(),
    failed: z.number().int().meta({ description: 'Those that could not be undone, or of which that is not known: to be looked at by hand.' }),
    open: z.number().int(),
  })
  .meta({ id: 'UndoSums' });

export const compensation = z
  .object({
    n: z.number().int().meta({ description: 'Its place in the order of undoing, from 1: the last completed step comes first.' }),
    nodeId: z.string(),
    path: z.string(),
    action: z.string().meta({ description: 'The action that undoes, `connector.action`.' }),
    status: z
      .enum(['waiting', 'running', 'completed', 'failed', 'unknown'])
      .meta({ description: '`unknown`: the call broke off, and whether it had an effect is not known. It is not repeated.' }),
    attempts: z.number().int(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    startedAt: instant.nullable(),
    completedAt: instant.nullable(),
  })
  .meta({ id: 'Compensation' });
export type Compensation = z.output<typeof compensation>;
