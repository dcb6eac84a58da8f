/** Values that the examples of the route table share. */
export const exampleId = '0199c0de-7a11-7000-8000-000000000001';
export const exampleRunId = '0199c0de-7a11-7000-8000-0000000000aa';
export const exampleTime = '2026-11-22T12:00:00.000Z';
export const exampleDefinition = {
  schemaVersion: 1,
  inputs: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  nodes: [
    { id: 'upper', type: 'transform', config: { expression: '$uppercase(input.text)' } },
    { id: 'result', type: 'output', config: { name: 'text', value: '{{ nodes.upper.output }}' } },
  ],
  edges: [{ from: 'upper', to: 'result' }],
};
export const exampleWorkflow = {
  id: exampleId,
  name: 'Shout',
  description: null,
  status: 'draft',
  publishedVersion: null,
  revision: 1,
  tags: [],
  createdAt: exampleTime,
  updatedAt: exampleTime,
  definition: exampleDefinition,
};
export const exampleListItem = {
  ...exampleWorkflow,
  owner: { id: exampleId, name: 'Ada' },
  triggerTypes: ['manual'],
  recentRuns: [{ id: exampleRunId, status: 'completed', createdAt: exampleTime, startedAt: exampleTime, durationMs: 240 }],
  health: { state: 'healthy', settled: 1, failed: 0, failedShare: 0 },
  openRuns: 0,
  nextFireAt: null,
  costThisMonthUsd: 0.02,
};
export const exampleVersion = {
  id: '0199c0de-7a11-7000-8000-000000000002',
  workflowId: exampleId,
  version: 1,
  hash: '4f1c…',
  note: 'First',
  publishedAt: exampleTime,
};
export const exampleRun = {
  id: exampleRunId,
  workflowId: exampleId,
  workflowName: 'Shout',
  version: 1,
  status: 'completed',
  statusReason: null,
  input: { text: 'hello' },
  output: { text: 'HELLO' },
  error: null,
  trigger: { type: 'api', id: null, at: exampleTime },
  priority: 3,
  createdAt: exampleTime,
  startedAt: exampleTime,
  completedAt: exampleTime,
  totals: { nodes: 2, completed: 2, failed: 0, skipped: 0, steps: 2, tokens: 0, costUsd: 0 },
  temporalUrl: null,
};
export const exampleToken = 'Zm9yZXZlci1uZXZlci1hLXJlYWwtdG9rZW4tb25seS1hbi1leA';
