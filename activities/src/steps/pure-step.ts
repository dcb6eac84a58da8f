/** What a pure kind (transform, condition, switch, merge, output) answers for itself. It runs inside a child of the expression pool. */
import type { Scope } from '../expressions/scope.ts';

export interface LiveSource {
  id: string;
  /** `error`: the value is the source's error object. */
  port: string;
  value: unknown;
}

export interface PureInput {
  config: Record<string, unknown>;
  scope: Scope;
  /** Live incoming edges in the definition's order. */
  sources: LiveSource[];
}

export interface PureOutcome {
  /** A JSON value. */
  value: unknown;
  port: string;
  /** What the step saw after filling in, for people. */
  input: unknown;
}

export interface PureStep {
  /** Its output is made of its live sources. */
  joins?: true;
  evaluate: (input: PureInput) => Promise<PureOutcome>;
}
