// One random node, with a config that 03 accepts.
import type { Random } from './random.ts';
import type { Json, NodeDefinition, NodeType, OnError } from './types.ts';

/** How one graph leans; drawn once a graph, so that graphs differ more than nodes do. */
export interface Flavour {
  readonly onFailure: 'stop' | 'finish';
  readonly failRate: number;
  readonly bodyFailRate: number;
  readonly onErrorRate: number;
  readonly disabledRate: number;
  readonly joinAllRate: number;
  readonly forEachRate: number;
  readonly loopWeight: number;
  readonly mergeWeight: number;
  /** Iterations of a loop take equally long, so that what they do falls into one moment. */
  readonly lockstep: boolean;
  readonly approvals: boolean;
  /** Of waits, approvals and subworkflows. */
  readonly waitWeight: number;
  readonly furtherWeight: number;
  /** How many nodes have no incoming edges, so that they surely run. */
  readonly looseRate: number;
  /** How many loops stand first, without incoming edges. */
  readonly firstLoops: number;
  /** How many of the loops run by a condition. */
  readonly roundsRate: number;
  /** How many loops and subworkflows have a `timeoutMs`. */
  readonly limitRate: number;
}

export interface Place {
  readonly id: string;
  readonly parent: string | undefined;
  readonly mayLoop: boolean;
  readonly mayMerge: boolean;
  readonly mustLoop: boolean;
}

export function nodeOf(random: Random, flavour: Flavour, { id, parent, mayLoop, mayMerge, mustLoop }: Place): NodeDefinition {
  const drawn = random.weighted<NodeType>({
    data_source: 3,
    action: 4,
    prompt: 2,
    transform: 2,
    code: 1,
    condition: 4,
    switch: 4,
    merge: mayMerge ? flavour.mergeWeight : 0,
    loop: mayLoop ? flavour.loopWeight : 0,
    output: parent === undefined ? 6 : 0,
    approval: flavour.approvals ? flavour.waitWeight : 0,
    wait: flavour.waitWeight,
    subworkflow: flavour.waitWeight,
    evaluate: flavour.furtherWeight,
    notify: flavour.furtherWeight / 2,
    batch_prompt: flavour.furtherWeight / 2,
    respond: parent === undefined ? flavour.furtherWeight * 0.8 : 0,
  });
  const type = mustLoop && mayLoop ? 'loop' : drawn;
  const config = configOf(random, flavour, type);
  const disabled = random.chance(flavour.disabledRate);
  const limited = (type === 'loop' || (type === 'subworkflow' && config['wait'] !== false)) && random.chance(flavour.limitRate);
  const join = type === 'merge' && config['mode'] === 'first' ? undefined : joinOf(random, flavour);
  const node = { id, type, config, ...(parent === undefined ? {} : { parent }), ...(join === undefined ? {} : { join }) };
  const onError = random.chance(flavour.onErrorRate) ? onErrorOf(random, node) : undefined;
  const timeoutMs = limited ? { timeoutMs: random.int(1, 2 ** random.int(22, 26)) } : {};
  return { ...node, ...timeoutMs, ...(disabled ? { disabled } : {}), ...(onError === undefined ? {} : { onError }) };
}

/** The ports of a node but `error`. */
export function portsOf(node: NodeDefinition): readonly string[] {
  if (node.type === 'condition') return ['true', 'false'];
  const timeout = node.config['timeout'] === undefined ? [] : ['timeout'];
  if (node.type === 'approval') return ['approved', 'rejected', ...timeout];
  if (node.type === 'wait') return ['out', ...timeout];
  if (node.type === 'evaluate') return node.config['gate'] === undefined ? ['out'] : ['out', 'failed'];
  if (node.type === 'switch') return [...(node.config['cases'] as readonly { readonly port: string }[]).map(({ port }) => port), 'default'];
  return ['out'];
}

function joinOf(random: Random, flavour: Flavour): 'any' | 'all' | undefined {
  if (random.chance(flavour.joinAllRate)) return 'all';
  return random.chance(0.1) ? 'any' : undefined;
}

function onErrorOf(random: Random, node: NodeDefinition): OnError {
  const hasOut = portsOf(node).includes('out'); // `continue` is refused on the others
  const mode = random.weighted({ fail: 1, continue: hasOut ? 4 : 0, fallback: hasOut ? 3 : 5, branch: 4 });
  if (mode !== 'fallback') return { mode };
  if (node.type === 'condition') return { mode, value: { result: random.chance(0.5) } };
  if (node.type === 'switch') return { mode, value: { port: random.pick(portsOf(node) as [string, ...string[]]) } };
  if (node.type === 'approval') return { mode, value: { decision: 'rejected' } };
  return { mode, value: { fallback: node.id } };
}

