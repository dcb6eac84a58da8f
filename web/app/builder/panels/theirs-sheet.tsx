/** Two people saved the same draft: who, what differs, and the choice. Nothing is thrown away without a click, and undo brings it back. */
import type { Workflow } from '@hub/contract';
import { type Definition, diffDefinitions } from '@hub/dag';
import { useEffect, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Ago } from '../../ui/time.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useBuilder, usePick } from '../context.tsx';
import { labelOf } from '../model/words.ts';

function Column({ title, mine, other }: { title: string; mine: Definition; other: Definition }) {
  const diff = diffDefinitions(other, mine);
  const label = (id: string): string => {
    const node = [...mine.nodes, ...other.nodes].find((each) => each.id === id);
    return node ? labelOf(node) : id;
  };
  const lines = [
    ...diff.nodes.added.map((id) => `Has ${label(id)}`),
    ...diff.nodes.removed.map((id) => `Has no ${label(id)}`),
    ...diff.nodes.changed.map(({ id, fields }) => `${label(id)}: other ${fields.map((field) => field.replace(/^config\./, '')).join(', ')}`),
    ...(diff.edges.added.length > 0 ? [`${diff.edges.added.length} other connections`] : []),
    ...(diff.settings.length > 0 ? [`Other settings: ${diff.settings.join(', ')}`] : []),
    ...(diff.inputs ? ['Other inputs'] : []),
    ...(diff.ui ? ['Other places on the canvas'] : []),
  ];
  return (
    <section className="flex flex-col gap-8">
      <h3 className="font-semibold">{title}</h3>
      <ul className="flex flex-col gap-4 text-muted">
        {lines.slice(0, 20).map((line) => (
          <li key={line}>{line}</li>
        ))}
        {lines.length > 20 && <li>and {lines.length - 20} more</li>}
        {lines.length === 0 && <li>The same</li>}
      </ul>
    </section>
  );
}

export function TheirsSheet({ onClose }: { onClose: () => void }) {
  const { store, saving, call, workflow } = useBuilder();
  const save = usePick((state) => state.save);
  const mine = usePick((state) => state.definition);
  const [theirs, setTheirs] = useState<Workflow | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    call<Workflow>('GET', `/workflows/${workflow.id}`, { signal: stop.signal })
      .then(setTheirs)
      .catch(() => undefined);
    return () => stop.abort();
  }, [call, workflow.id]);
  const who = (save.kind === 'conflict' ? save.by : null) ?? 'Somebody else';
  const at = save.kind === 'conflict' ? save.at : null;
  const takeTheirs = (): void => {
    if (!theirs) return;
    saving.reset(theirs.definition as unknown as Definition, theirs.revision);
    store.getState().replace(theirs.definition as unknown as Definition);
    saving.reset(store.getState().definition, theirs.revision);
    showToast({ text: `You have what ${who} saved`, more: 'Undo brings yours back.' });
    onClose();
  };
  const keepMine = async (): Promise<void> => {
    const fine = await saving.force();
    showToast(fine ? { text: 'Yours is saved', more: `What ${who} saved is replaced.` } : { text: 'Yours is not saved yet', tone: 'failed' });
    onClose();
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title={`${who} saved too`}
      foot={
        <>
          <Button why={theirs ? null : 'Reading'} onClick={takeTheirs}>
            Take theirs
          </Button>
          <Button kind="main" onClick={() => void keepMine()}>
            Keep mine
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-24">
        <p>
          {who} saved this draft {at === null ? '' : <Ago at={at} />} while you were changing it. Yours is kept in this browser and is not on the
          server yet.
        </p>
        {theirs && (
          <>
            <Column title="Yours" mine={mine} other={theirs.definition as unknown as Definition} />
            <Column title={`${who}’s`} mine={theirs.definition as unknown as Definition} other={mine} />
          </>
        )}
      </div>
    </Sheet>
  );
}
