/** What publish refuses, all at once (03, Meaning 13), and what it only warns of. */
import { graphFaults, graphWarnings } from './check-graph.ts';
import { nodeFaults, shapesOf } from './check-node.ts';
import { compile } from './compile.ts';
import type { Definition } from './definition.ts';
import { DefinitionError, type Fault } from './faults.ts';
import { graphOf, type Graph } from './graph.ts';
import { kindOf } from './kinds/index.ts';
import { readsOf } from './node-reads.ts';
import { own, pointer } from './pointer.ts';
import type { CheckPorts } from './ports.ts';
import { findSecrets } from './secrets.ts';
import { settingsSchema } from './settings.ts';
import { triggerKinds } from './triggers.ts';

export interface Checked {
  faults: Fault[];
  warnings: Fault[];
}

/** Checks a definition that has the format's shape (`parseDefinition`). Never throws; takes milliseconds for hundreds of nodes. */
export function checkDefinition(definition: Definition, ports: CheckPorts): Checked {
  const graph = graphOf(definition);
  const nodes = definition.nodes.map((node, at) => expressionFaults(node, at, graph, ports));
  const faults = [
    ...graphFaults(definition, graph),
    ...definition.nodes.flatMap((node, at) => nodeFaults(definition, node, at, ports)),
    ...nodes.flatMap((found) => found.faults),
    ...triggerFaults(definition),
    ...settingsFaults(definition),
    ...inputFaults(definition, ports),
    ...findSecrets(definition),
  ];
  if (faults.length === 0) faults.push(...planFaults(definition, ports));
  const warnings = [
    ...graphWarnings(definition, graph),
    ...nodes.flatMap((found) => found.warnings),
    ...cacheWarnings(definition),
    ...modelWarnings(definition, ports),
  ];
  return { faults, warnings };
}

function expressionFaults(node: Definition['nodes'][number], at: number, graph: Graph, ports: CheckPorts): Checked {
  if (graph.at.get(node.id) !== at) return { faults: [], warnings: [] };
  const { faults, warnings } = readsOf(node, graph, ports);
  const placed = (fault: { path: string; code: string; message: string }): Fault => ({
    ...fault,
    path: pointer('nodes', at) + fault.path,
    nodeId: node.id,
  });
  return { faults: faults.map(placed), warnings: warnings.map(placed) };
}

function triggerFaults(definition: Definition): Fault[] {
  return (definition.triggers ?? []).flatMap((trigger, at) => {
    const path = pointer('triggers', at);
    const kind = triggerKinds.get(trigger.type);
    if (!kind)
      return [
        {
          path: `${path}/type`,
          code: 'trigger.unknown-type',
          message: `There is no trigger type "${trigger.type}". Known: ${[...triggerKinds.keys()].join(', ')}.`,
        },
      ];
    return shapesOf(kind.schema, trigger.config ?? {}, `${path}/config`, 'trigger.config');
  });
}

function settingsFaults(definition: Definition): Fault[] {
  return shapesOf(settingsSchema, definition.settings ?? {}, '/settings', 'settings.invalid');
}

function inputFaults(definition: Definition, ports: CheckPorts): Fault[] {
  const { inputs } = definition;
  if (inputs === undefined) return [];
  const type = own(inputs, 'type');
  if (type !== undefined && type !== 'object')
    return [{ path: '/inputs/type', code: 'inputs.schema', message: 'The input of a run is an object: set "type" to "object".' }];
  const fault = ports.schemaFault?.(inputs) ?? null;
  return fault === null ? [] : [{ path: '/inputs', code: 'inputs.schema', message: `This JSON Schema cannot be used: ${fault}` }];
}

/** Not refused: a provider or model may come later. */
function modelWarnings(definition: Definition, ports: CheckPorts): Fault[] {
  return definition.nodes.flatMap((node, at) => {
    const model = node.type === 'prompt' ? own(node.config, 'model') : undefined;
    const warning = typeof model === 'string' && !model.includes('{{') ? ports.modelWarning?.(model) : null;
    return warning ? [{ path: pointer('nodes', at, 'config', 'model'), ...warning, nodeId: node.id }] : [];
  });
}

function cacheWarnings(definition: Definition): Fault[] {
  return definition.nodes.flatMap((node, at) =>
    node.cache && kindOf(node.type)?.caches === undefined
      ? [
          {
            path: pointer('nodes', at, 'cache'),
            code: 'node.cache-unused',
            message: `A ${node.type} step never takes its output from the cache: it runs each time. Remove cache, or put it on the step that reads or asks a model.`,
            nodeId: node.id,
          },
        ]
      : [],
  );
}

function planFaults(definition: Definition, ports: CheckPorts): Fault[] {
  try {
    compile(definition, ports, { workflowName: 'x'.repeat(200), definitionHash: 'x'.repeat(64) });
    return [];
  } catch (error) {
    if (error instanceof DefinitionError) return [{ path: '/nodes', code: error.code, message: error.message }];
    throw error;
  }
}
