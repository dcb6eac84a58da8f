/** Who is signed in; opens theme, team, sign out. */
import type { Me } from '@hub/contract';
import { lazy, Suspense, useRef, useState } from 'react';

const PersonPopup = lazy(async () => ({ default: (await import('./person-popup.tsx')).PersonPopup }));

function initials(name: string): string {
  return (
    name
      .split(/\s+/)
      .slice(0, 2)
      .map((word) => word.charAt(0).toUpperCase())
      .join('') || '?'
  );
}

export function PersonMenu({ me, folded }: { me: Me; folded: boolean }) {
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const name = me.user?.name ?? 'API key';
  return (
    <>
      <button
        ref={anchor}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => {
          setAsked(true);
          setOpen(!open);
        }}
        className="focus-inset flex h-[40px] w-full items-center gap-12 rounded-control px-4 text-left hover:bg-hover"
      >
        <span aria-hidden className="flex size-24 shrink-0 items-center justify-center rounded-control bg-ink text-12 font-medium text-paper">
          {initials(name)}
        </span>
        <span className={folded ? 'sr-only' : 'min-w-0'}>
          <span className="block truncate leading-[16px] font-medium">{name}</span>
          <span className="block truncate text-12 text-muted">{me.user?.email}</span>
          <span className="sr-only">: theme, team, sign out</span>
        </span>
      </button>
      {asked && (
        <Suspense>
          <PersonPopup me={me} open={open} onOpen={setOpen} anchor={anchor} />
        </Suspense>
      )}
    </>
  );
}
