import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';

import { createRunStarter, type RunStart } from './start-run.ts';

const facts = {
  rootRun: 'r0',
  versionId: 'v',
  workflowId: 'w',
  workflowName: 'Name',
  version: 3,
  plan: {},
  start: {},
  triggerType: 'api',
  priority: 2,
};

function starter(start: (type: string, options: Record<string, unknown>) => Promise<unknown>, isGone = false) {
  const readStarts = (runs: { team: string; run: string }[]): Promise<RunStart[]> =>
    Promise.resolve(isGone ? [] : runs.map((ref) => ({ ...facts, ...ref })));
  return createRunStarter({ client: { workflow: { start } } as unknown as Client, hubUrl: 'http://hub.test', readStarts, engine: 7 });
}

describe('createRunStarter', () => {
  it('starts the workflow whose id is the run, with what the Temporal UI shows', async () => {
    const started: [string, Record<string, unknown>][] = [];
    await starter(async (type, options) => void started.push([type, options])).start([
      { team: 't', run: 'r1' },
      { team: 't', run: 'r2' },
    ]);
    expect(started.map(([type, { workflowId }]) => [type, workflowId])).toEqual([
      ['hubRun', 'r1'],
      ['hubRun', 'r2'],
    ]);
    expect(started[0]?.[1]).toMatchObject({
      taskQueue: 'hub',
      args: [
        {
          team: 't',
          run: 'r1',
          rootRun: 'r0',
          versionId: 'v',
          workflowId: 'w',
          version: 3,
          engine: 7,
          plan: {},
          start: {},
          runUrl: 'http://hub.test/runs/r1',
        },
      ],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: 'Name · v3',
      priority: { priorityKey: 2, fairnessKey: 't' },
    });
    const pairs = started[0]?.[1]['typedSearchAttributes'] as { key: { name: string }; value: unknown }[];
    expect(Object.fromEntries(pairs.map(({ key, value }) => [key.name, value]))).toEqual({
      HubTeam: 't',
      HubWorkflow: 'w',
      HubTrigger: 'api',
      HubVersion: 3,
      HubEngine: 7,
    });
  });

  it('counts a run that already has its workflow as started, and starts none that is gone', async () => {
    let asked = 0;
    await starter(() => Promise.reject(new WorkflowExecutionAlreadyStartedError('there', 'r', 'hubRun'))).start([{ team: 't', run: 'r' }]);
    await starter(async () => void (asked += 1), true).start([{ team: 't', run: 'r' }]);
    expect(asked).toBe(0);
  });

  it('tries all before it says that one failed', async () => {
    const tried: unknown[] = [];
    const failing = starter(async (_type, { workflowId }) => {
      tried.push(workflowId);
      if (workflowId === 'r1') throw new Error('down');
    });
    await expect(
      failing.start([
        { team: 't', run: 'r1' },
        { team: 't', run: 'r2' },
      ]),
    ).rejects.toThrow('down');
    expect(tried).toEqual(['r1', 'r2']);
  });
});
