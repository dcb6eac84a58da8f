/** The kinds that park; one line each. */
import type { NodeType } from '@hub/dag/planner';

import { approvalStep } from './approval/park.ts';
import type { ParkStep } from './park-step.ts';
import { subworkflowStep } from './subworkflow/park.ts';
import { waitStep } from './wait/park.ts';

export const parkSteps: Partial<Record<NodeType, ParkStep>> = { wait: waitStep, approval: approvalStep, subworkflow: subworkflowStep };
