/** One node's own rules of publish: fields, config, connector, failure handling. */
import type { Definition, DefinitionNode } from './definition.ts';
import type { Fault } from './faults.ts';
import { kindOf } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import { limits } from './limits.ts';
import { own, pointer } from './pointer.ts';
import type { CheckPorts } from './ports.ts';
import { cacheSchema, onErrorSchema, retrySchema } from './settings.ts';
import { shapeFaults } from './zod-faults.ts';
import type { z } from 'zod';

/** Every fault of one node but those of its expressions and edges. */
export function nodeFaults(definition: Definition, node: DefinitionNode, at: number, ports: CheckPorts): Fault[] {
  const path = pointer('nodes', at);
  const nodeId = node.id;
  const kind = kindOf(node.type);
  if (!kind) return [{ path: `${path}/type`, code: 'node.unknown-type', message: `There is no node type "${node.type}".`, nodeId }];
  const later = notYetFaults(kind, node, path);
  const config = shapesOf(kind.schema(node.config), node.config, `${path}/config`, 'node.config', nodeId);
  const own_ = kind.check?.(node.config, ports).map((fault) => ({ ...fault, path: `${path}/config${fault.path}`, nodeId })) ?? [];
  return [...later, ...fieldFaults(node, kind, path), ...config, ...own_, ...errorFaults(definition, node, kind, path)];
}

function notYetFaults(kind: Kind, node: DefinitionNode, path: string): Fault[] {
  const nodeId = node.id;
  if (!kind.runs) {
    const message = `Nodes of type ${node.type} cannot be run by this version yet. Keep the workflow as a draft, disable nothing and wait for the update, or use another node.`;
    return [{ path: `${path}/type`, code: 'node.not-supported-yet', message, nodeId }];
  }
  return (kind.fieldsNotYet ?? [])
    .filter((field) => Object.hasOwn(node.config, field))
    .map((field) => ({
      path: `${path}/config/${field}`,
      code: 'node.not-supported-yet',
      message: `"${field}" cannot be run by this version yet. Remove it to publish.`,
      nodeId,
    }));
}

function fieldFaults(node: DefinitionNode, kind: Kind, path: string): Fault[] {
  const nodeId = node.id;
  const faults: Fault[] = [];
  const long = [
    ['label', limits.labelChars],
    ['notes', limits.notesChars],
  ] as const;
  for (const [field, most] of long) {
    if ((node[field]?.length ?? 0) > most)
      faults.push({ path: `${path}/${field}`, code: 'node.text-too-long', message: `At most ${most} characters.`, nodeId });
  }
  const most = kind.work === 'loop' || kind.work === 'park' ? limits.runTimeoutMs : limits.stepTimeoutMs;
  if (node.timeoutMs !== undefined && !(Number.isInteger(node.timeoutMs) && node.timeoutMs >= 1 && node.timeoutMs <= most)) {
    faults.push({
      path: `${path}/timeoutMs`,
      code: 'node.timeout',
      message: `timeoutMs is a whole number of milliseconds from 1 to ${most}.`,
      nodeId,
    });
  }
  if (node.retry !== undefined && !kind.mayRetry) {
    faults.push({
      path: `${path}/retry`,
      code: 'node.retry-refused',
      message: `A node of type ${node.type} runs once: remove retry, and set it on the steps that may fail by chance.`,
      nodeId,
    });
  } else if (node.retry !== undefined) faults.push(...shapesOf(retrySchema, node.retry, `${path}/retry`, 'node.retry', nodeId));
  if (node.cache !== undefined) faults.push(...shapesOf(cacheSchema, node.cache, `${path}/cache`, 'node.cache', nodeId));
  return faults;
}

function errorFaults(definition: Definition, node: DefinitionNode, kind: Kind, path: string): Fault[] {
  const nodeId = node.id;
  if (node.onError === undefined) return [];
  const at = `${path}/onError`;
  const shape = shapesOf(onErrorSchema, node.onError, at, 'node.on-error', nodeId);
  if (shape.length > 0) return shape;
  const mode = own(node.onError, 'mode');
  const ports = kind.ports(node.config);
  if (mode === 'continue' && !ports.includes('out')) {
    return [
      {
        path: `${at}/mode`,
        code: 'node.continue-without-out',
        message: `A node of type ${node.type} has no port "out" to continue by. Use fallback with a value that says which port (${ports.join(', ')}), or branch.`,
        nodeId,
      },
    ];
  }
  if (mode === 'fallback' && kind.portOf(node.onError['value'], ports) === null) {
    return [
      {
        path: `${at}/value`,
        code: 'node.fallback-port',
        message: `This value does not say which port is taken. It must be an output of a ${node.type} node, for example ${exampleValue(ports)}.`,
        nodeId,
      },
    ];
  }
  const branches = (definition.edges ?? []).some((edge) => edge.from === node.id && edge.fromPort === 'error');
  if (mode === 'branch' && !branches) {
    return [
      {
        path: `${at}/mode`,
        code: 'node.branch-without-edge',
        message: 'onError is branch, but no edge starts at the port "error". Draw one, or choose another mode.',
        nodeId,
      },
    ];
  }
  return [];
}

function exampleValue(ports: string[]): string {
  if (ports.includes('true')) return '{ "result": true }';
  return ports.includes('approved') ? '{ "decision": "approved" }' : `{ "port": "${ports[0] ?? 'default'}" }`;
}

/** A schema's faults as faults of a node. */
export function shapesOf(schema: z.ZodType, value: unknown, path: string, code: string, nodeId?: string): Fault[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return shapeFaults(parsed.error, value).map((fault) => ({
    path: path + fault.path,
    code,
    message: fault.message,
    ...(nodeId === undefined ? {} : { nodeId }),
  }));
}
