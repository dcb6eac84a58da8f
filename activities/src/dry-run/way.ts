/**
 * One way through a run, by the planner alone. Expressions are evaluated where all that they read is known; every other step gives an unknown value.
 * Where an unknown value decides a port, `choices` says which one this way takes, the same for every item of a loop.
 */
import { kindOf } from '@hub/dag';
import { advance, childPath, itemPath, startRun } from '@hub/dag/planner';
import type { Command, IterationNote, Json, LoopFrame, PendingRow, PlanEvent, PlanNode, ReadRef } from '@hub/dag/planner';
import { isHubError } from '@hub/kit/errors';

import type { DefinitionView, NodeDefinition } from '../platform/definition.ts';
import { pureJob } from '../platform/pure-job.ts';
import { usesOf } from '../platform/uses.ts';
import { pureSteps } from '../steps/pure-steps.ts';
import { Known, overItems, type Value } from './known.ts';
import type { DryRequest, Evaluator } from './types.ts';

/** Items of one loop that are looked at; calls are reckoned up to all of them. */
const maxItems = 50;

export interface NodeFacts {
  ran: boolean;
  passes: boolean;
  sample: boolean;
  calls: number;
  items: number | null;
  perItem: boolean;
  ways: Map<string, boolean>;
  value: Value;
  error: { code: string; message: string } | null;
  ask: { kind: 'approval' | 'signal'; what: string | null } | null;
}

/** What all ways of one dry run may spend together. */
export interface Budget {
  evaluations: number;
  commands: number;
  /** Ms since the epoch. */
  until: number;
}

export class BudgetSpent extends Error {}

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Which field of a kind that waits says what is asked for. */
const asked: Partial<Record<string, { kind: 'approval' | 'signal'; field: string }>> = {
  approval: { kind: 'approval', field: 'title' },
  wait: { kind: 'signal', field: 'signal' },
};

export class Way {
  readonly nodes = new Map<string, NodeFacts>();
  /** Ports that were chosen, in order, with what else there was. */
  readonly decided = new Map<string, { port: string; others: string[] }>();
  status: 'completed' | 'failed' | null = null;
  output: Record<string, Json> | null = null;
  readonly #request: DryRequest;
  readonly #evaluator: Evaluator;
  readonly #choices: ReadonlyMap<string, string>;
  readonly #budget: Budget;
  readonly #view: DefinitionView;
  readonly #plan: Map<string, PlanNode>;
  readonly #known: Known;

  constructor(request: DryRequest, evaluator: Evaluator, choices: ReadonlyMap<string, string>, budget: Budget, view: DefinitionView) {
    this.#request = request;
    this.#evaluator = evaluator;
    this.#choices = choices;
    this.#budget = budget;
    this.#view = view;
    this.#known = new Known(request, view);
    this.#plan = new Map(request.plan.nodes.map((node) => [node.id, node]));
  }

  /** @throws BudgetSpent; what was found until then stands. */
  async go(): Promise<void> {
    const { plan, trigger, samples } = this.#request;
    const given = Object.entries(samples).map(([nodeId, { port }]) => ({ nodeId, port, as: 'pinned' as const }));
    let { state, commands } = startRun(plan, { trigger, given });
    const queue = [...commands];
    for (let command = queue.shift(); command !== undefined; command = queue.shift()) {
      if (--this.#budget.commands < 0 || Date.now() > this.#budget.until) throw new BudgetSpent();
      if (command.kind === 'finish') {
        this.#finish(command);
        return;
      }
      const event = command.kind === 'cancel' ? stopped(queue, command.path) : await this.#do(command);
      if (event === null) continue;
      ({ state, commands } = advance(plan, state, event));
      queue.push(...commands);
    }
  }

  async #do(command: Command): Promise<PlanEvent | null> {
    switch (command.kind) {
      case 'run-step':
        return await this.#step(command);
      case 'park':
        return await this.#park(command);
      case 'open-loop':
        return await this.#open(command);
      case 'check-loop':
        return await this.#check(command);
      case 'close-iteration':
        return await this.#closeIteration(command);
      case 'close-loop':
        return this.#closeLoop(command);
      case 'write-rows':
        for (const row of command.rows) this.#row(row);
        return null;
      default:
        return null;
    }
  }

