/** What can be done with the chosen workflows. Nothing asks before: everything has undo. */
import { showToast } from '../../ui/toast.tsx';
import { BulkBar } from '../../lists/bulk-bar.tsx';
import type { Selection } from '../../lists/use-selection.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { plural } from '../../ui/format.ts';
import { saveFile } from './save-file.ts';
import type { Listed } from './list-data.server.ts';
import type { SendChange } from './use-list-change.ts';

/** One file of one workflow, or one file with all of several. */
async function exportAll(ids: readonly string[]): Promise<void> {
  const files: { name: string }[] = [];
  for (const id of ids) {
    const answer = await fetch(`/api/v1/workflows/${id}/export`);
    if (!answer.ok) {
      showToast({ text: 'Nothing was exported', more: `The server answered ${answer.status}. Try again.`, tone: 'failed' });
      return;
    }
    files.push((await answer.json()) as { name: string });
  }
  const [only] = files;
  const name =
    files.length === 1 && only
      ? only.name
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-')
          .slice(0, 60)
      : 'workflows';
  saveFile(`${name || 'workflow'}.json`, JSON.stringify(files.length === 1 ? only : files, null, 2));
  showToast({ text: `${plural(files.length, 'workflow')} exported`, more: 'No secret is in the file.' });
}

export function WorkflowBulk({ rows, selection, change }: { rows: readonly Listed[]; selection: Selection; change: SendChange }) {
  const { may } = useMe();
  const chosen = rows.filter(({ id }) => selection.chosen.has(id));
  const send = (intent: string, ids: string[]): void => {
    change.send({ intent, ids: ids.join(' '), before: chosen.map(({ id, status }) => `${id}:${status}`).join(' ') });
    selection.clear();
  };
  const of = (...statuses: string[]): string[] => chosen.filter(({ status }) => statuses.includes(status)).map(({ id }) => id);
  const busy = change.busy ? 'Saving' : null;
  const publish = may('workflow.publish') ? busy : 'Your role cannot pause or activate workflows';
  const [active, paused, archived, open] = [of('active'), of('paused'), of('archived'), of('draft', 'active', 'paused')];
  return (
    <BulkBar count={chosen.length} what={['workflow', 'workflows']} onClear={selection.clear}>
      {active.length > 0 && (
        <Button onClick={() => send('pause', active)} why={publish}>
          Pause
        </Button>
      )}
      {paused.length > 0 && (
        <Button onClick={() => send('activate', paused)} why={publish}>
          Activate
        </Button>
      )}
      <Button onClick={() => send('duplicate', selection.ids)} why={chosen.length > 20 ? 'At most 20 at once' : busy}>
        Duplicate
      </Button>
      <Button onClick={() => void exportAll(selection.ids)}>Export</Button>
      {open.length > 0 && (
        <Button onClick={() => send('archive', open)} why={busy}>
          Archive
        </Button>
      )}
      {archived.length > 0 && (
        <Button onClick={() => send('unarchive', archived)} why={busy}>
          Bring back
        </Button>
      )}
    </BulkBar>
  );
}
