// How the run of a random graph is started and disturbed: pins, test runs, messages, pauses, cancel, time-out, and a retry when it has ended.
import type { Generated } from './generate.ts';
import { portsOf } from './generate-node.ts';
import { scriptOfRetry } from './generate-script.ts';
import { interpret } from './oracle.ts';
import type { Interpretation } from './oracle.ts';
import type { Random } from './random.ts';
import { upstreamOf } from './start.ts';
import type { Definition, Json, NodeDefinition, RetryRequest, RunMessage, Script } from './types.ts';

interface Chances {
  readonly seed: number;
  readonly random: Random;
  readonly pins: boolean;
  readonly interruptions: boolean;
}

type Disturbance = (run: Generated, random: Random) => Generated;

export function disturbed(plain: Generated, { seed, random, pins, interruptions }: Chances): Generated {
  const { definition } = plain;
  let run = plain;
  if (pins && random.chance(0.225)) run = asTest(run, random);
  else if (pins && random.chance(0.28)) run = withOptions(run, { pinned: pinsOf(random, fitForPins(definition)) });
  const isPlain = run === plain;
  const disturbances: [number, Disturbance][] = [
    [0.8, withMessages],
    [0.46, withPauses],
    [0.4, interrupted],
  ];
  for (const [probability, disturb] of interruptions ? disturbances : []) if (random.chance(probability)) run = disturb(run, random);
  run = comingToAnEnd(run, random);
  const isHalfDone = [...outcomeOf(run).overItems].some(([path, items]) => !path.includes('[') && items.length > 0 && !run.options.pinned);
  return isPlain && random.chance(isHalfDone ? 0.98 : 0.25)
    ? { ...run, retry: { request: requestOf(run, random), script: scriptOfRetry(seed, run.script) } }
    : run;
}

function outcomeOf({ definition, script, options }: Generated): Interpretation {
  return interpret(definition, script, options);
}

function withOptions(run: Generated, options: Generated['options']): Generated {
  return { ...run, options: { ...run.options, ...options } };
}

/** Not: outputs and `first`, where 03 leaves open when a pinned one counts; disabled nodes, which would be both. */
function fitForPins({ nodes }: Definition): NodeDefinition[] {
  return nodes.filter((node) => !node.disabled && node.type !== 'output' && node.type !== 'respond' && node.config['mode'] !== 'first');
}

function pinsOf(random: Random, fitting: readonly NodeDefinition[]): { readonly [nodeId: string]: Json } {
  const chosen = random.shuffled(fitting).slice(0, random.int(1, 5));
  return Object.fromEntries(chosen.map((node) => [node.id, givenOutput(random, node)]));
}

/** An output that fits the node's ports. */
function givenOutput(random: Random, node: NodeDefinition): Json {
  if (node.type === 'condition') return { result: random.chance(0.5) };
  if (node.type === 'switch') return { port: random.pick(portsOf(node) as [string, ...string[]]) };
  if (node.type === 'approval') return { decision: random.pick(['approved', 'rejected']) };
  return { given: node.id };
}

/** Pins only upstream: of others 03 says both that they are skipped and that they are completed. */
function asTest(run: Generated, random: Random): Generated {
  const own = run.definition.nodes.filter((node) => node.parent === undefined && !node.disabled);
  const late = own.filter(({ id }) => upstreamOf(run.definition, id).size > random.int(0, 3));
  const target = random.pick((late.length > 0 ? late : own) as [NodeDefinition, ...NodeDefinition[]]);
  if (target === undefined) return run;
  const upstream = upstreamOf(run.definition, target.id);
  const fitting = fitForPins(run.definition).filter(({ id }) => upstream.has(id));
  const pinned = fitting.length > 0 && random.chance(0.9) ? { pinned: pinsOf(random, fitting) } : {};
  return withOptions(run, { ...(random.chance(0.45) ? { only: target.id } : { upTo: target.id }), ...pinned });
}

/** Signals and answers that come whatever waits then, most of them early. */
function withMessages(run: Generated, random: Random): Generated {
  const { endedAtMs, starts } = outcomeOf(run);
  const paths = [...starts.map(([, path]) => path), ...run.definition.nodes.map(({ id }) => id)];
  const ofType = (type: string): string[] =>
    paths.filter((path) => run.definition.nodes.some((node) => node.type === type && path.split('.').at(-1) === node.id));
  const approvals = ofType('approval');
  const waits = ofType('wait');
  const messages = Array.from({ length: random.int(1, 4) }, (_, index): RunMessage => {
    const at = random.int(1, Math.max(2, Math.floor(endedAtMs * random.pick([0.02, 0.1, 0.3, 1]))));
    const messageId = `early ${random.chance(0.2) ? 0 : index}`;
    if (approvals.length > 0 && random.chance(0.5)) {
      return { at, messageId, path: random.pick(approvals as [string, ...string[]]), decision: random.pick(['approved', 'rejected']) };
    }
    const toPath = waits.length > 0 && random.chance(0.3) ? { path: random.pick(waits as [string, ...string[]]) } : {};
    return { at, messageId, signal: random.pick(['paid', 'paid', 'paid', 'sent']), ...toPath };
  });
  return withOptions(run, { messages });
}

