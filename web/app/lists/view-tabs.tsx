/** Saved views as tabs: those of the list, one's own, and "Save this view" while the filters match none. */
import clsx from 'clsx';
import { BookmarkPlus, X } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';
import { Button, buttonClass } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { showToast } from '../ui/toast.tsx';
import { filtersOf, keepViews, type ListName, mostViews, type View } from './views.ts';

const tab = 'focus-inset -mb-px inline-flex items-center gap-4 whitespace-nowrap border-b-2 px-4 ease-state';

function SaveView({ open, onClose, onSave }: { open: boolean; onClose: () => void; onSave: (name: string) => void }) {
  const [name, setName] = useState('');
  const save = (): void => {
    if (name.trim()) onSave(name.trim());
    setName('');
  };
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title="Save this view"
      foot={
        <Button kind="main" onClick={save} why={name.trim() ? null : 'Give it a name first'}>
          Save the view
        </Button>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Field label="Name" help="Becomes a tab of this list, for you in this browser.">
          <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={24} autoComplete="off" autoFocus />
        </Field>
      </form>
    </Sheet>
  );
}

export interface ViewTabsProps {
  list: ListName;
  /** Names of the filters that make a view, in the order of their addresses. */
  filters: readonly string[];
  /** Views that come with the list; the first has no filters. */
  views: readonly View[];
  own: readonly View[];
}

export function ViewTabs({ list, filters, views, own: kept }: ViewTabsProps) {
  const { pathname } = useLocation();
  const [search] = useSearchParams();
  const [own, setOwn] = useState(kept);
  const [saving, setSaving] = useState(false);
  const now = filtersOf(search, filters);
  const set = (next: readonly View[]): void => {
    setOwn(next);
    keepViews(list, next);
  };
  const all = [...views.map((view) => ({ ...view, mine: false })), ...own.map((view) => ({ ...view, mine: true }))];
  const isSaved = all.some(({ search: each }) => each === now);
  const remove = (view: View): void => {
    const before = own;
    set(own.filter((each) => each !== view));
    showToast({ text: `View ${view.name} removed`, undo: () => set(before) });
  };
  return (
    <nav aria-label="Views" className="flex h-[40px] shrink-0 items-stretch gap-16 overflow-x-auto border-b border-line px-16 wide:px-24">
      {all.map((view) => {
        const isNow = view.search === now;
        return (
          <span key={`${view.mine} ${view.name}`} className="flex items-stretch">
            <Link
              to={view.search ? `${pathname}?${view.search}` : pathname}
              aria-current={isNow ? 'page' : undefined}
              className={clsx(tab, isNow ? 'border-ink font-medium text-ink' : 'border-transparent text-muted hover:text-ink')}
            >
              {view.name}
            </Link>
            {view.mine && isNow && (
              <button
                type="button"
                aria-label={`Remove the view ${view.name}`}
                className="focus-inset self-center rounded-control text-muted hover:text-ink"
                onClick={() => {
                  const found = own.find(({ name, search: each }) => name === view.name && each === view.search);
                  if (found) remove(found);
                }}
              >
                <X size={14} aria-hidden />
              </button>
            )}
          </span>
        );
      })}
      {!isSaved && own.length < mostViews && (
        <button type="button" className={clsx(buttonClass('quiet'), 'self-center')} onClick={() => setSaving(true)}>
          <BookmarkPlus size={14} aria-hidden />
          Save this view
        </button>
      )}
      <SaveView
        open={saving}
        onClose={() => setSaving(false)}
        onSave={(name) => {
          set([...own, { name, search: now }]);
          setSaving(false);
        }}
      />
    </nav>
  );
}
