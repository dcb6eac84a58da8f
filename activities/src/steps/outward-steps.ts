/** Registration of the kinds that run in an activity of their own: one line each. */
import type { NodeType } from '@hub/dag/planner';

import { code } from './code/run.ts';
import { connectorStep } from './connector/run.ts';
import { evaluate } from './evaluate/run.ts';
import { notify } from './notify/run.ts';
import type { OutwardStep } from './outward-step.ts';
import { prompt } from './prompt/run.ts';
import { respond } from './respond/run.ts';

export const outwardSteps: Partial<Record<NodeType, OutwardStep>> = {
  data_source: connectorStep,
  action: connectorStep,
  prompt,
  code,
  evaluate,
  notify,
  respond,
};