function withPauses(run: Generated, random: Random): Generated {
  const { endedAtMs, waited, timersAt } = outcomeOf(run);
  const pauses: { at: number; until: number }[] = [];
  let from = 0;
  for (let count = random.int(1, 2); count > 0 && endedAtMs > from + 2; count -= 1) {
    const at = from === 0 && waited.length > 0 && random.chance(0.9) ? within(random, waited) : random.int(from + 1, endedAtMs - 1);
    const until = at + random.int(1, Math.max(2, Math.floor(endedAtMs * random.pick([0.5, 1]))));
    const [timer] = random.shuffled(timersAt.filter((each) => each > from + 2));
    if (timer !== undefined && random.chance(0.7))
      pauses.push({ at: random.int(Math.max(from + 1, Math.floor(timer * 0.8)), timer - 1), until: timer + random.int(1, 2 ** 25) });
    else pauses.push({ at, until });
    from = pauses.at(-1)?.until ?? until;
  }
  // Of a limit that comes due in a pause 03 does not say whether what it stops comes before or after what the pause held back.
  const unlimited = run.definition.nodes.map(({ timeoutMs: _timeoutMs, ...node }) => node);
  // Nor which of several conditions that due timers make due at the resume is answered first, so none of them fails its loop.
  const isDue = timersAt.some((timer) => pauses.some(({ at, until }) => timer > at && timer <= until));
  const inRounds = unlimited.filter((node) => node.config['maxIterations'] !== undefined);
  const several = isDue && (inRounds.length > 1 || inRounds.some((node) => node.parent !== undefined));
  const nodes = unlimited.map((node) => (several && inRounds.includes(node) ? { ...node, config: { ...node.config, onMax: 'continue' } } : node));
  // Nor what becomes of a condition that fails while its loop is being cancelled.
  const behave: Script['behave'] = (nodeId, path) => {
    const { checkFailsAt: _checkFailsAt, ...behaviour } = run.script.behave(nodeId, path);
    return behaviour;
  };
  // Nor whether what a due timer's failure sets free gets a place before what the pause held back, so there is room (20 by default).
  const { maxParallel: _maxParallel, ...settings } = run.definition.settings ?? {};
  return withOptions({ ...run, definition: { ...run.definition, nodes, settings }, script: { behave } }, { pauses });
}

/** Cancelled, or timed out, somewhere before its own end. */
function interrupted(run: Generated, random: Random): Generated {
  const { endedAtMs, activeMs, waited } = outcomeOf(run);
  if (endedAtMs < 2) return run;
  const [pause] = run.options.pauses ?? [];
  if (pause !== undefined && pause.until > pause.at + 2 && random.chance(0.4)) {
    return withOptions(run, { cancelAt: random.int(pause.at + 1, pause.until - 1) });
  }
  if (waited.length > 0 && random.chance(0.25)) return withOptions(run, { cancelAt: within(random, waited) });
  if (random.chance(waited.length > 0 ? 0.3 : 0.45) || activeMs < 2) return withOptions(run, { cancelAt: random.int(1, endedAtMs - 1) });
  const timeoutMs = waited.length > 0 ? random.int(Math.ceil(activeMs / 2), activeMs - 1) : random.int(1, activeMs - 1);
  return { ...run, definition: { ...run.definition, settings: { ...run.definition.settings, timeoutMs } } };
}

function within(random: Random, spans: Interpretation['waited']): number {
  const [from, to] = random.pick(spans as [(typeof spans)[number], ...typeof spans]);
  return random.int(from + 1, Math.max(from + 1, to - 1));
}

/** Sends what is still waited for, and cancels what waits even then. */
function comingToAnEnd(plain: Generated, random: Random): Generated {
  let run = plain;
  const rounds = random.int(0, 6);
  for (let round = 0; round <= rounds; round += 1) {
    const { status, waitingFor, endedAtMs } = outcomeOf(run);
    if (status !== 'waiting') return run;
    if (round === rounds) return withOptions(run, { cancelAt: endedAtMs + random.int(1, 2 ** 26) });
    const messages = waitingFor.map(({ path, nodeId }, index): RunMessage => {
      const node = run.definition.nodes.find(({ id }) => id === nodeId);
      const at = endedAtMs + random.int(1, 2 ** 24);
      const messageId = `late ${round} ${index}`;
      const signal = node?.config['signal'];
      if (typeof signal !== 'string') return { at, messageId, path, decision: random.pick(['approved', 'rejected']) };
      return { at, messageId, signal, ...(random.chance(0.4) ? { path } : {}) };
    });
    run = withOptions(run, { messages: [...(run.options.messages ?? []), ...messages] });
  }
  return run;
}

function requestOf(run: Generated, random: Random): RetryRequest {
  const { nodes } = run.definition;
  const outcome = outcomeOf(run);
  const own = nodes.filter((node) => node.parent === undefined);
  const rounds = own.some(
    ({ id, config }) => config['condition'] !== undefined && outcome.overItems.get(id)?.length && outcome.nodes.get(id)?.status !== 'completed',
  );
  if (rounds && random.chance(0.85)) return {};
  const kind = random.weighted({ plain: 5, from: 2, iteration: 4, outputs: 2 });
  const inLoops = [...outcome.overItems].filter(([path, items]) => items.length > 1 && own.some(({ id, type }) => id === path && type === 'loop'));
  if (kind === 'iteration' && inLoops.length > 0) {
    const [path, items] = random.pick(inLoops as [(typeof inLoops)[number], ...typeof inLoops]);
    const body = nodes.filter(({ parent }) => parent === path) as [NodeDefinition, ...NodeDefinition[]];
    return { fromNode: random.pick(body).id, iteration: random.pick(items.map(({ index }) => index) as [number, ...number[]]) };
  }
  if (kind === 'from') return { fromNode: random.pick(nodes as [NodeDefinition, ...NodeDefinition[]]).id };
  const open = fitForPins(run.definition).filter((node) => node.parent === undefined && outcome.nodes.get(node.id)?.status !== 'completed');
  return kind === 'outputs' && open.length > 0 ? { outputs: pinsOf(random, open) } : {};
}
