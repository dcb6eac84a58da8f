/** Registration of the pure kinds: one line each. */
import type { NodeType } from '@hub/dag/planner';

import { condition } from './condition/evaluate.ts';
import { merge } from './merge/evaluate.ts';
import { output } from './output/evaluate.ts';
import type { PureStep } from './pure-step.ts';
import { switchStep } from './switch/evaluate.ts';
import { transform } from './transform/evaluate.ts';

export const pureSteps: Partial<Record<NodeType, PureStep>> = { transform, condition, switch: switchStep, merge, output };
