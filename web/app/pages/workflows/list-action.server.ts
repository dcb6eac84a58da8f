/** Changes of the workflow list: bulk, duplicate, import. Each answers what was done in words, and how to undo it. */
import { workflowFile, type AnswerOf, type Client, type Routes } from '@hub/contract';
import { plural } from '../../ui/format.ts';

const bulkActions = ['activate', 'pause', 'archive', 'unarchive', 'delete'] as const;
type BulkAction = (typeof bulkActions)[number];
type BulkItem = AnswerOf<Routes['bulkWorkflows']>['items'][number];

export interface ListChange {
  done: string;
  more?: string;
  failed?: boolean;
  /** Calls that take it back, one after another. */
  undo?: { action: string; ids: string[] }[];
  /** Where the new thing is. */
  open?: string;
}

const doneWords: Record<BulkAction, string> = {
  activate: 'activated',
  pause: 'paused',
  archive: 'archived',
  unarchive: 'brought back',
  delete: 'deleted',
};

/** What takes `action` back, by how each workflow was before. */
function undoOf(action: BulkAction, done: string[], before: Map<string, string>): ListChange['undo'] {
  const were = (status: string): string[] => done.filter((id) => before.get(id) === status);
  const steps =
    action === 'pause'
      ? [{ action: 'activate', ids: were('active') }]
      : action === 'activate'
        ? [{ action: 'pause', ids: were('paused') }]
        : action === 'archive'
          ? [
              { action: 'unarchive', ids: done },
              { action: 'activate', ids: were('active') },
            ]
          : action === 'unarchive'
            ? [{ action: 'archive', ids: done }]
            : [];
  return steps.filter(({ ids }) => ids.length > 0);
}

function told(action: BulkAction, items: BulkItem[], before: Map<string, string>): ListChange {
  const done = items.filter(({ ok }) => ok).map(({ id }) => id);
  const refused = items.filter(({ ok }) => !ok);
  const undo = undoOf(action, done, before);
  return {
    done: done.length > 0 ? `${plural(done.length, 'workflow')} ${doneWords[action]}` : 'Nothing was changed',
    ...(refused.length > 0 ? { more: `${plural(refused.length, 'workflow')} not: ${refused[0]?.error?.detail ?? 'refused'}`, failed: true } : {}),
    ...(undo && undo.length > 0 ? { undo } : {}),
  };
}

async function bulk(client: Client, action: BulkAction, ids: string[], form: FormData): Promise<ListChange> {
  const before = new Map(
    String(form.get('before') ?? '')
      .split(' ')
      .map((pair) => pair.split(':') as [string, string]),
  );
  return told(action, (await client.bulkWorkflows({ body: { ids, action } })).items, before);
}

async function duplicate(client: Client, ids: string[]): Promise<ListChange> {
  const made: string[] = [];
  for (const id of ids.slice(0, 20)) made.push((await client.duplicateWorkflow({ params: { id }, body: {} })).id);
  const [only] = made;
  return {
    done: `${plural(made.length, 'workflow')} duplicated`,
    more: 'The copies are drafts.',
    undo: [{ action: 'delete', ids: made }],
    ...(made.length === 1 && only ? { open: `/workflows/${only}` } : {}),
  };
}

/** One file, or a list of them as an export of several writes it. */
async function importFiles(client: Client, text: string): Promise<ListChange> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { done: 'Nothing was imported', more: 'This file is not JSON. Choose one that was exported from a hub.', failed: true };
  }
  const files = Array.isArray(given) ? given.slice(0, 20) : [given];
  const made: string[] = [];
  let open = 0;
  for (const each of files) {
    const file = workflowFile.safeParse(each);
    if (!file.success)
      return {
        done: made.length > 0 ? `${plural(made.length, 'workflow')} imported, then it stopped` : 'Nothing was imported',
        more: 'This file is not an exported workflow: it has no format "hub-workflow". Choose one that was exported from a hub.',
        failed: true,
      };
    const { workflow, connect } = await client.importWorkflow({ body: { file: file.data } });
    made.push(workflow.id);
    open += connect.length;
  }
  const [only] = made;
  return {
    done: `${plural(made.length, 'workflow')} imported as ${made.length === 1 ? 'a draft' : 'drafts'}`,
    ...(open > 0 ? { more: `${plural(open, 'thing')} still to connect before publishing.` } : {}),
    undo: [{ action: 'delete', ids: made }],
    ...(made.length === 1 && only ? { open: `/workflows/${only}` } : {}),
  };
}

/** Does what the list's forms ask. */
export async function changeList(client: Client, form: FormData): Promise<ListChange> {
  const intent = String(form.get('intent') ?? '');
  const ids = String(form.get('ids') ?? '')
    .split(' ')
    .filter(Boolean)
    .slice(0, 100);
  const action = bulkActions.find((each) => each === intent);
  if (action) return bulk(client, action, ids, form);
  if (intent === 'duplicate') return duplicate(client, ids);
  return importFiles(client, String(form.get('file') ?? ''));
}
