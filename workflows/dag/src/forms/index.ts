/** Forms of the node kinds, triggers and settings: one line each; a missing kind does not compile. Pure data. */
import type { NodeType } from '../planner/types.ts';
import type { FormField } from './field.ts';
import { approval, notify, respond, subworkflow, wait } from './people.ts';
import { code, condition, evaluate, loop, merge, output, switchCases, transform } from './shaping.ts';
import { batchPrompt, connector, prompt } from './steps.ts';

export { fieldKinds } from './field.ts';
export type { FieldChoice, FieldKind, FieldWay, FieldWhen, FormField, Scalar } from './field.ts';
export { nodeFields, settingsFields } from './run-fields.ts';
export { triggerFields } from './triggers.ts';

/** The fields of each kind's config. */
export const kindFields: Readonly<Record<NodeType, readonly FormField[]>> = {
  data_source: connector,
  action: connector,
  prompt,
  transform,
  code,
  condition,
  switch: switchCases,
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
