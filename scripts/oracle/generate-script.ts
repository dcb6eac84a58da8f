// What the steps of a random graph do: a pure function of the seed and the path.
import { portsOf } from './generate-node.ts';
import type { Flavour } from './generate-node.ts';
import { randomFor } from './random.ts';
import type { Random } from './random.ts';
import type { Behaviour, Definition, NodeDefinition, Script, ScriptedMessage } from './types.ts';

const longestStepMs = 2 ** 26;

export function scriptFor(seed: number, definition: Definition, flavour: Flavour): Script {
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const behave = (nodeId: string, path: string): Behaviour => {
    const node = nodes.get(nodeId);
    if (node === undefined) throw new Error(`no node ${nodeId}`);
    const random = randomFor(seed, path);
    const depth = path.split('[').length - 1;
    const pace = flavour.lockstep ? randomFor(seed, path.replaceAll(/\[\d+\]/g, '')) : random;
    const durationMs = 1 + Math.floor(pace.next() * longestStepMs);
    const isItem = path.endsWith(']');
    const isOpening = !isItem && (node.type === 'loop' || node.config['forEach'] !== undefined);
    const isParked = node.type === 'wait' || node.type === 'approval';
    const handled = !isItem && node.onError !== undefined && node.onError.mode !== 'fail';
    const rate = handled ? 0.45 : isItem ? flavour.bodyFailRate * 1.5 : depth > 0 ? flavour.bodyFailRate : flavour.failRate;
    const together = random.chance(0.85) ? pace : random; // in lockstep, items of a loop often fail in one moment too
    const outcome = together.chance(isOpening || (isParked && !handled) ? rate / 3 : rate) ? 'fail' : 'ok';
    const port = random.pick(portsOf(node) as [string, ...string[]]);
    const items = random.pick(depth === 0 ? [0, 1, 2, 3, 4, 6, 12] : depth === 1 ? [0, 1, 2, 3] : [0, 1, 2]);
    const errorCode = random.pick(['stub.refused', 'stub.broken', 'step.timeout']);
    return {
      durationMs,
      outcome,
      port,
      errorCode,
      ...(isOpening ? { items, ...roundsOf(node, depth, random, rate) } : {}),
      ...(isParked ? { messages: messagesOf(node, path, pace, random) } : {}),
      ...(node.type === 'action' && !isItem && random.chance(0.5) ? { unknown: unknownOf(random) } : {}),
    };
  };
  return { behave };
}

function roundsOf(node: NodeDefinition, depth: number, random: Random, failRate: number): Partial<Behaviour> {
  const { mode } = node.config;
  if (mode !== 'while' && mode !== 'until') return {};
  const least = mode === 'until' ? 1 : 0;
  return {
    rounds: least + random.int(0, depth === 0 ? 4 : depth === 1 ? 3 : 1),
    ...(random.chance(Math.max(0.32, failRate / 2)) ? { checkFailsAt: least + random.int(0, 2) } : {}),
  };
}

/** Most are answered; a few twice, by the same message or by another one. */
function messagesOf(node: NodeDefinition, path: string, pace: Random, random: Random): ScriptedMessage[] {
  const afterMs = 1 + Math.floor(pace.next() * longestStepMs);
  if (!random.chance(node.config['timeout'] === undefined ? 0.9 : 0.6)) return [];
  const name = node.config['signal'];
  if (node.type === 'wait' && typeof name !== 'string') return [];
  const sent =
    typeof name === 'string'
      ? { signal: { name, toPath: random.chance(0.24) } }
      : { decision: random.pick(['approved', 'approved', 'rejected'] as const) };
  const first = { ...sent, afterMs, messageId: path };
  if (!random.chance(0.25)) return [first];
  const messageId = random.chance(0.6) ? path : `${path} again`;
  return [first, { ...first, afterMs: afterMs + random.int(1, longestStepMs), messageId }];
}

function unknownOf(random: Random): NonNullable<Behaviour['unknown']> {
  return { afterMs: random.int(1, longestStepMs), decision: random.pick(['retry', 'retry', 'done', 'fail']) };
}

/** The same steps in a retry: what failed mostly works now; what there is to do stays as it is. */
export function scriptOfRetry(seed: number, script: Script): Script {
  const behave = (nodeId: string, path: string): Behaviour => {
    const before = script.behave(nodeId, path);
    const { checkFailsAt: _checkFailsAt, ...healed } = before;
    return randomFor(seed, `again ${path}`).chance(0.7) ? { ...healed, outcome: 'ok' } : before;
  };
  return { behave };
}
