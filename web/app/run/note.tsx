/** What somebody wrote on a run. A run with a note is never removed, so the field says so. */
import { Pencil } from 'lucide-react';
import { lazy, Suspense, useState, useTransition } from 'react';
import { useMe } from '../shell/use-me.ts';
import { Button } from '../ui/button.tsx';
import type { NotedRun } from './note-form.tsx';

const NoteForm = lazy(async () => ({ default: (await import('./note-form.tsx')).NoteForm }));

/** One line where there is a note, a quiet button where there is none. */
export function RunNote({ run }: { run: NotedRun }) {
  const [editing, setEditing] = useState(false);
  // The line stays until the form is here.
  const [, startTransition] = useTransition();
  const open = (): void => startTransition(() => setEditing(true));
  return <Suspense>{editing ? <NoteForm run={run} onClose={() => setEditing(false)} /> : <NoteLine run={run} onEdit={open} />}</Suspense>;
}

function NoteLine({ run, onEdit }: { run: NotedRun; onEdit: () => void }) {
  const { may } = useMe();
  const why = may('run.start') ? null : 'Your role cannot write notes';
  return (
    <div className="flex min-h-control items-start gap-8">
      {run.note ? (
        <p className="min-w-0 flex-1 py-4 break-words whitespace-pre-line">
          {run.note}{' '}
          <span className="text-12 text-muted">
            {run.noteBy ? `${run.noteBy.name}, ` : ''}
            kept for good
          </span>
        </p>
      ) : null}
      <Button kind="quiet" onClick={onEdit} why={why} className={run.note ? 'shrink-0' : '-ml-8 text-muted'}>
        <Pencil size={14} aria-hidden />
        {run.note ? 'Change the note' : 'Add a note'}
      </Button>
    </div>
  );
}