type Config = { readonly [key: string]: Json };

function configOf(random: Random, flavour: Flavour, type: NodeType): Config {
  const request = (method: string): Config => ({ connector: 'http', action: 'request', params: { method, url: 'http://stub.test/x' } });
  const always = { expression: 'true' };
  switch (type) {
    case 'data_source':
      return { ...request('GET'), ...forEachOf(random, flavour) };
    case 'action':
      return { ...request('POST'), ...forEachOf(random, flavour) };
    case 'prompt':
      return { model: 'demo/echo', messages: [{ role: 'user', content: 'x' }], ...forEachOf(random, flavour) };
    case 'transform':
      return { expression: '1' };
    case 'code':
      return { source: 'return 1' };
    case 'condition':
      return always;
    case 'switch':
      return { cases: ['low', 'mid', 'high'].slice(0, random.int(1, 3)).map((port) => ({ port, when: always })) };
    case 'merge':
      return mergeConfigOf(random);
    case 'loop':
      return random.chance(flavour.roundsRate) ? roundsConfigOf(random) : { mode: 'for_each', items: '{{ input.items }}', ...itemsConfigOf(random) };
    case 'output':
      return { name: random.pick(['report', 'total', 'score']), value: 'x' };
    case 'approval':
      return { title: 'Go on?', ...(random.chance(0.4) ? { timeout: someDuration(random) } : {}) };
    case 'wait':
      return waitConfigOf(random);
    case 'subworkflow':
      return { workflowId: '019a0000-0000-7000-8000-000000000001', input: {}, ...(random.chance(0.3) ? { wait: random.chance(0.2) } : {}) };
    case 'evaluate':
      return { scorers: [{ type: 'contains', value: 'a' }], ...(random.chance(0.6) ? { gate: { minScore: 0.5 } } : {}) };
    case 'notify':
      return { channel: 'email', to: ['a@example.com'], subject: 's', body: 'b' };
    case 'respond':
      return { body: 'x' };
    case 'batch_prompt':
      return { model: 'demo/echo', items: '{{ input.items }}', messages: [{ role: 'user', content: 'x' }] };
  }
}

function mergeConfigOf(random: Random): Config {
  const mode = random.pick(['append', 'append', 'append', 'append', 'object', 'object', 'combine', 'combine', 'first', 'first']);
  return mode === 'combine' ? { mode, key: 'id' } : { mode };
}

function forEachOf(random: Random, flavour: Flavour): Config {
  return random.chance(flavour.forEachRate) ? { forEach: '{{ input.items }}', ...itemsConfigOf(random) } : {};
}

function itemsConfigOf(random: Random): Config {
  return {
    ...(random.chance(0.6) ? { concurrency: random.pick([1, 2, 2, 3, 4, 6, 20]) } : {}),
    ...(random.chance(0.75) ? { onItemError: random.pick(['fail', 'skip', 'skip', 'collect', 'collect']) } : {}),
  };
}

/** Two names only, so that several waits wait for one signal. */
function waitConfigOf(random: Random): Config {
  const kind = random.weighted({ for: 3, until: 1, signal: 6 });
  if (kind === 'for') return { for: someDuration(random) };
  if (kind === 'until') return { until: '{{ input.at }}' };
  return {
    signal: random.pick(['paid', 'paid', 'paid', 'paid', 'sent']),
    ...(random.chance(0.2) ? { key: '{{ input.key }}' } : {}),
    ...(random.chance(0.4) ? { timeout: someDuration(random) } : {}),
  };
}

function roundsConfigOf(random: Random): Config {
  return {
    mode: random.pick(['while', 'until']),
    condition: { expression: 'true' },
    ...(random.chance(0.75) ? { maxIterations: random.pick([1, 1, 2, 2, 3, 4]) } : {}),
    ...(random.chance(0.65) ? { onMax: random.pick(['fail', 'continue', 'continue', 'continue']) } : {}),
    ...(random.chance(0.6) ? { initial: 'begin' } : {}),
  };
}

function someDuration(random: Random): string {
  return random.chance(0.8) ? `${random.int(1, 2 ** random.int(22, 27))}ms` : random.pick(['30s', '5m', '2h', '1d']);
}
