/** A fused group for several items of a loop: one message to the child instead of one per item. */
import { endOfGroup } from '@hub/dag/planner';

import { toJsonText } from '../../values/json.ts';
import { DataContext } from '../context.ts';
import { Scope } from '../scope.ts';
import { fill } from '../template.ts';
import { contextOf } from './data.ts';
import { sized, toWireError } from './envelope.ts';
import type { DataWire, GroupsJob, ItemAnswer, NodeOutcome } from './jobs.ts';
import { refKey } from './jobs.ts';
import { runGroup } from './run-group.ts';

export async function runGroups(job: GroupsJob): Promise<ItemAnswer[]> {
  const { nodes, edges, configs } = job;
  const answers: ItemAnswer[] = [];
  for (const { scope, values } of job.items) {
    const data: DataWire = { ...job.data, values: { ...job.data.values, ...values } };
    const { outcomes } = await runGroup({ kind: 'group', nodes, edges, configs, scope, data, sources: [], done: [], most: nodes.length + 1 });
    answers.push({ outcomes, result: await resultOf(job, scope, data, outcomes) });
  }
  return answers;
}

/** The loop's `result` sees the body's nodes too. */
async function resultOf(job: GroupsJob, scope: string, data: DataWire, outcomes: NodeOutcome[]): Promise<ItemAnswer['result']> {
  if (job.result === null) return null;
  const { views, failure } = endOfGroup({ nodes: job.nodes, edges: job.edges, scope, sources: [] }, outcomes);
  if (failure !== null) return null;
  const texts = { ...data.texts };
  for (const { id, path, as } of views) {
    const text = as === 'fallback' ? job.configs[id]?.fallbackText : outcomes.find(({ nodeId }) => nodeId === id)?.outputText;
    if (typeof text === 'string') texts[refKey({ id, path, as })] = text;
  }
  try {
    const sight = new Scope(new DataContext(contextOf({ ...data, reads: [...data.reads, ...views], texts })), { strict: job.result.strict });
    const { text } = toJsonText(await fill(JSON.parse(job.result.valueText), sight, undefined, () => false));
    return { text: sized(text), warnings: sight.warnings };
  } catch (error) {
    const { code, message } = toWireError(error);
    return { error: { code, message: message.slice(0, 500), attempt: 1 } };
  }
}
