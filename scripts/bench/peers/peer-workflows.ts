/** The hand-written peers: what an engineer would write with Temporal for the same work, without the hub. */
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { PeerActivities } from './peer-activities.ts';

const { step, call } = proxyActivities<PeerActivities>({ startToCloseTimeout: '60s', retry: { maximumAttempts: 3 } });

/** Ten light steps one after another, each an ordinary activity. */
export async function peerSteps(input: { rows: boolean; value: number }): Promise<number> {
  let value = input.value;
  for (let n = 0; n < 10; n += 1) value = await step({ run: workflowInfo().workflowId, n, value, row: input.rows });
  return value;
}

/** Ten HTTP calls one after another. */
export async function peerCalls(input: { rows: boolean; url: string }): Promise<number> {
  let sum = 0;
  for (let n = 0; n < 10; n += 1) sum += await call({ run: workflowInfo().workflowId, n, url: input.url, row: input.rows });
  return sum;
}

/** Ten branches of one call each. */
export async function peerBranches(input: { url: string }): Promise<number> {
  const all = await Promise.all(Array.from({ length: 10 }, (_, n) => call({ run: workflowInfo().workflowId, n, url: input.url, row: true })));
  return all.length;
}
