/** Time travel. */
import { z } from 'zod';
import { route } from '../route.ts';
import { id, maxInteger } from '../shapes/common.ts';
import { runMoment } from '../shapes/moment.ts';
import { exampleRunId, exampleTime } from './examples.ts';

export const momentRoutes = {
  readRunMoment: route({
    method: 'GET',
    path: '/api/v1/runs/:id/at/:seq',
    access: 'run.read',
    tag: 'Runs',
    summary: 'Read a run at a moment',
    help: 'States and values as they were right after event `seq`, folded from the event log. A number past the newest event means the newest. `scope` names an iteration (`each[2]`, `outer[0].inner[1]`): its values and those around it.',
    params: z.strictObject({ id, seq: z.coerce.number().int().min(0).max(maxInteger) }),
    query: z.strictObject({
      scope: z
        .string()
        .max(500)
        .regex(/^([a-z][a-z0-9_]*\[\d+\](\.[a-z][a-z0-9_]*\[\d+\])*)?$/, 'an iteration: each[2], or outer[0].inner[1]')
        .optional(),
      values: z.enum(['true', 'false']).optional().meta({ description: '`false` leaves the values out.' }),
    }),
    status: 200,
    answer: runMoment,
    example: {
      params: { id: exampleRunId, seq: '3' },
      answer: {
        seq: 3,
        lastSeq: 5,
        at: exampleTime,
        event: {
          seq: 3,
          at: exampleTime,
          type: 'step.completed',
          path: 'upper',
          iteration: null,
          refs: { nodeId: 'upper', attempt: 1, port: 'out' },
        },
        status: 'running',
        statusReason: null,
        totals: { steps: 1, tokens: 0, costUsd: 0 },
        nodes: [],
        scope: '',
        steps: [{ path: 'upper', nodeId: 'upper', iteration: null, attempt: 1, status: 'completed', port: 'out', code: null, kept: false }],
        variables: { upper: { path: 'upper', attempt: 1, value: 'HELLO', error: null } },
      },
    },
  }),
};
