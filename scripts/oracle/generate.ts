// Random valid definitions with a script for each: one seed names one of them, for ever, on every machine.
import { nodeOf, portsOf } from './generate-node.ts';
import type { Flavour } from './generate-node.ts';
import { disturbed } from './generate-run.ts';
import { scriptFor } from './generate-script.ts';
import { randomFor } from './random.ts';
import type { Random } from './random.ts';
import type { Definition, Edge, InterpretOptions, NodeDefinition, RetryRequest, Script, Trigger } from './types.ts';

export interface Generated {
  readonly definition: Definition;
  readonly script: Script;
  /** How the run is started and disturbed: `trigger`, `pinned`, `cancelAt`; pass them to `interpret` as they are. */
  readonly options: InterpretOptions;
  /** The run is retried when it has ended: what is asked, and what the steps do then. */
  readonly retry?: { readonly request: RetryRequest; readonly script: Script };
}

export interface GenerateOptions {
  /** Default true: approvals appear. */
  readonly approvals?: boolean;
  /** Default true: some runs have pinned nodes. */
  readonly pins?: boolean;
  /** Default true: some runs are cancelled, some time out. */
  readonly interruptions?: boolean;
}

const maxNodes = 40;
const deepest = 3;
/** Thirty days: far above what most runs take. */
const generousTimeoutMs = 2_592_000_000;

interface Draft {
  readonly random: Random;
  readonly flavour: Flavour;
  readonly ids: string[];
  readonly nodes: NodeDefinition[];
  readonly edges: Edge[];
  left: number;
}

export function generate(seed: number, options: GenerateOptions = {}): Generated {
  const random = randomFor(seed, 'definition');
  const flavour = flavourOf(random, options);
  const size = random.int(
    ...random.pick<[number, number]>([
      [2, 10],
      [15, 30],
      [10, 25],
      [20, maxNodes],
      [30, maxNodes],
    ]),
  );
  const draft: Draft = { random, flavour, ids: someIds(random), nodes: [], edges: [], left: size };
  fill(draft, undefined, 0, size);
  const triggers = addTriggers(draft);
  const definition: Definition = {
    schemaVersion: 1,
    ...(triggers.length > 0 ? { triggers } : {}),
    nodes: random.shuffled(draft.nodes),
    edges: random.shuffled(draft.edges),
    settings: {
      timeoutMs: generousTimeoutMs,
      onFailure: flavour.onFailure,
      ...(random.chance(0.8) ? { maxParallel: random.pick([1, 2, 2, 3, 3, 4, 5, 7, 10, 20, random.int(1, 20)]) } : {}),
    },
  };
  const script = scriptFor(seed, definition, flavour);
  const trigger = triggers.length > 0 && random.chance(0.6) ? { trigger: random.pick(triggers as [Trigger, ...Trigger[]]).id } : {};
  return disturbed(
    { definition, script, options: trigger },
    { seed, random, pins: options.pins !== false, interruptions: options.interruptions !== false },
  );
}

function flavourOf(random: Random, options: GenerateOptions): Flavour {
  const onFailure = random.pick<'stop' | 'finish'>(['stop', 'finish']);
  const theme = random.weighted({ mixed: 6, waits: 6, rounds: 3.5, further: 1 });
  return {
    onFailure,
    failRate:
      theme === 'rounds' ? random.pick([0, 0, 0.05]) : random.pick(onFailure === 'stop' ? [0, 0, 0.06, 0.12, 0.25] : [0, 0.03, 0.1, 0.25, 0.4]), // `finish` shows with several
    bodyFailRate: theme === 'rounds' ? random.pick([0, 0.08, 0.16]) : random.pick([0, 0.1, 0.25, 0.45]),
    onErrorRate: random.pick([0.1, 0.35, 0.7]),
    disabledRate: random.pick([0, 0.08, 0.25]),
    joinAllRate: random.pick([0.1, 0.35]),
    forEachRate: random.pick([0.3, 0.8]),
    loopWeight: theme === 'rounds' ? 16 : theme === 'waits' ? random.pick([3, 12]) : random.pick([3, 6, 9, 12]),
    mergeWeight: random.pick([4, 8, 12]),
    looseRate: theme === 'waits' ? random.pick([0, 0.6]) : random.pick([0, 0, 0.5]),
    firstLoops: theme === 'rounds' ? random.int(1, 3) : random.pick([0, 0, 1, 2]),
    lockstep: random.chance(0.85),
    approvals: options.approvals !== false,
    waitWeight: theme === 'waits' ? 8 : random.pick([0, 1, 2, 4]),
    furtherWeight: theme === 'further' ? 5 : random.pick([0, 1, 2]),
    roundsRate: theme === 'rounds' ? 0.85 : random.pick([0, 0.2, 0.4]),
    limitRate: random.pick([0, 0.4, 0.7]),
  };
}

/** Ids whose order says nothing about the graph, with digits and underscores so that the kind of ordering matters. */
function someIds(random: Random): string[] {
  const ids = Array.from({ length: maxNodes + 4 }, (_, at) => random.pick(['n', 'n_', 'a', 'step', 'z_']) + String(at));
  return random.shuffled(ids);
}

