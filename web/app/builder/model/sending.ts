/** Sends a draft, and tells a conflict with somebody else from one's own request whose answer never came: of a page that was reloaded, or a network that broke in between. */
import type { Workflow } from '@hub/contract';
import { type Definition, sameJson } from '@hub/dag';
import { ApiFault, type Call } from '../api.ts';
import type { SaveAnswer } from './saving.ts';

/** Browsers take at most 64 kB for a request that outlives its page. */
const mostKeptAlive = 60_000;

type Send = (definition: Definition, revision: number, last: boolean) => Promise<SaveAnswer>;

/** So many of one's own drafts are remembered while nobody knows whether they arrived. */
const mostMine = 4;

/** `earlier`: what an earlier visit sent as its page went, was sending, or could not send. */
export function createSending(call: Call, workflowId: string, earlier: readonly Definition[]): Send {
  /** Sent, and not known to have arrived. */
  let mine = [...earlier];
  const unsure = (definition: Definition): SaveAnswer => {
    mine = [...mine, definition].slice(-mostMine);
    return { kind: 'offline' };
  };
  const patch = async (definition: Definition, revision: number, last: boolean): Promise<SaveAnswer> => {
    const keepalive = last && JSON.stringify(definition).length < mostKeptAlive;
    const { revision: next } = await call<Workflow>('PATCH', `/workflows/${workflowId}`, { body: { definition }, ifMatch: revision, keepalive });
    mine = [];
    return { kind: 'saved', revision: next };
  };
  const stale = async (definition: Definition, last: boolean): Promise<SaveAnswer> => {
    const theirs = await call<Workflow>('GET', `/workflows/${workflowId}`).catch(() => null);
    if (!theirs) return { kind: 'offline' };
    if (sameJson(theirs.definition, definition)) return { kind: 'saved', revision: theirs.revision };
    // The newest that arrived; what was sent after it may still be on its way.
    const found = mine.findLastIndex((each) => sameJson(theirs.definition, each));
    if (found >= 0) {
      mine = mine.slice(found + 1);
      return attempt(definition, theirs.revision, last);
    }
    return { kind: 'stale', revision: theirs.revision, by: theirs.updatedBy?.name ?? null, at: theirs.updatedAt };
  };
  const attempt: Send = async (definition, revision, last) => {
    try {
      return await patch(definition, revision, last);
    } catch (error) {
      if (!(error instanceof ApiFault)) return unsure(definition);
      const { problem } = error;
      if (problem.status === 412) return stale(definition, last);
      if (problem.status >= 500 || problem.status === 429) return unsure(definition);
      return { kind: 'refused', why: problem.errors[0]?.message ?? problem.detail };
    }
  };
  return attempt;
}
