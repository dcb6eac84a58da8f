/** What a run undid. */
import { z } from 'zod';
import { route } from '../route.ts';
import { idParams, listOf, page } from '../shapes/common.ts';
import * as shape from '../shapes/undo.ts';
import { exampleRunId, exampleTime } from './examples.ts';

export const undoRoutes = {
  listCompensations: route({
    method: 'GET',
    path: '/api/v1/runs/:id/compensations',
    access: 'run.read',
    tag: 'Runs',
    summary: 'List what a run undid',
    help: 'Where `settings.compensate` says so, a cancelled or failed run undoes its completed actions that have a compensation, the last one first, before it ends. In that order, with what became of each; empty for a run that undid nothing.',
    params: idParams,
    query: z.strictObject(page),
    status: 200,
    answer: listOf(shape.compensation),
    example: {
      params: { id: exampleRunId },
      answer: {
        items: [
          {
            n: 1,
            nodeId: 'announce',
            path: 'announce',
            action: 'slack.delete-message',
            status: 'completed',
            attempts: 1,
            error: null,
            startedAt: exampleTime,
            completedAt: exampleTime,
          },
        ],
        nextCursor: null,
      },
    },
  }),
};
