/** Paths of node executions: `b`, `l[2].m[0].b`, `x[2]` (item 2 of a `forEach` node), `l[2]#3` (fused group 3 in that iteration). */
import type { LoopFrame } from './types.ts';

export interface ParsedPath {
  /** The iterations around, outermost first. */
  steps: { id: string; index: number }[];
  /** The node; for an item of a `forEach` node the same as the last step's id. */
  nodeId: string | null;
  group: number | null;
  /** True for `x[2]`: the path names an iteration itself. */
  item: boolean;
}

const segment = /^([a-z][a-z0-9_]*)\[(\d+)\]$/;

/** Reads a path; null where the text is not one. */
export function parsePath(path: string): ParsedPath | null {
  const hash = path.indexOf('#');
  const group = hash < 0 ? null : Number(path.slice(hash + 1));
  const body = hash < 0 ? path : path.slice(0, hash);
  const parts = body === '' ? [] : body.split('.');
  const steps: ParsedPath['steps'] = [];
  let nodeId: string | null = null;
  for (const [at, part] of parts.entries()) {
    const match = segment.exec(part);
    if (match?.[1] !== undefined) steps.push({ id: match[1], index: Number(match[2]) });
    else if (at === parts.length - 1 && group === null && part !== '') nodeId = part;
    else return null;
  }
  if (group !== null) return Number.isInteger(group) ? { steps, nodeId: null, group, item: false } : null;
  if (nodeId !== null) return { steps, nodeId, group, item: false };
  const last = steps.at(-1);
  return last ? { steps, nodeId: last.id, group, item: true } : null;
}

/** Path of a node in a scope; the run's own graph is the scope ''. */
export function childPath(scope: string, nodeId: string): string {
  return scope === '' ? nodeId : `${scope}.${nodeId}`;
}

/** Scope of one iteration of the loop at `loopPath`. */
export function itemPath(loopPath: string, index: number): string {
  return `${loopPath}[${index}]`;
}

/** Path of a fused group's activity in a scope. */
export function groupPath(scope: string, group: number): string {
  return `${scope}#${group}`;
}

/**
 * The stable part of an effect key: the same for every attempt and every worker. `generation` grows when a completed step is asked to
 * run again or its resolved parameters changed (04, 13).
 */
export function effectPath(rootRun: string, path: string, generation: number): string {
  return `${rootRun}/${path}/${generation}`;
}

/** Order of scopes: the run's own graph first, then by loop id and iteration number, outermost first. */
export function compareFrames(a: LoopFrame[], b: LoopFrame[]): number {
  for (const [at, x] of a.entries()) {
    const y = b[at];
    if (y === undefined) break;
    if (x.loop !== y.loop) return x.loop < y.loop ? -1 : 1;
    if (x.index !== y.index) return x.index - y.index;
  }
  return a.length - b.length;
}
