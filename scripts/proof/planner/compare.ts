/** One seed through the planner and the oracle. */
import { diff, normalise } from '../../oracle/compare.ts';
import { generate, type Generated } from '../../oracle/generate.ts';
import { interpret, type Interpretation } from '../../oracle/oracle.ts';
import { interpretRetry } from '../../oracle/retry.ts';
import type { RuleId } from '../../oracle/rules.ts';
import type { Behaviour, Definition, InterpretOptions, Json, Kept, NodeDefinition } from '../../oracle/types.ts';
import { drive, type PlannerUnderProof } from './drive.ts';
import { keptByApi } from './kept.ts';
import { planFor, type PlanManner } from './plan.ts';

export interface Compared {
  /** Empty where both agree. */
  lines: readonly string[];
  met: Iterable<RuleId>;
}

/** Everything compared: states, ports, values, items, outputs, error, and when each step started. */
export function compareSeed(planner: PlannerUnderProof, seed: number): Compared {
  return compareOne(planner, generate(seed));
}

export function compareOne(planner: PlannerUnderProof, { definition, script, options, retry }: Generated): Compared {
  const expected = interpret(definition, script, options);
  if (expected.status === 'waiting') return { lines: [], met: [] }; // not generated; shrinking finds such
  const lines = differences(() => diff(normalise(expected), normalise(drive(planner, definition, script, options))));
  if (retry === undefined || lines.length > 0) return { lines, met: expected.met };
  const again = compareRetry(planner, definition, expected, options, retry);
  return { lines: again.lines, met: new Set([...expected.met, ...again.met]) };
}

/**
 * The retry of a run that has ended: what it keeps (the API's choice), then the run itself. Kept items of a half-done loop are no matter of the
 * planner (their steps are answered from the ledger), so here such a loop runs whole.
 */
function compareRetry(
  planner: PlannerUnderProof,
  definition: Definition,
  before: Interpretation,
  options: InterpretOptions,
  retry: NonNullable<Generated['retry']>,
): Compared {
  const expected = interpretRetry(definition, before, options, retry);
  const kept: Kept = { nodes: expected.options.kept?.nodes ?? new Map(), items: new Map() };
  const whole = interpret(definition, retry.script, { ...expected.options, kept });
  if (whole.status === 'waiting') return { lines: [], met: [] };
  const lines = differences(() => [
    ...diff([...kept.nodes.keys()].sort(), keptByApi(definition, before, retry.request)).map((line) => `kept ${line}`),
    ...diff(normalise(whole), normalise(drive(planner, definition, retry.script, { ...expected.options, kept }))).map((line) => `retry ${line}`),
  ]);
  return { lines, met: expected.met };
}

/**
 * With fused groups, on graphs where nothing depends on which of two came first: the same states, ports and values as the oracle, which knows
 * no groups. Failures are those that are handled, and under `finish` those of the run's own graph. Null where the seed gives no such graph.
 */
export function compareFused(planner: PlannerUnderProof, seed: number): Compared | null {
  return compareCalm(planner, generate(seed, { interruptions: false }), { fuse: true });
}

/**
 * With bodies computed in chunks, on the same graphs with `concurrency: 1`, where items run one after the other in both; here items may fail
 * too where their loop takes it. Null where no loop of the seed's graph runs in chunks.
 */
export function compareChunks(planner: PlannerUnderProof, seed: number): Compared | null {
  const generated = generate(seed, { interruptions: false });
  const definition = inOrder(generated.definition);
  const manner = { fuse: true, chunks: true };
  if (!planFor(definition, generated.options, manner).nodes.some(({ loop }) => loop?.chunk !== undefined)) return null;
  return compareCalm(planner, { ...generated, definition }, manner);
}

/**
 * With many items of a loop in one activity: the same as item by item (which the oracle judges), at the same moments, whatever is cancelled, paused or fails meanwhile. Without
 * steps of unknown outcome: an activity that leaves an item begins nothing more. Null where no loop of the seed's graph has a body that is one step.
 */
export function compareItems(planner: PlannerUnderProof, seed: number): Compared | null {
  const { definition, script, options } = generate(seed);
  const steps = stepsOf(definition, options, 'whole');
  if (steps.size === 0) return null;
  const known = {
    behave: (nodeId: string, path: string): Behaviour => {
      const { unknown, ...found } = script.behave(nodeId, path);
      return steps.has(nodeId) || unknown === undefined ? found : { ...found, unknown };
    },
  };
  const expected = interpret(definition, known, options);
  if (expected.status === 'waiting') return { lines: [], met: [] };
  const seen = (manner: PlanManner): Json => normalise(drive(planner, definition, known, options, manner));
  return { lines: differences(() => diff(seen({}), seen({ items: 'whole' }))), met: expected.met };
}

