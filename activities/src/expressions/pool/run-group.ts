/** A fused group, node after node, by the planner's own rules (`walkGroup`). */
import { childPath, walkGroup } from '@hub/dag/planner';
import type { GroupNodeResult, PlanNode, ReadRef, SourceRef } from '@hub/dag/planner';
import { BugError } from '@hub/kit/errors';

import { pureSteps } from '../../steps/pure-steps.ts';
import type { LiveSource } from '../../steps/pure-step.ts';
import { toJsonText } from '../../values/json.ts';
import { DataContext } from '../context.ts';
import { Scope } from '../scope.ts';
import { contextOf, nodeWire, textOf } from './data.ts';
import type { GroupAnswer, GroupJob, NodeOutcome } from './jobs.ts';
import { refKey } from './jobs.ts';
import { sized, toWireError } from './envelope.ts';

/** Previews of what a step saw are cut off here. */
const previewBytes = 32 * 1024;

export async function runGroup(job: GroupJob): Promise<GroupAnswer> {
  const texts = { ...job.data.texts };
  const outcomes = [...job.done];
  const context = new DataContext(contextOf(job.data));
  for (const [id, { fallbackText }] of Object.entries(job.configs)) {
    if (fallbackText !== null) texts[refKey({ id, path: childPath(job.scope, id), as: 'fallback' })] = fallbackText;
  }
  for (const outcome of outcomes) remember(outcome);
  for (let ran = 0; ; ran += 1) {
    const { next, passed } = walkGroup(job, outcomes.map(resultOf));
    const now = new Date().toISOString();
    for (const one of passed) outcomes.push({ ...one, outputText: null, inputText: null, warnings: [], startedAt: now, completedAt: now });
    if (next === null || ran === job.most) return { outcomes, finished: next === null, next: next?.node.id ?? null };
    for (const ref of next.reads) context.setNode(ref.id, nodeWire(textOf(ref, texts) ?? 'null', ref.as === 'error' ? undefined : ref.error));
    context.see(next.node.reads);
    const outcome = await evaluate(
      job,
      next.node,
      context,
      next.sources.map((source) => live(source, texts)),
    );
    outcomes.push(outcome);
    remember(outcome);
  }

  function remember(outcome: NodeOutcome): void {
    if (outcome.outputText !== null)
      texts[refKey({ id: outcome.nodeId, path: childPath(job.scope, outcome.nodeId), as: 'row' })] = outcome.outputText;
  }
}

function resultOf({ nodeId, status, port, error }: NodeOutcome): GroupNodeResult {
  return { nodeId, status, ...(port === undefined ? {} : { port }), ...(error === undefined ? {} : { error }) };
}

/** An edge from `error` carries the error object. */
export function live(source: SourceRef, texts: Record<string, string>): LiveSource {
  const ref: ReadRef = source.port === 'error' ? { ...source, as: 'error' } : source;
  return { id: source.id, port: source.port, value: JSON.parse(textOf(ref, texts) ?? 'null') };
}

async function evaluate(job: GroupJob, node: PlanNode, context: DataContext, sources: LiveSource[]): Promise<NodeOutcome> {
  const startedAt = new Date().toISOString();
  const settings = job.configs[node.id];
  const step = pureSteps[node.type];
  if (settings === undefined || step === undefined) throw new BugError('step.not-pure', `${node.type} ${node.id} cannot be computed in a group`);
  const scope = new Scope(context, { strict: settings.strict });
  const base = { nodeId: node.id, startedAt, warnings: scope.warnings };
  try {
    const { value, port, input } = await step.evaluate({ config: settings.config, scope, sources });
    const { text, cleaned } = toJsonText(value);
    if (cleaned) scope.warn('value.cleaned', 'Characters that cannot be stored (U+0000, lone surrogates) were replaced');
    return { ...base, status: 'completed', port, outputText: sized(text), inputText: preview(input), completedAt: new Date().toISOString() };
  } catch (error) {
    context.dropShared();
    const { code, message } = toWireError(error);
    const failure = { code, message: message.slice(0, 500), attempt: 1 };
    return {
      ...base,
      status: 'failed',
      error: failure,
      outputText: null,
      inputText: preview(settings.config),
      completedAt: new Date().toISOString(),
    };
  }
}

function preview(input: unknown): string | null {
  const text = JSON.stringify(input) as string | undefined;
  if (text === undefined) return null;
  return text.length <= previewBytes ? text : JSON.stringify({ cut: true, start: text.slice(0, 1_000).toWellFormed() });
}
