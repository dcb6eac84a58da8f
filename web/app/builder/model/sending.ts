/** Sends a draft, and tells a conflict with somebody else from what is none: one's own request whose answer never came (of a page that was reloaded, or a network that broke in between), and a workflow of which something else than the draft changed. */
import type { Workflow } from '@hub/contract';
import { type Definition, sameJson } from '@hub/dag';
import { ApiFault, type Call } from '../api.ts';
import { printOf } from './print.ts';
import type { SaveAnswer, Sent } from './saving.ts';

/** Browsers take at most 64 kB for a request that outlives its page. */
const mostKeptAlive = 60_000;
/** One's own requests still on their way may arrive in between; so often it is tried on what they left. */
const mostTries = 5;

/** `me`: the person's id; a conflict with what they saved elsewhere is told as theirs. */
export function createSending(call: Call, workflowId: string, me: string | null): (sent: Sent) => Promise<SaveAnswer> {
  const patch = async ({ definition, revision, last }: Sent): Promise<SaveAnswer> => {
    const keepalive = last && JSON.stringify(definition).length < mostKeptAlive;
    const { revision: next } = await call<Workflow>('PATCH', `/workflows/${workflowId}`, { body: { definition }, ifMatch: revision, keepalive });
    return { kind: 'saved', revision: next };
  };
  const stale = async (sent: Sent, tries: number): Promise<SaveAnswer> => {
    const theirs = await call<Workflow>('GET', `/workflows/${workflowId}`).catch(() => null);
    if (!theirs) return { kind: 'offline' };
    const { revision, definition, updatedBy, updatedAt } = theirs;
    if (sameJson(definition, sent.definition)) return { kind: 'saved', revision };
    // Nothing of anybody else stands there: what this was made on, or an earlier draft of one's own that arrived.
    if (tries < mostTries && sent.mine.includes(printOf(definition as unknown as Definition))) return attempt({ ...sent, revision }, tries + 1);
    return { kind: 'stale', revision, by: updatedBy?.name ?? null, own: me !== null && updatedBy?.id === me, at: updatedAt };
  };
  const attempt = async (sent: Sent, tries: number): Promise<SaveAnswer> => {
    try {
      return await patch(sent);
    } catch (error) {
      if (!(error instanceof ApiFault)) return { kind: 'offline' };
      const { problem } = error;
      if (problem.status === 412) return stale(sent, tries);
      if (problem.status >= 500 || problem.status === 429) return { kind: 'offline' };
      return { kind: 'refused', why: problem.errors[0]?.message ?? problem.detail };
    }
  };
  return (sent) => attempt(sent, 1);
}
