/** Two people saved the same draft, or one of them twice: who, what differs, and the choice. Nothing is thrown away without a click, and undo brings it back. */
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

const somebodys = (who: string) => ({
  title: `${who} saved too`,
  what: `${who} saved this draft`,
  why: 'while you were changing it. Yours is kept in this browser and is not on the server yet.',
  take: 'Take theirs',
  keep: 'Keep mine',
  taken: `You have what ${who} saved`,
  kept: 'Yours is saved',
  replaced: `What ${who} saved is replaced.`,
  mine: 'Yours',
  other: `${who}’s`,
});
const ones: ReturnType<typeof somebodys> = {
  title: 'You saved too, elsewhere',
  what: 'You saved this draft on another page or device',
  why: 'while you were changing it here. What you have here is kept in this browser and is not on the server yet.',
  take: 'Take the other',
  keep: 'Keep this one',
  taken: 'You have what you saved elsewhere',
  kept: 'This one is saved',
  replaced: 'What you saved elsewhere is replaced.',
  mine: 'Here',
  other: 'Elsewhere',
};

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
  const words = save.kind === 'conflict' && save.own ? ones : somebodys((save.kind === 'conflict' ? save.by : null) ?? 'Somebody else');
  const at = save.kind === 'conflict' ? save.at : null;
  const takeTheirs = (): void => {
    if (!theirs) return;
    saving.reset(theirs.definition as unknown as Definition, theirs.revision);
    store.getState().replace(theirs.definition as unknown as Definition);
    saving.reset(store.getState().definition, theirs.revision);
    showToast({ text: words.taken, more: 'Undo brings yours back.' });
    onClose();
  };
  const keepMine = async (): Promise<void> => {
    const fine = await saving.force();
    showToast(fine ? { text: words.kept, more: words.replaced } : { text: 'Not saved yet', tone: 'failed' });
    onClose();
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title={words.title}
      foot={
        <>
          <Button why={theirs ? null : 'Reading'} onClick={takeTheirs}>
            {words.take}
          </Button>
          <Button kind="main" onClick={() => void keepMine()}>
            {words.keep}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-24">
        <p>
          {words.what} {at === null ? '' : <Ago at={at} />} {words.why}
        </p>
        {theirs && (
          <>
            <Column title={words.mine} mine={mine} other={theirs.definition as unknown as Definition} />
            <Column title={words.other} mine={theirs.definition as unknown as Definition} other={mine} />
          </>
        )}
      </div>
    </Sheet>
  );
}
