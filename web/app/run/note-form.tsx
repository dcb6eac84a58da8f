/** The field for a run's note: loaded when somebody is about to write one. */
import { useFetcher } from 'react-router';
import { isProblem } from '../api/problem.ts';
import { useMe } from '../shell/use-me.ts';
import { Button } from '../ui/button.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import { showToast } from '../ui/toast.tsx';
import { useAnswer } from '../ui/use-answer.ts';
import type { RunData } from './load.server.ts';
import type { RunAnswer } from './use-run-action.ts';

export type NotedRun = Pick<RunData['run'], 'id' | 'note' | 'noteBy'>;

export function NoteForm({ run, onClose }: { run: NotedRun; onClose: () => void }) {
  const { me } = useMe();
  const fetcher = useFetcher<RunAnswer>();
  useAnswer(fetcher, ({ done, more }) => {
    if (!done) return;
    showToast({ text: done, ...(more ? { more } : {}) });
    onClose();
  });
  const problem = isProblem(fetcher.data?.problem) ? fetcher.data.problem : null;
  const why = fetcher.state !== 'idle' ? 'Saving' : null;
  const path = { method: 'post' as const, action: `/runs/${run.id}` };
  const send = (note: string): void => void fetcher.submit({ intent: 'note', note, _csrf: me.csrfToken ?? '' }, path);
  return (
    <form
      className="flex w-full max-w-[560px] flex-col items-start gap-8"
      onSubmit={(event) => {
        event.preventDefault();
        const note = new FormData(event.currentTarget).get('note');
        send(typeof note === 'string' ? note : '');
      }}
    >
      <Field
        label="Note"
        className="w-full"
        help="A run with a note is kept for good, however long others are kept. Without a note it goes with them."
        error={problem?.detail ?? null}
      >
        <Textarea name="note" rows={3} maxLength={2000} autoFocus defaultValue={run.note ?? ''} placeholder="Shown to the auditor" />
      </Field>
      <div className="flex flex-wrap gap-8">
        <Button kind="main" type="submit" why={why}>
          Save the note
        </Button>
        {run.note && (
          <Button onClick={() => send('')} why={why}>
            Remove it
          </Button>
        )}
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
