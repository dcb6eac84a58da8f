/** Continue a run that ended: fix one thing, keep the rest. */
import { route } from '../route.ts';
import { idParams } from '../shapes/common.ts';
import { bulkRunsAnswer, bulkRuns, retryPlan, retryRequest } from '../shapes/retry.ts';
import { runStarted } from '../shapes/run.ts';
import { exampleRunId } from './examples.ts';

const params = { id: exampleRunId };

export const retryRoutes = {
  planRetry: route({
    method: 'POST',
    path: '/api/v1/runs/:id/retry-plan',
    access: 'run.read',
    tag: 'Runs',
    summary: 'Plan a retry',
    help: 'Says beforehand what a retry would keep, what it would run and why, and what that costs and saves. A step downstream of a change (`mayKeep`) is decided when the run comes to it: what an earlier run made from the same is taken over. Starts nothing.',
    params: idParams,
    body: retryRequest,
    status: 200,
    answer: retryPlan,
    example: {
      params,
      body: { version: 'published' },
      answer: {
        version: 2,
        kept: [{ nodeId: 'classify', label: 'Classify each review', items: null, tokens: 75364, costUsd: 0.0088 }],
        runs: [
          { nodeId: 'summary', label: 'Summarise', why: 'changed', tokens: 512, costUsd: 0.0011, mayKeep: false },
          { nodeId: 'send', label: 'Send the report', why: 'downstream', tokens: 0, costUsd: 0, mayKeep: true },
        ],
        saved: { tokens: 75364, costUsd: 0.0088 },
        cost: { tokens: 512, costUsd: 0.0011 },
        mayBeSaved: { tokens: 0, costUsd: 0 },
      },
    },
  }),
  retryRun: route({
    method: 'POST',
    path: '/api/v1/runs/:id/retry',
    access: 'run.start',
    tag: 'Runs',
    summary: 'Retry a run',
    help: 'Starts a new run with the same input that keeps, by reference, what the ended run completed (marked seeded) and runs the rest: from the failure, from a node, on another version or the draft, with outputs set by hand. A step whose config is as it was keeps its output also downstream of a change, where its filled config comes out the same (row `cached`, `by: run`); downstream of `fromNode` all runs again. 409 `run.not-settled` while the run goes on.',
    params: idParams,
    body: retryRequest,
    status: 202,
    answer: runStarted,
    example: { params, body: { fromNode: 'send' }, answer: { id: '0199c0de-7a11-7000-8000-0000000000ab', status: 'queued' } },
  }),
  bulkCancel: route({
    method: 'POST',
    path: '/api/v1/runs/bulk-cancel',
    access: 'run.cancel',
    tag: 'Runs',
    summary: 'Cancel several runs',
    help: 'Each run by itself: what cannot be cancelled (it has ended, it is not there) says why and holds up no other. At most 50; send more in turn.',
    body: bulkRuns,
    status: 200,
    answer: bulkRunsAnswer,
    example: { body: { ids: [exampleRunId] }, answer: { items: [{ id: exampleRunId, done: true, newRun: null, code: null, detail: null }] } },
  }),
  bulkRetry: route({
    method: 'POST',
    path: '/api/v1/runs/bulk-retry',
    access: 'run.start',
    tag: 'Runs',
    summary: 'Retry several runs',
    help: 'Continues each ended run from its failure on its own version, keeping what it completed. Under one `Idempotency-Key` each run is continued once. At most 50; send more in turn.',
    body: bulkRuns,
    status: 200,
    answer: bulkRunsAnswer,
    rate: 'run-start',
    example: {
      body: { ids: [exampleRunId] },
      answer: { items: [{ id: exampleRunId, done: true, newRun: '0199c0de-7a11-7000-8000-0000000000ab', code: null, detail: null }] },
    },
  }),
};
