/** A pure node alone, as a group of one. */
import type { PlanNode, SourceRef } from '@hub/dag/planner';

import type { DataWire, GroupJob } from '../expressions/pool/jobs.ts';
import type { NodeDefinition } from './definition.ts';

export function pureJob({ node, data, sources }: { node: NodeDefinition; data: DataWire; sources: SourceRef[] }): GroupJob {
  const { id, config, strict } = node;
  const configs = { [id]: { config, strict, fallbackText: null } };
  return {
    kind: 'group',
    nodes: [
      planNode(
        node,
        data.reads.map((read) => read.id),
      ),
    ],
    edges: [],
    scope: '',
    sources,
    configs,
    data,
    done: [],
    most: 1,
  };
}

function planNode({ id, type }: NodeDefinition, reads: string[]): PlanNode {
  return {
    id,
    type,
    label: id,
    parent: null,
    work: 'step',
    join: 'any',
    disabled: false,
    group: null,
    first: false,
    ports: [],
    timeoutMs: 0,
    onError: 'fail',
    fallbackPort: 'out',
    retry: { maxAttempts: 1, backoff: 'fixed', initialMs: 1, maxMs: 1 },
    idempotent: true,
    reads,
    loop: null,
  };
}
