/**
 * Dry run: what a run would do, by the planner alone. Nothing is executed, nobody is called, nothing is stored; only expressions are evaluated, by the
 * evaluator it is given. Where a port depends on what nobody knows before the run, every way is looked at. It runs in the browser too.
 */
import type { Plan, PlanNode } from '@hub/dag/planner';

import { DefinitionView } from '../platform/definition.ts';
import { own } from '../values/json.ts';
import type { DryNode, DryRequest, DryRun, DryState, Evaluator } from './types.ts';
import { type Budget, BudgetSpent, type NodeFacts, Way } from './way.ts';

export type { DryNode, DryRequest, DryRun, DryState, Evaluator } from './types.ts';

/** What one dry run may spend; beyond it the answer says that it is not complete. */
const most = { ways: 64, evaluations: 2_000, commands: 50_000, ms: 8_000 };
const shownChars = 2_000;

/** @throws what the evaluator throws that is no fault of an expression. */
export async function dryRun(asked: DryRequest, evaluator: Evaluator): Promise<DryRun> {
  const request = { ...asked, plan: itemByItem(asked.plan) };
  const budget: Budget = { evaluations: most.evaluations, commands: most.commands, until: Date.now() + most.ms };
  const view = new DefinitionView(request.definition);
  const open: Map<string, string>[] = [new Map()];
  const ways: Way[] = [];
  let isSpent = false;
  while (open.length > 0 && ways.length < most.ways && !isSpent) {
    const choices = open.pop() ?? new Map<string, string>();
    const way = new Way(request, evaluator, choices, budget, view);
    ways.push(way);
    try {
      await way.go();
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error;
      isSpent = true;
    }
    open.push(...turnings(way, choices));
  }
  return summed(request, ways, !isSpent && open.length === 0);
}

/** No items that share an activity either: each is looked at alone. */
function itemByItem(plan: Plan): Plan {
  const alone = (node: PlanNode): PlanNode => {
    if (node.loop?.step === undefined) return node;
    const { step: _step, ...loop } = node.loop;
    return { ...node, loop };
  };
  return { ...plan, nodes: plan.nodes.map(alone) };
}

/** The ways that leave this one at a port that it chose by itself. */
function turnings(way: Way, choices: ReadonlyMap<string, string>): Map<string, string>[] {
  const found: Map<string, string>[] = [];
  const before = new Map(choices);
  for (const [nodeId, { port, others }] of way.decided) {
    if (!choices.has(nodeId)) for (const other of others) found.push(new Map([...before, [nodeId, other]]));
    before.set(nodeId, port);
  }
  return found;
}

function summed(request: DryRequest, ways: Way[], complete: boolean): DryRun {
  const nodes = asDrawn(request).map(({ id, label, type }): DryNode => {
    const facts = ways.map((way) => way.nodes.get(id));
    const calls = facts.map((one) => Math.ceil(one?.calls ?? 0));
    const taken = new Map<string, boolean>();
    for (const one of facts) for (const [port, known] of one?.ways ?? []) taken.set(port, known);
    const sample = request.samples[id];
    if (sample !== undefined && facts.some((one) => one?.sample)) taken.set(sample.port, true);
    return {
      nodeId: id,
      label,
      type,
      state: stateOf(facts),
      calls: { min: Math.min(...calls), max: Math.max(...calls) },
      items: facts.find((one) => one?.items !== null && one !== undefined)?.items ?? null,
      perItem: facts.some((one) => one?.perItem === true),
      ways: [...taken].map(([port, known]) => ({ port, known })),
      outputText: sameOf(facts),
      error: facts.find((one) => one !== undefined && one.error !== null)?.error ?? null,
    };
  });
  const asks = nodes.flatMap(({ nodeId, label, state }) => {
    const ask = ways.map((way) => way.nodes.get(nodeId)?.ask ?? null).find((one) => one !== null);
    return ask === undefined ? [] : [{ nodeId, label, ...ask, maybe: state === 'maybe' }];
  });
  const sums = ways.map((way) => Math.ceil([...way.nodes.values()].reduce((sum, { calls }) => sum + calls, 0)));
  const [first] = ways;
  const statuses = new Set(ways.map(({ status }) => status));
  return {
    status: statuses.size === 1 && first !== undefined && first.status !== null ? first.status : 'depends',
    complete,
    ways: ways.length,
    nodes,
    asks,
    calls: { min: Math.min(...sums), max: Math.max(...sums), perItem: nodes.some(({ perItem, calls }) => perItem && calls.max > 0) },
    output: ways.length === 1 && complete ? (first?.output ?? null) : null,
  };
}

/** In the order of the definition; the plan has them by id. */
function asDrawn({ definition, plan }: DryRequest): PlanNode[] {
  const drawn = own(definition, 'nodes');
  const place = new Map((Array.isArray(drawn) ? drawn : []).map((node, at) => [String(own(node, 'id')), at]));
  return plan.nodes.toSorted((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
}

function stateOf(facts: (NodeFacts | undefined)[]): DryState {
  const states = new Set(facts.map((one): DryState => (one?.sample ? 'sample' : one?.passes ? 'passes' : one?.ran === true ? 'runs' : 'skipped')));
  const [only = 'skipped'] = states;
  return states.size === 1 ? only : 'maybe';
}

/** What it gives on every way on which it runs, where that is the same. */
function sameOf(facts: (NodeFacts | undefined)[]): string | null {
  const texts = new Set(facts.flatMap((one) => (one !== undefined && (one.ran || one.sample || one.passes) ? [one.value] : [])));
  const [only = null] = texts;
  return texts.size === 1 && only !== null && only.length <= shownChars ? only : null;
}
