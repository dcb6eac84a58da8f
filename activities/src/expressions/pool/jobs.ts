/** What the pool's children are asked and what they answer. Plain data: it crosses a process. */
import type { GroupNodeResult, PlanEdge, PlanNode, ReadRef, SourceRef, StepError } from '@hub/dag/planner';

import type { Warning } from '../../ports.ts';
import type { ExpressionName } from '../names.ts';

/** What an evaluation may read. `texts` holds the JSON text behind each ref, by `refKey`. */
export interface DataWire {
  values: Partial<Record<Exclude<ExpressionName, 'nodes'>, string>>;
  reads: ReadRef[];
  texts: Record<string, string>;
}

/** The key under which the value of a ref travels; null and error refs need none. */
export function refKey(ref: ReadRef): string {
  return `${ref.as} ${ref.path}`;
}

/** Fills the templates of a JSON value. */
export interface ResolveJob {
  kind: 'resolve';
  data: DataWire;
  strict: boolean;
  /** JSON text of the value. */
  valueText: string;
  /** JSON pointers that are handed on as they stand. */
  literal: string[];
}
export interface ResolveAnswer {
  valueText: string;
  warnings: Warning[];
}

/** Evaluates one bare expression, or a condition. */
export interface ExpressionJob {
  kind: 'expression' | 'condition';
  data: DataWire;
  strict: boolean;
  /** The expression, or the condition's JSON text. */
  text: string;
}

export interface CodeJob {
  kind: 'code';
  data: DataWire;
  source: string;
  timeoutMs: number;
}

export interface NodeConfig {
  config: Record<string, unknown>;
  strict: boolean;
  /** JSON text of `onError.value`. */
  fallbackText: string | null;
}

/** Evaluates a fused group with the planner's own rules. */
export interface GroupJob {
  kind: 'group';
  nodes: PlanNode[];
  edges: PlanEdge[];
  scope: string;
  sources: SourceRef[];
  configs: Record<string, NodeConfig>;
  data: DataWire;
  /** Outcomes of an earlier, interrupted try. */
  done: NodeOutcome[];
  /** Nodes to evaluate in this job. */
  most: number;
}

export interface NodeOutcome extends GroupNodeResult {
  outputText: string | null;
  inputText: string | null;
  warnings: Warning[];
  startedAt: string;
  completedAt: string;
  disabled?: true;
  /** Where a disabled node's value comes from. */
  value?: ReadRef;
}
export interface GroupAnswer {
  outcomes: NodeOutcome[];
  /** False where `most` ended the walk before its end; `next` is the node that would come now. */
  finished: boolean;
  next: string | null;
}

/** The same fused group for several items of a loop, each as if it stood alone. */
export interface GroupsJob extends Pick<GroupJob, 'nodes' | 'edges' | 'configs' | 'data'> {
  kind: 'groups';
  /** `values` are those that differ from item to item. */
  items: { scope: string; values: DataWire['values'] }[];
  /** The loop's `result`, filled where an item's group had no unhandled failure. */
  result: { valueText: string; strict: boolean } | null;
}
export interface ItemAnswer {
  outcomes: NodeOutcome[];
  /** Null where it was not asked for, or the item failed. */
  result: { text: string; warnings: Warning[] } | { error: StepError } | null;
}

export interface PingJob {
  kind: 'ping';
}

export type Job = ResolveJob | ExpressionJob | CodeJob | GroupJob | GroupsJob | PingJob;

interface Answers {
  resolve: ResolveAnswer;
  expression: ResolveAnswer;
  condition: { holds: boolean; warnings: Warning[] };
  code: ResolveAnswer;
  group: GroupAnswer;
  groups: { items: ItemAnswer[] };
  ping: { pid: number };
}
export type AnswerOf<J extends Job> = Answers[J['kind']];

/** Errors travel as data; thrown plain objects would not survive. */
export type Envelope<T = unknown> = { ok: true; answer: T } | { ok: false; error: WireError };
export interface WireError extends Omit<StepError, 'attempt'> {
  kind: 'user' | 'transient' | 'bug';
}
