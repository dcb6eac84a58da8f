/** Puts one field of a step right, as a run found it wrong, and publishes that: for who has no editor at hand. Only where the draft is what ran, as it publishes nothing else. */
import type { Client } from '@hub/contract';
import { isApiError, text } from '../api/hub.server.ts';
import type { RunAnswer } from './use-run-action.ts';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const refused = (detail: string, errors: { path: string; message: string }[] = []): RunAnswer => ({
  problem: { code: 'field.not-mended', detail, status: 422, requestId: null, retryAfterSeconds: null, errors },
});

/** A copy with the text at a JSON pointer changed; null where no text stands there. */
export function withText(value: unknown, [part, ...rest]: readonly string[], next: string): unknown {
  if (part === undefined) return typeof value === 'string' ? next : null;
  if (!isObject(value) || !Object.hasOwn(value, part)) return null;
  const inner = withText(value[part], rest, next);
  if (inner === null) return null;
  return Array.isArray(value) ? value.with(Number(part), inner) : { ...value, [part]: inner };
}

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

type Hub = Pick<Client, 'getRun' | 'getWorkflow' | 'validateWorkflow' | 'updateWorkflow' | 'publishWorkflow'>;

interface Change {
  params: { id: string };
  before: Json;
  note: string;
}

/**
 * Publishes a draft that was just saved as this revision, and no other. Where that cannot be, the draft becomes what it was, unless somebody saved it since:
 * theirs stays, and is not published.
 */
async function publishOrGiveBack(client: Hub, revision: number, { params, before, note }: Change): Promise<RunAnswer> {
  try {
    const { version } = await client.publishWorkflow({ params, ifMatch: revision, body: { note } });
    return { done: `Version ${version} published`, more: 'This run can go on with it.' };
  } catch (error) {
    const now = await client.getWorkflow({ params }).catch(() => null);
    // It went through, and only its answer was lost.
    if (now?.revision === revision && now.draftChanged === false)
      return { done: `Version ${now.publishedVersion} published`, more: 'This run can go on with it.' };
    const isBack = await client.updateWorkflow({ params, ifMatch: revision, body: { definition: before } }).then(
      () => true,
      () => false,
    );
    if (isBack) throw error;
    const why = isApiError(error) && error.status !== 412 ? `${error.problem.detail} ` : '';
    return refused(
      `${why}Somebody else saved the draft in that moment, so nothing is published. The field stands in the draft: look at it in the editor.`,
    );
  }
}

/** Answers with `done` where the version is out; else why nothing was changed. */
export async function fixField(client: Hub, runId: string, form: FormData): Promise<RunAnswer> {
  const run = await client.getRun({ params: { id: runId } });
  const params = { id: run.workflowId };
  const { definition: draft, revision, publishedVersion, draftChanged } = await client.getWorkflow({ params });
  if (draftChanged !== false || publishedVersion !== run.version)
    return refused('The draft holds other changes, which would be published too. Put the field right in the editor.');
  const nodes = isObject(draft) && Array.isArray(draft['nodes']) ? (draft['nodes'] as Json[]) : [];
  const at = nodes.findIndex(({ id }) => id === text(form, 'nodeId'));
  const node = withText(nodes[at], ['config', ...partsOf(text(form, 'field'))], text(form, 'value'));
  if (node === null) return refused('The field is not there any more. Look at the workflow in the editor.');
  const before = draft as Json;
  const after = { ...before, nodes: nodes.with(at, node as Json) };
  const checked = await client.validateWorkflow({ params, body: { definition: after } });
  const [fault] = checked.errors;
  if (fault) return refused(fault.message, [{ path: '/value', message: fault.message }]);
  const saved = await client.updateWorkflow({ params, ifMatch: revision, body: { definition: after } });
  const note = `One field put right after run ${runId.slice(-6)} failed`;
  return publishOrGiveBack(client, saved.revision, { params, before, note });
}
