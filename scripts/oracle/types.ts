// The oracle's own vocabulary: definitions as 03 writes them, scripted behaviour, and the Result that the planner's harness must produce too.
// It must never import anything of the planner: independence is what makes the comparison a proof.

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Every kind of 03. */
export type NodeType =
  | 'data_source'
  | 'action'
  | 'prompt'
  | 'transform'
  | 'code'
  | 'condition'
  | 'switch'
  | 'merge'
  | 'loop'
  | 'subworkflow'
  | 'wait'
  | 'approval'
  | 'batch_prompt'
  | 'evaluate'
  | 'notify'
  | 'respond'
  | 'output';

export type OnError = { readonly mode: 'fail' | 'continue' | 'branch' } | { readonly mode: 'fallback'; readonly value: Json };

export type OnItemError = 'fail' | 'skip' | 'collect';

export interface NodeDefinition {
  readonly id: string;
  readonly type: NodeType;
  readonly config: { readonly [key: string]: Json };
  readonly parent?: string;
  readonly join?: 'any' | 'all';
  readonly disabled?: boolean;
  readonly onError?: OnError;
  /** Read on loops and subworkflows only, where it limits the whole; elsewhere it limits an attempt, which is inside a step's outcome. */
  readonly timeoutMs?: number;
}

export interface Edge {
  readonly from: string;
  readonly fromPort?: string;
  readonly to: string;
}

export interface Trigger {
  readonly id: string;
  readonly type: 'manual' | 'api' | 'schedule' | 'webhook' | 'form' | 'continuous' | 'poll' | 'event';
  readonly config?: { readonly [key: string]: Json };
}

export interface Settings {
  readonly timeoutMs?: number;
  readonly maxParallel?: number;
  readonly onFailure?: 'stop' | 'finish';
}

/** A definition, version 1, as far as the oracle reads it. Always valid: the oracle checks nothing of rule 13. */
export interface Definition {
  readonly schemaVersion: 1;
  readonly triggers?: readonly Trigger[];
  readonly nodes: readonly NodeDefinition[];
  readonly edges?: readonly Edge[];
  readonly settings?: Settings;
}

/**
 * What one step does, decided beforehand. It is what the step gives after its last attempt: retries are inside `durationMs`.
 *
 * - `durationMs`: positive integer; from the step's start to its end. Ignored for what opens (loops, `forEach` nodes, waits, approvals: 0 ms).
 * - `items`: how many items the `for_each` loop or `forEach` node finds when it opens.
 * - `rounds`: how many iterations a `while` or `until` loop would run by its condition alone (`until`: at least one).
 * - `checkFailsAt`: the check with so many iterations behind it fails (an expression that throws) with `errorCode`; never 0 on `until`.
 * - `port`: what a condition (`true`, `false`), a switch or a gated evaluate (`out`, `failed`) answers.
 * - `errorCode`: set where `outcome` is `fail` (default `step.failed`). What opens fails when it opens.
 * - `messages`: what is sent because the wait or the approval opened, so long after it.
 * - `unknown`: the step ends its first call parked as `unknown-outcome` (at `durationMs`) and is answered so long after that; `retry` does the
 *   call again, which takes `durationMs` again and gives `outcome`; `done` completes it; `fail` fails it with `step.unknown-outcome`.
 */
export interface Behaviour {
  readonly durationMs: number;
  readonly outcome: 'ok' | 'fail';
  readonly value?: Json;
  readonly port?: string;
  readonly items?: number;
  readonly rounds?: number;
  readonly checkFailsAt?: number;
  readonly errorCode?: string;
  readonly messages?: readonly ScriptedMessage[];
  readonly unknown?: { readonly afterMs: number; readonly decision: 'retry' | 'done' | 'fail' };
}

/** Sent `afterMs` after its wait or approval opened. A signal names the wait it was scripted for only where `toPath`. The same id twice is one message. */
export interface ScriptedMessage {
  readonly afterMs: number;
  readonly messageId: string;
  readonly signal?: { readonly name: string; readonly toPath: boolean };
  readonly decision?: 'approved' | 'rejected';
}

/** Sent at a moment of the run, whatever waits then: a signal, or an answer to the approval at `path`. */
export interface RunMessage {
  readonly at: number;
  readonly messageId: string;
  readonly path?: string;
  readonly signal?: string;
  readonly decision?: 'approved' | 'rejected';
}

/**
 * The behaviour of every step. A pure function of its arguments: asked twice, it answers the same.
 * `path` is `b`, `l[2].b`, `l[2].m[0].b`; for item 2 of a `forEach` node `x` it is `x[2]` (in a body `l[0].x[2]`) with `nodeId` `x`.
 */
export interface Script {
  readonly behave: (nodeId: string, path: string) => Behaviour;
}

export interface InterpretOptions {
  /** The run is cancelled at this virtual time, before anything else that happens at that time. */
  readonly cancelAt?: number;
  /** Wins over `settings.timeoutMs`, which wins over 3,600,000. */
  readonly timeoutMs?: number;
  /** The trigger that started the run; without it a manual start. */
  readonly trigger?: string;
  /** Outputs given by hand: these nodes do not run. */
  readonly pinned?: { readonly [nodeId: string]: Json };
  readonly messages?: readonly RunMessage[];
  /** Pauses and their resumes, in order, none within another. */
  readonly pauses?: readonly { readonly at: number; readonly until: number }[];
  /** A test run of this node of the run's own graph alone. */
  readonly only?: string;
  /** A test run of this node of the run's own graph and what is upstream of it. */
  readonly upTo?: string;
  /** What a retry keeps of the run before: see `keptOf` in retry.ts. */
  readonly kept?: Kept;
  /** The request that `kept` comes from: it is only looked at to count rules. */
  readonly retry?: RetryRequest;
  /** Only where 03 can be read in two ways: see README.md. */
  readonly readings?: Readings;
}

