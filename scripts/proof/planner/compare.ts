/** One seed through the planner and the oracle. */
import { diff, normalise } from '../../oracle/compare.ts';
import { generate, type Generated } from '../../oracle/generate.ts';
import { interpret } from '../../oracle/oracle.ts';
import type { RuleId } from '../../oracle/rules.ts';
import { drive, type PlannerUnderProof } from './drive.ts';

export interface Compared {
  /** Empty where both agree. */
  lines: readonly string[];
  met: Iterable<RuleId>;
}

/** Everything compared: states, ports, values, items, outputs, error, and when each step started. */
export function compareSeed(planner: PlannerUnderProof, seed: number): Compared {
  return compareOne(planner, generate(seed));
}

export function compareOne(planner: PlannerUnderProof, { definition, script, options }: Generated): Compared {
  const expected = interpret(definition, script, options);
  return { lines: differences(() => diff(normalise(expected), normalise(drive(planner, definition, script, options)))), met: expected.met };
}

/**
 * With fused groups, on graphs where nothing depends on which of two came first: the same states, ports and values as the oracle, which knows
 * no groups. Failures are those that are handled, and under `finish` those of the run's own graph. Null where the seed gives no such graph.
 */
export function compareFused(planner: PlannerUnderProof, seed: number): Compared | null {
  const { definition, script, options: started } = generate(seed, { interruptions: false });
  // No time-out either: it too would fall on different steps.
  const options = { ...started, timeoutMs: 1e15 };
  if (definition.nodes.some((node) => node.config['mode'] === 'first')) return null;
  const finishes = definition.settings?.onFailure === 'finish';
  const mayFail = (node: (typeof definition.nodes)[number]): boolean =>
    (node.onError?.mode ?? 'fail') !== 'fail' || (finishes && node.parent === undefined);
  const failing = new Set(definition.nodes.filter(mayFail).map((node) => node.id));
  const isItem = (path: string): boolean => path.endsWith(']');
  const calm = {
    behave: (nodeId: string, path: string) => {
      const found = script.behave(nodeId, path);
      return failing.has(nodeId) && !isItem(path) ? found : { ...found, outcome: 'ok' as const };
    },
  };
  const expected = interpret(definition, calm, options);
  // Which failure came first, and which of two outputs of one name came later, is a matter of time.
  const plain = { ...expected, outputs: {}, error: null };
  const lines = differences(() => {
    const found = drive(planner, definition, calm, options, true);
    return diff(normalise(plain, { starts: false }), normalise({ ...found, outputs: {}, error: null }, { starts: false }));
  });
  return { lines, met: expected.met };
}

function differences(compare: () => readonly string[]): readonly string[] {
  try {
    return compare();
  } catch (error) {
    return [`the planner broke: ${error instanceof Error ? error.message : String(error)}`];
  }
}
