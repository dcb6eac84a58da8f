/** What a dry run is asked and what it says. Plain data. */
import type { Json, NodeType, Plan } from '@hub/dag/planner';

import type { AnswerOf, ExpressionJob, GroupJob, ResolveJob } from '../expressions/pool/jobs.ts';

/** Evaluates; never anything but expressions. In the API a child of the pool, in the browser the page itself. */
export interface Evaluator {
  run: <J extends GroupJob | ResolveJob | ExpressionJob>(job: J) => Promise<AnswerOf<J>>;
}

export interface DryRequest {
  /** As it was checked. */
  definition: Json;
  /** Compiled without fused groups, so that each node is looked at alone. */
  plan: Plan;
  input: Json;
  /** Id of the trigger that the start counts as. */
  trigger: string | null;
  triggerFacts: Json;
  workflowName: string;
  /** Null: not known here; what reads them is not evaluated. */
  vars: Record<string, Json> | null;
  /** Outputs that stand in for nodes, with their ports. */
  samples: Record<string, { value: Json; port: string }>;
}

/** runs: on every way looked at. maybe: on some. passes: disabled. sample: a given output stands in for it. */
export type DryState = 'runs' | 'maybe' | 'skipped' | 'passes' | 'sample';

export interface DryNode {
  nodeId: string;
  label: string;
  type: NodeType;
  state: DryState;
  /** Calls to the outside on the way with the fewest and with the most; a retry is not counted. */
  calls: { min: number; max: number };
  /** Items of a loop where they are known. */
  items: number | null;
  /** In a loop whose items are not known: counted as for one item. */
  perItem: boolean;
  /** Ports it takes; `known`: its expressions were evaluated, or a sample says it. */
  ways: { port: string; known: boolean }[];
  /** JSON text of what it gives, up to 2,000 characters; null where that is not known. */
  outputText: string | null;
  /** It would fail. */
  error: { code: string; message: string } | null;
}

export interface DryRun {
  /** depends: on outputs that nobody knows before the run. */
  status: 'completed' | 'failed' | 'depends';
  /** False where the limits of a dry run ended it before every way was looked at. */
  complete: boolean;
  ways: number;
  nodes: DryNode[];
  /** What people or other systems would be asked. `what`: the title, or the signal; null where it is not known. */
  asks: { nodeId: string; label: string; kind: 'approval' | 'signal'; what: string | null; maybe: boolean }[];
  calls: { min: number; max: number; perItem: boolean };
  /** Null where a part of it is not known. */
  output: Record<string, Json> | null;
}
