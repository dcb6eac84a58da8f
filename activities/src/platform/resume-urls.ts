/** `run.resumeUrls.<node id>`: one-time links to waits and approvals, for steps that tell people of them (03, Triggers). */
import { childPath, itemPath } from '@hub/dag/planner';
import type { LoopFrame } from '@hub/dag/planner';

import type { ResumeLinks } from '../wait-ports.ts';
import type { NodeDefinition } from './definition.ts';
import type { KnownRun } from './facts.ts';
import type { Uses } from './uses.ts';

/** Connectors whose params may hold a link. */
const tellers = new Set(['http', 'email', 'slack']);

export interface Links {
  urls: Record<string, string>;
  /** Stored and shown masked. */
  tokens: string[];
}

/** Links to the waits this step can see: those of the run's own graph, and in a loop those of the same iteration. Null where it may see none. */
export function linksFor(links: ResumeLinks, known: KnownRun, node: NodeDefinition, frames: readonly LoopFrame[], uses: Uses): Links | null {
  const connector = node.config['connector'];
  const tells = node.type === 'notify' || (typeof connector === 'string' && tellers.has(connector));
  if (!tells || !uses.names.has('run')) return null;
  const { team, run } = known.facts;
  const found: Links = { urls: {}, tokens: [] };
  for (const { id, loops } of known.definition.waits()) {
    if (loops.some((loop, at) => frames[at]?.loop !== loop)) continue;
    const around = loops.length === 0 ? undefined : frames[loops.length - 1];
    const path = childPath(around === undefined ? '' : itemPath(around.path, around.index), id);
    const token = links.token({ team, run, path });
    found.urls[id] = links.url(token);
    found.tokens.push(token);
  }
  return found;
}

/** A text without the tokens of links. */
export function masked<T extends string | null>(text: T, tokens: readonly string[]): T {
  if (text === null || tokens.length === 0) return text;
  let clean: string = text;
  for (const token of tokens) clean = clean.replaceAll(token, '(one-time link)');
  return clean as T;
}
