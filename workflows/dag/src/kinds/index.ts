/** Registration of the node kinds: one line each; a missing one does not compile. */
import type { NodeType } from '../planner/types.ts';
import { action } from './action.ts';
import { approval } from './approval.ts';
import { code } from './code.ts';
import { condition } from './condition.ts';
import { dataSource } from './data-source.ts';
import { evaluate } from './evaluate.ts';
import type { Kind } from './kind.ts';
import { batchPrompt } from './later.ts';
import { loop } from './loop.ts';
import { merge } from './merge.ts';
import { notify } from './notify.ts';
import { output } from './output.ts';
import { prompt } from './prompt.ts';
import { respond } from './respond.ts';
import { subworkflow } from './subworkflow.ts';
import { switchKind } from './switch.ts';
import { transform } from './transform.ts';
import { wait } from './wait.ts';

export const kinds: Record<NodeType, Kind> = {
  data_source: dataSource,
  action,
  prompt,
  transform,
  code,
  condition,
  switch: switchKind,
  merge,
  loop,
  subworkflow,
  wait,
  approval,
  batch_prompt: batchPrompt,
  evaluate,
  notify,
  respond,
  output,
};

/** The kind of a node's type; null for a type that does not exist. */
export function kindOf(type: string): Kind | null {
  return Object.hasOwn(kinds, type) ? kinds[type as NodeType] : null;
}
