/** What a test of the draft would do, reckoned in the browser: the planner and the expressions of the server, nothing executed. Loaded when asked for. */
import { dryRun, type DryRun } from '@hub/activities/dry-run';
import { evaluatorHere } from '@hub/activities/dry-run-here';
import { compile, type Definition, type Fault, graphOf, outputPort } from '@hub/dag';
import { type Json, startTrigger } from '@hub/dag/planner';
import { connectorPorts } from './check-connectors.ts';
import { checkWith, portsWith } from './check.ts';

export type Looked = { faults: Fault[] } | { found: DryRun };

export interface DryPlace {
  definition: Definition;
  workflowName: string;
  input: Record<string, Json>;
  pins: Record<string, Json>;
  /** Null: could not be read. */
  vars: Record<string, Json> | null;
}

/** Defaults of `inputs`, as a start fills them in. */
function withDefaults(inputs: unknown, input: Record<string, Json>): Record<string, Json> {
  const properties = (inputs as { properties?: Record<string, { default?: Json }> } | undefined)?.properties ?? {};
  const usual = Object.entries(properties).flatMap(([name, schema]) => (schema.default === undefined ? [] : [[name, schema.default] as const]));
  return { ...Object.fromEntries(usual), ...input };
}

/** Faults where the draft could not run. */
export async function lookAhead({ definition, workflowName, input, pins, vars }: DryPlace): Promise<Looked> {
  const faults = checkWith(definition, connectorPorts).faults.filter(({ path }) => !path.startsWith('/triggers'));
  if (faults.length > 0) return { faults };
  const plan = compile(definition, portsWith(connectorPorts), { workflowName, definitionHash: '', fuse: false });
  const graph = graphOf(definition);
  const samples = Object.entries(pins).flatMap(([id, value]) => {
    const node = graph.node.get(id);
    const port = node ? outputPort(node, value) : null;
    return port === null ? [] : [[id, { value, port }] as const];
  });
  const trigger = startTrigger(plan.triggers);
  const type = plan.triggers.find(({ id }) => id === trigger)?.type ?? 'manual';
  const found = await dryRun(
    {
      definition: definition as unknown as Json,
      plan,
      input: withDefaults(definition.inputs, input),
      trigger,
      triggerFacts: { type, id: trigger, at: new Date().toISOString() },
      workflowName,
      vars,
      samples: Object.fromEntries(samples),
    },
    evaluatorHere,
  );
  return { found };
}
