/** The step cache of a workflow: seen and cleared. */
import { route } from '../route.ts';
import { idParams, listOf } from '../shapes/common.ts';
import * as shape from '../shapes/step-cache.ts';
import { exampleId, exampleRunId, exampleTime } from './examples.ts';

const params = { id: exampleId };
const path = '/api/v1/workflows/:id/cache';

export const stepCacheRoutes = {
  listCacheEntries: route({
    method: 'GET',
    path,
    access: 'workflow.read',
    tag: 'Workflows',
    summary: 'List kept outputs',
    help: 'Outputs of steps with `cache`, newest first, until their time is over. A step whose config and filled input are the same takes one instead of running.',
    params: idParams,
    query: shape.cacheQuery,
    status: 200,
    answer: listOf(shape.cacheEntry),
    example: {
      params,
      answer: {
        items: [
          {
            id: '0199c0de-7a11-7000-8000-0000000000c1',
            nodeId: 'classify',
            runId: exampleRunId,
            bytes: 512,
            tokens: 812,
            costUsd: 0.0042,
            uses: 3,
            createdAt: exampleTime,
            expiresAt: '2026-11-23T12:00:00.000Z',
          },
        ],
        nextCursor: null,
      },
    },
  }),
  clearCache: route({
    method: 'DELETE',
    path,
    access: 'workflow.write',
    tag: 'Workflows',
    summary: 'Clear kept outputs',
    help: 'Forgets what is kept for the workflow, or for one node of it: the next run of each step runs it. Runs that took an output keep theirs.',
    params: idParams,
    query: shape.cacheClearing,
    status: 200,
    answer: shape.cacheCleared,
    example: { params, answer: { cleared: 12 } },
  }),
};
