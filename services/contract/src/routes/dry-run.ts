/** What a run would do, without one. */
import { route } from '../route.ts';
import { idParams } from '../shapes/common.ts';
import { dryRun, dryRunRequest } from '../shapes/dry-run.ts';
import { exampleId } from './examples.ts';

export const dryRunRoutes = {
  dryRun: route({
    method: 'POST',
    path: '/api/v1/workflows/:id/dry-run',
    access: 'run.read',
    tag: 'Workflows',
    summary: 'Dry run',
    help: 'Which nodes would run, which ways conditions take, what people would be asked, and how many calls that makes. Nothing is executed, called or stored: only expressions are evaluated, where all that they read is known from the input and the samples. Where a way depends on what nobody knows before the run, all are looked at. 422 `definition.invalid` where the draft could not run.',
    params: idParams,
    body: dryRunRequest,
    bodyBytes: 4_200_000,
    status: 200,
    answer: dryRun,
    example: {
      params: { id: exampleId },
      body: { input: { text: 'hello' } },
      answer: {
        status: 'completed',
        complete: true,
        ways: 1,
        nodes: [
          {
            nodeId: 'upper',
            label: 'upper',
            type: 'transform',
            state: 'runs',
            calls: { min: 0, max: 0 },
            items: null,
            perItem: false,
            ways: [{ port: 'out', known: true }],
            output: 'HELLO',
            error: null,
          },
        ],
        asks: [],
        calls: { min: 0, max: 0, perItem: false },
        output: { text: 'HELLO' },
      },
    },
  }),
};