/** Adds nodes to one scope, each after those its edges come from, so that there is no cycle. */
function fill(draft: Draft, parent: string | undefined, depth: number, count: number): NodeDefinition[] {
  const { random } = draft;
  const scope: NodeDefinition[] = [];
  for (let at = 0; at < count && draft.left > 0; at += 1) {
    draft.left -= 1;
    const id = draft.ids.pop() as string;
    const mayLoop = depth < deepest && draft.left > 0;
    const mustLoop = depth === 0 && at < draft.flavour.firstLoops;
    let node = nodeOf(random, draft.flavour, { id, parent, mayLoop, mayMerge: scope.length > 0, mustLoop });
    if (node.type === 'loop') node = withBody(draft, node, depth);
    const stands = mustLoop || (node.type !== 'merge' && node.onError?.mode !== 'branch' && random.chance(draft.flavour.looseRate));
    if (!stands) connect(draft, scope, node);
    scope.push(node);
  }
  for (const [at, node] of scope.entries()) {
    if (node.onError?.mode === 'branch') scope[at] = withErrorEdge(draft, scope, at, node);
  }
  if (random.chance(0.12)) addTie(draft, scope, parent);
  draft.nodes.push(...scope);
  return scope;
}

function withBody(draft: Draft, loop: NodeDefinition, depth: number): NodeDefinition {
  const body = fill(draft, loop.id, depth + 1, draft.random.int(1, Math.min(6, draft.left)));
  const sinks = body.filter(({ id }) => !draft.edges.some((edge) => edge.from === id));
  const [sink] = sinks;
  if (sink === undefined) throw new Error(`the body of ${loop.id} has no sink`);
  if (sinks.length === 1 && !draft.random.chance(0.1)) return loop;
  return { ...loop, config: { ...loop.config, result: `{{ nodes.${sink.id}.output }}` } };
}

/** Gives the node its incoming edges from earlier nodes of its scope. */
function connect(draft: Draft, scope: readonly NodeDefinition[], node: NodeDefinition): void {
  const { random } = draft;
  const wanted = node.type === 'merge' ? random.pick([1, 2, 3, 3, 4]) : random.pick([0, 1, 1, 1, 1, 1, 1, 2, 2, 3]);
  const near = scope.slice(-8);
  for (const source of random.shuffled(near).slice(0, wanted)) {
    addEdge(draft, source, node);
    if (random.chance(0.06)) addEdge(draft, source, node);
  }
}

function addEdge(draft: Draft, source: NodeDefinition, node: NodeDefinition): void {
  const { random } = draft;
  const ports = portsOf(source);
  const port =
    source.onError?.mode === 'branch' && random.chance(node.type === 'merge' ? 0.7 : 0.4) ? 'error' : random.pick(ports as [string, ...string[]]);
  if (draft.edges.some((edge) => edge.from === source.id && edge.to === node.id && (edge.fromPort ?? 'out') === port)) return;
  const named = port !== 'out' || random.chance(0.15);
  draft.edges.push({ from: source.id, ...(named ? { fromPort: port } : {}), to: node.id });
}

/** `branch` needs an edge from `error`: one is added to a later node, and where there is none the node fails plainly. */
function withErrorEdge(draft: Draft, scope: readonly NodeDefinition[], at: number, node: NodeDefinition): NodeDefinition {
  if (draft.edges.some((edge) => edge.from === node.id && edge.fromPort === 'error')) return node;
  const later = scope.slice(at + 1);
  if (later.length > 0) {
    draft.edges.push({ from: node.id, fromPort: 'error', to: draft.random.pick(later as [NodeDefinition, ...NodeDefinition[]]).id });
    return node;
  }
  const { onError: _branch, ...plain } = node;
  return plain;
}

/** A `first` with two edges that become live in one moment: one straight, one through a disabled node. */
function addTie(draft: Draft, scope: NodeDefinition[], parent: string | undefined): void {
  const source = scope.find((node) => node.type !== 'output' && portsOf(node).includes('out') && !node.disabled && node.onError?.mode !== 'branch');
  const inBody = parent === undefined ? {} : { parent };
  if (source === undefined || draft.left < 2) return;
  const bypass = draft.ids.pop() as string;
  const first = draft.ids.pop() as string;
  draft.left -= 2;
  // A body keeps its sinks as they are known when its loop gets its `result`: fill adds these before that.
  scope.push({ id: bypass, type: 'transform', config: { expression: '1' }, disabled: true, ...inBody });
  scope.push({ id: first, type: 'merge', config: { mode: 'first' }, ...inBody });
  draft.edges.push({ from: source.id, to: bypass }, { from: bypass, to: first }, { from: source.id, to: first });
}

function addTriggers(draft: Draft): Trigger[] {
  const { random } = draft;
  if (!random.chance(0.3)) return random.chance(0.5) ? [{ id: 'manual', type: 'manual' }] : [];
  const kinds = ['schedule', 'webhook', 'api', 'manual'] as const;
  const triggers = Array.from({ length: random.int(1, 3) }, (_, at): Trigger => {
    const type = random.pick(kinds);
    return { id: `t${at}`, type, ...(type === 'schedule' ? { config: { every: '5m' } } : {}) };
  });
  const own = draft.nodes.filter((node) => node.parent === undefined);
  for (const trigger of triggers) {
    for (const node of random.shuffled(own).slice(0, random.int(0, 2))) draft.edges.push({ from: trigger.id, to: node.id });
  }
  return triggers;
}