/** With activities that end after a few items and leave some of them to themselves, on calm graphs with `concurrency: 1`. */
export function compareShortItems(planner: PlannerUnderProof, seed: number): Compared | null {
  const generated = generate(seed, { interruptions: false });
  const definition = inOrder(generated.definition);
  const manner = { items: 'short' as const };
  return stepsOf(definition, generated.options, 'short').size === 0 ? null : compareCalm(planner, { ...generated, definition }, manner);
}

function stepsOf(definition: Definition, options: InterpretOptions, items: 'whole' | 'short'): Set<string> {
  return new Set(planFor(definition, options, { items }).nodes.flatMap(({ loop }) => loop?.step ?? []));
}

function inOrder(definition: Definition): Definition {
  const one = (node: NodeDefinition): NodeDefinition =>
    (node.type === 'loop' && node.config['mode'] === 'for_each') || node.config['forEach'] !== undefined
      ? { ...node, config: { ...node.config, concurrency: 1 } }
      : node;
  return { ...definition, nodes: definition.nodes.map(one) };
}

function compareCalm(planner: PlannerUnderProof, { definition: given, script, options: started }: Generated, manner: PlanManner): Compared | null {
  // No time-out, cancel or stray message either: they too would fall on different steps.
  const { cancelAt: _cancelAt, messages: _messages, ...rest } = started;
  const options = { ...rest, timeoutMs: 1e15 };
  const definition = { ...given, nodes: given.nodes.map(unhurried) };
  if (definition.nodes.some((node) => node.config['mode'] === 'first')) return null;
  const finishes = definition.settings?.onFailure === 'finish';
  const handles = (node: NodeDefinition | undefined): boolean => (node?.onError?.mode ?? 'fail') !== 'fail';
  const loopOf = (node: NodeDefinition): NodeDefinition | undefined => definition.nodes.find((other) => other.id === node.parent);
  const chunked = new Set(
    planFor(definition, options, manner).nodes.flatMap(({ id, loop }) => (loop?.chunk === undefined && loop?.step === undefined ? [] : [id])),
  );
  const count = (end: 'from' | 'to', id: string): number => (definition.edges ?? []).filter((edge) => edge[end] === id).length;
  // With branches in a body it would be a matter of time what else was running.
  const isChain = (loop: NodeDefinition): boolean =>
    definition.nodes.every(({ id, parent }) => parent !== loop.id || (count('from', id) <= 1 && count('to', id) <= 1));
  const takesFailures = (loop: NodeDefinition | undefined): boolean =>
    loop !== undefined && chunked.has(loop.id) && isChain(loop) && (handles(loop) || (loop.config['onItemError'] ?? 'fail') !== 'fail');
  const mayFail = (node: NodeDefinition): boolean => handles(node) || (finishes && node.parent === undefined) || takesFailures(loopOf(node));
  const failing = new Set(definition.nodes.filter(mayFail).map((node) => node.id));
  const isItem = (path: string): boolean => path.endsWith(']');
  const calm = {
    behave: (nodeId: string, path: string) => {
      const found = settledByItself(definition, nodeId, path, script.behave(nodeId, path));
      return failing.has(nodeId) && !isItem(path) ? found : { ...found, outcome: 'ok' as const };
    },
  };
  const expected = interpret(definition, calm, options);
  // Which failure came first, and which of two outputs of one name came later, is a matter of time.
  const plain = { ...expected, outputs: {}, error: null };
  const lines = differences(() => {
    const found = drive(planner, definition, calm, options, manner);
    return diff(normalise(plain, { starts: false }), normalise({ ...found, outputs: {}, error: null }, { starts: false }));
  });
  return { lines, met: expected.met };
}

/** Without limits that a matter of time would decide. */
function unhurried({ timeoutMs: _timeoutMs, ...node }: NodeDefinition): NodeDefinition {
  const { timeout: _timeout, ...config } = node.config;
  return { ...node, config: config['mode'] === 'while' || config['mode'] === 'until' ? { ...config, onMax: 'continue' } : config };
}

/** Whatever waits is answered, each by a message of its own. */
function settledByItself(
  { nodes }: Definition,
  nodeId: string,
  path: string,
  { checkFailsAt: _checkFailsAt, unknown, ...found }: Behaviour,
): Behaviour {
  const node = nodes.find(({ id }) => id === nodeId);
  const name = node?.config['signal'];
  const sent = typeof name === 'string' ? { signal: { name, toPath: true } } : { decision: 'approved' as const };
  const answered = node?.type === 'approval' || typeof name === 'string';
  return {
    ...found,
    ...(answered ? { messages: [{ ...sent, afterMs: found.durationMs, messageId: path }] } : {}),
    ...(unknown === undefined ? {} : { unknown: { ...unknown, decision: unknown.decision === 'fail' ? 'done' : unknown.decision } }),
  };
}

function differences(compare: () => readonly string[]): readonly string[] {
  try {
    return compare();
  } catch (error) {
    return [`the planner broke: ${error instanceof Error ? error.message : String(error)}`];
  }
}