/** Nodes of the run's own graph that are settled from the start, and items of loops that are not run again. */
export interface Kept {
  /** By node id, in the order in which they completed. */
  readonly nodes: ReadonlyMap<string, NodeResult>;
  /** By path of a loop or `forEach` node: the items that are over. */
  readonly items: ReadonlyMap<string, readonly Item[]>;
}

/** `fromNode` is a node of the run's own graph, or with `iteration` a node of the body of one of its loops. */
export interface RetryRequest {
  readonly fromNode?: string;
  readonly iteration?: number;
  readonly outputs?: { readonly [nodeId: string]: Json };
}

export interface Readings {
  /** A loop with `onItemError: fail` fails at its first failing item and cancels the other iterations (`at-once`, default),
   *  or starts no more, lets those in flight end and then fails with the lowest failing index (`in-flight-end`). */
  readonly loopFail?: 'at-once' | 'in-flight-end';
}

export type NodeStatus = 'completed' | 'failed' | 'skipped' | 'cancelled';

/**
 * A value, by where it comes from (never by content):
 *
 * - `null`: `continue`, or a disabled node with no live source or with several.
 * - `{ $from: path }`: what the step at `path` gave itself; for a loop, `forEach` or merge its assembled result.
 * - `{ $error: path }`: the error object of the node at `path` (over an edge from its port `error`).
 * - `{ $value: json }`: given by hand: a fallback or a pin.
 * - `{ $input: true }`: the run's input (over an edge from a trigger).
 * - `{ $result: 'l[2]' }`: the loop's own `result` expression evaluated at the end of that iteration.
 * - `{ $initial: 'l' }`: the `initial` of the loop at that path.
 *
 * A disabled node has the value of its only live source as it is, so `{ $from }` names who really made it.
 */
export type Value =
  | null
  | { readonly $from: string }
  | { readonly $error: string }
  | { readonly $value: Json }
  | { readonly $input: true }
  | { readonly $result: string }
  | { readonly $initial: string };

/** One source of a merge: `from` is the id the edge names (node or trigger). */
export interface MergeSource {
  readonly from: string;
  readonly value: Value;
}

/** What a merge put together. In order of edges; only live ones; `append` leaves out those whose value is null; `first` has exactly its winner. */
export interface MergeResult {
  readonly mode: 'append' | 'object' | 'combine' | 'first';
  readonly sources: readonly MergeSource[];
}

/** One element of a loop's or `forEach` node's output array. Dropped items (`skip`) are absent; `error` is `collect`'s `{ error }`. */
export type Item =
  | { readonly index: number; readonly kind: 'result'; readonly value: Value }
  | { readonly index: number; readonly kind: 'error'; readonly error: RunError };

/** `nodeId` and `path` are of the node that failed itself, a body node or an item (`x[2]`) too. */
export interface RunError {
  readonly nodeId: string;
  readonly path: string;
  readonly code: string;
}

export interface NodeResult {
  readonly nodeId: string;
  readonly status: NodeStatus;
  /** The port taken: set on every completed node (`out` where it has one only) and, as `error`, on a failed one with `branch`. */
  readonly port?: string;
  /** True where `fallback` gave the value; else absent. `continue` is not marked. */
  readonly recovered?: true;
  /** True where a pin gave the value; else absent. */
  readonly pinned?: true;
  /** True where a retry kept it; else absent. */
  readonly seeded?: true;
  /** Set on every completed node; absent elsewhere. */
  readonly value?: Value;
  /** Only on a merge that completed by itself (not disabled, pinned, continued, recovered). */
  readonly merge?: MergeResult;
  /** Only on a loop or `forEach` node that completed by itself. */
  readonly items?: readonly Item[];
  /** Only on a `while` or `until` loop that completed by itself: the value of `previous` in each iteration this run began. */
  readonly previous?: readonly Value[];
  /** Likewise: its output, the last result. */
  readonly last?: Value;
}

/**
 * How a run ended. Compare two of them with `normalise` and `diff` of compare.ts.
 *
 * `nodes` has, by path:
 * - every node of the run's own graph, whatever became of it (never started: `skipped`; stopped: `cancelled`);
 * - every body node of every iteration that began (`l[2].b`), skipped ones too; nothing for iterations that never began, so nothing for
 *   the bodies of loops that are skipped, disabled, pinned, failed on opening or had no items;
 * - for a `forEach` node `x`: `x`, and each item that began (`x[2]`, nodeId `x`).
 * An iteration itself (`l[2]`) has no entry.
 *
 * `outputs`: name -> path of the output node whose value stands (03 allows outputs in the run's own graph only, so path = id).
 *
 * `starts`: what started, with its virtual time: each step, each item of a `forEach`, and each loop or `forEach` node when it opens. Not:
 * skipped, disabled and pinned nodes, iterations. Ordered by time, then `comparePaths`.
 *
 * `childrenCancelled`: the paths of subworkflow nodes whose child run was asked to cancel, in order of path.
 *
 * `status` is `waiting` where nothing is going to happen any more (a wait that no signal reaches): no comparison then, the generator
 * cancels such runs.
 *
 * `error` is the first recorded failure of the run's own graph, also where the run was then cancelled or timed out; else null.
 */
export interface Result {
  readonly status: 'completed' | 'failed' | 'cancelled' | 'timed_out' | 'waiting';
  readonly error: RunError | null;
  readonly nodes: ReadonlyMap<string, NodeResult>;
  readonly outputs: { readonly [name: string]: string };
  readonly starts: readonly (readonly [timeMs: number, path: string])[];
  readonly childrenCancelled: readonly string[];
}
