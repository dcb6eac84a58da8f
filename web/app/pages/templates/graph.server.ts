/** The picture of a template. */
import { layGraph } from '../../run/graph-layout.server.ts';
import { readDefinition } from '../../run/definition.ts';

export function templateGraph(definition: unknown) {
  const view = readDefinition(definition);
  return {
    nodes: view.nodes.map(({ id, label, parent }) => ({ id, label, parent })),
    edges: view.edges,
    boxes: layGraph(view).wide,
  };
}