  async #step({ path, nodeId, frames, reads, sources }: Of<'run-step'>): Promise<PlanEvent> {
    const node = this.#view.node(nodeId);
    const facts = this.#ran(nodeId, frames);
    const pure = pureSteps[node.type];
    if (pure === undefined) {
      if (kindOf(node.type)?.reachesOut === true) facts.calls += this.#known.weightOf(frames);
      return this.#unknown(nodeId, path);
    }
    const seen = this.#known.see(frames, reads, usesOf(node, 'config', node.config), pure.joins === true ? sources : []);
    if (seen === null) return this.#unknown(nodeId, path);
    const outcome = await this.#trying(async () => (await this.#evaluator.run(pureJob({ node, data: seen, sources }))).outcomes.at(-1));
    if ('error' in outcome) return this.#fails(path, facts, outcome.error);
    const { status, port = 'out', outputText, error } = outcome.value ?? {};
    if (status !== 'completed') return this.#fails(path, facts, error ?? { code: 'step.failed', message: 'The step fails.' });
    facts.ways.set(port, true);
    facts.value = outputText ?? 'null';
    this.#known.values.set(path, facts.value);
    return { kind: 'completed', path, port };
  }

  async #park({ path, nodeId, frames, reads }: Of<'park'>): Promise<PlanEvent> {
    const node = this.#view.node(nodeId);
    const facts = this.#ran(nodeId, frames);
    const ask = asked[node.type];
    const part = ask === undefined ? undefined : node.config[ask.field];
    if (ask !== undefined && part !== undefined) {
      const what = await this.#resolved(node, ask.field, part, frames, reads);
      facts.ask = { kind: ask.kind, what: 'error' in what || what.value === null ? null : plain(what.value) };
    }
    if (node.type === 'subworkflow') facts.calls += this.#known.weightOf(frames);
    return this.#unknown(nodeId, path);
  }

  async #open({ path, nodeId, frames, reads }: Of<'open-loop'>): Promise<PlanEvent> {
    const node = this.#view.node(nodeId);
    const facts = this.#ran(nodeId, frames);
    const name = node.type !== 'loop' ? 'forEach' : overItems(node) ? 'items' : 'initial';
    const found = await this.#resolved(node, name, node.config[name] ?? null, frames, reads);
    if ('error' in found) return this.#fails(path, facts, found.error);
    if (name === 'initial') {
      this.#known.initial.set(path, found.value);
      return { kind: 'loop-opened', path, count: 0 };
    }
    if (found.value === null) {
      this.#known.guessed.add(path);
      facts.perItem = true;
      this.#known.items.set(path, [null]);
      return { kind: 'loop-opened', path, count: 1 };
    }
    const value = JSON.parse(found.value) as Json;
    const all = Array.isArray(value) ? value : value === null ? [] : [value];
    const looked = all.slice(0, maxItems).map((item) => JSON.stringify(item));
    this.#known.items.set(path, looked);
    this.#known.weight.set(path, looked.length === 0 ? 1 : all.length / looked.length);
    facts.items = (facts.items ?? 0) + all.length;
    return { kind: 'loop-opened', path, count: looked.length };
  }

  async #check({ path, nodeId, index, frames, reads }: Of<'check-loop'>): Promise<PlanEvent> {
    const node = this.#view.node(nodeId);
    const facts = this.#facts(nodeId);
    const part = node.config['condition'] ?? null;
    const isUntil = node.config['mode'] === 'until';
    const seen = this.#known.see(frames, reads, usesOf(node, 'condition', part), [], isUntil ? index + 1 : index);
    if (seen === null) {
      // Nobody knows how often: looked at once.
      this.#known.guessed.add(path);
      facts.perItem = true;
      return { kind: 'loop-checked', path, index, holds: isUntil || index === 0 };
    }
    const job = { kind: 'condition' as const, data: seen, strict: node.strict, text: JSON.stringify(part) };
    const outcome = await this.#trying(async () => (await this.#evaluator.run(job)) as unknown as { holds: boolean });
    if ('error' in outcome) return this.#fails(path, facts, outcome.error);
    return { kind: 'loop-checked', path, index, holds: outcome.value.holds };
  }

  async #closeIteration({ path, nodeId, index, frames, reads }: Of<'close-iteration'>): Promise<PlanEvent> {
    const node = this.#view.node(nodeId);
    const part = node.config['result'];
    const sink = this.#plan.get(nodeId)?.loop?.sink ?? null;
    const at = itemPath(path, index);
    if (part === undefined) {
      this.#known.results.set(at, sink === null ? 'null' : this.#known.valueAt(childPath(at, sink)));
      return { kind: 'iteration-closed', path, index };
    }
    const found = await this.#resolved(node, 'result', part, frames, reads);
    if ('error' in found) {
      this.#facts(nodeId).error ??= found.error;
      return { kind: 'iteration-closed', path, index, error: { ...found.error, attempt: 1 } };
    }
    this.#known.results.set(at, found.value);
    return { kind: 'iteration-closed', path, index };
  }

  #closeLoop({ path, nodeId, count, sink, notes }: Of<'close-loop'>): PlanEvent {
    const node = this.#view.node(nodeId);
    const facts = this.#facts(nodeId);
    const noted = new Map(notes.map((note) => [note.index, note]));
    const resultOf = (index: number): Value | undefined => {
      const note = noted.get(index);
      if (note !== undefined) return this.#noted(note);
      const at = itemPath(path, index);
      if (this.#known.results.has(at)) return this.#known.results.get(at) ?? null;
      return this.#known.valueAt(sink === null ? at : childPath(at, sink));
    };
    const isPart = this.#known.guessed.has(path) || (this.#known.weight.get(path) ?? 1) !== 1;
    if (isPart) facts.value = null;
    else if (!overItems(node)) facts.value = count === 0 ? (this.#known.initial.get(path) ?? null) : (resultOf(count - 1) ?? null);
    else {
      const parts = Array.from({ length: count }, (_, index) => resultOf(index)).filter((part) => part !== undefined);
      facts.value = parts.includes(null) ? null : `[${parts.join(',')}]`;
    }
    this.#known.values.set(path, facts.value);
    return { kind: 'loop-closed', path };
  }

  /** undefined: the item is dropped. */
  #noted(note: IterationNote): Value | undefined {
    if (note.outcome === 'dropped') return undefined;
    if (note.outcome === 'error') return JSON.stringify({ error: note.error ?? null });
    return note.value === undefined ? 'null' : this.#known.ref(note.value);
  }

  #row({ nodeId, path, status, disabled, pinned, value, error }: PendingRow): void {
    const facts = this.#facts(nodeId);
    if (status !== 'completed') return;
    if (disabled === true) facts.passes = true;
    if (pinned === true) facts.sample = true;
    if (error !== undefined) facts.error ??= { code: error.code, message: error.message };
    if (value === undefined) return;
    facts.value = this.#known.ref(value);
    this.#known.values.set(path, facts.value);
  }

  /** Its output is not known; of several ports this way takes the one that was chosen for the node. */
  #unknown(nodeId: string, path: string): PlanEvent {
    const ports = this.#plan.get(nodeId)?.ports ?? ['out'];
    const [first = 'out'] = ports;
    const port = this.#decided(nodeId, first, ports);
    this.#facts(nodeId).ways.set(port, ports.length < 2);
    this.#known.values.set(path, null);
    return { kind: 'completed', path, port };
  }

  #decided(nodeId: string, first: string, ports: string[]): string {
    if (ports.length < 2) return first;
    const port = this.decided.get(nodeId)?.port ?? this.#choices.get(nodeId) ?? first;
    if (!this.decided.has(nodeId)) this.decided.set(nodeId, { port, others: ports.filter((other) => other !== port) });
    return port;
  }

  #fails(path: string, facts: NodeFacts, { code, message }: { code: string; message: string }): PlanEvent {
    facts.error ??= { code, message };
    return { kind: 'failed', path, error: { code, message: message.slice(0, 500), attempt: 1 } };
  }

  async #resolved(node: NodeDefinition, name: string, part: Json, frames: LoopFrame[], reads: ReadRef[]) {
    const data = this.#known.see(frames, reads, usesOf(node, name, part), []);
    if (data === null) return { value: null };
    const job = { kind: 'resolve' as const, data, strict: node.strict, valueText: JSON.stringify(part), literal: [] };
    return await this.#trying(async () => (await this.#evaluator.run(job)).valueText as Value);
  }

  async #trying<T>(work: () => Promise<T>): Promise<{ value: T } | { error: { code: string; message: string } }> {
    if (--this.#budget.evaluations < 0) throw new BudgetSpent();
    try {
      return { value: await work() };
    } catch (error) {
      if (isHubError(error) && error.kind === 'user') return { error: { code: error.code, message: error.message } };
      throw error;
    }
  }

  #finish({ status, outputs }: Of<'finish'>): void {
    this.status = status === 'completed' ? 'completed' : 'failed';
    const texts = outputs.map(({ name, ref }) => [name, this.#known.ref(ref)] as const);
    if (texts.every(([, text]) => text !== null))
      this.output = Object.fromEntries(texts.map(([name, text]) => [name, JSON.parse(text ?? 'null') as Json]));
  }

  #ran(nodeId: string, frames: LoopFrame[]): NodeFacts {
    const facts = this.#facts(nodeId);
    facts.ran = true;
    if (frames.some(({ path }) => this.#known.guessed.has(path))) facts.perItem = true;
    return facts;
  }

  #facts(nodeId: string): NodeFacts {
    const known = this.nodes.get(nodeId);
    if (known !== undefined) return known;
    const made: NodeFacts = {
      ran: false,
      passes: false,
      sample: false,
      calls: 0,
      items: null,
      perItem: false,
      ways: new Map(),
      value: null,
      error: null,
      ask: null,
    };
    this.nodes.set(nodeId, made);
    return made;
  }
}

/** Work that was commanded and not done yet is simply not done. */
function stopped(queue: Command[], path: string): PlanEvent | null {
  const at = queue.findIndex((command) => 'path' in command && command.path === path && command.kind !== 'cancel');
  if (at < 0) return null;
  queue.splice(at, 1);
  return { kind: 'cancelled', path };
}

function plain(text: string): string {
  const value = JSON.parse(text) as Json;
  return typeof value === 'string' ? value : text;
}
