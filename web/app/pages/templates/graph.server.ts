/** The pictures of a template. */
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

/** The same with boxes for a narrow screen too. */
export function templateGraphs(definition: unknown) {
  return { ...templateGraph(definition), tall: layGraph(readDefinition(definition)).tall };
}
