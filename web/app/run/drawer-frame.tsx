/** The inspector: beside the page on a desk (400 to 640 px, resizable, remembered), over it on a phone. */
import { type PointerEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useRouteLoaderData } from 'react-router';
import { drawerWidths, remember } from '../api/prefs.ts';
import type { loader as rootLoader } from '../root.tsx';

const { least, most } = drawerWidths;
const usual = 480;

function useWidth() {
  const root = useRouteLoaderData<typeof rootLoader>('root');
  const [width, setWidth] = useState(root?.prefs.drawerWidth ?? usual);
  // The document says it from its first byte on (root.tsx); from then on the hand that drags it, also where another drawer was dragged since.
  useEffect(() => {
    const now = Number.parseInt(document.documentElement.style.getPropertyValue('--drawer'), 10);
    if (now >= least && now <= most) setWidth(now);
  }, []);
  const set = (next: number): void => {
    const fit = Math.min(most, Math.max(least, Math.round(next)));
    setWidth(fit);
    document.documentElement.style.setProperty('--drawer', `${fit}px`);
    remember('hub-drawer', String(fit));
  };
  return { width, set };
}

/** On a phone the drawer lies over the page: what is below it is out of reach for keys and screen readers too. */
function useCover(frame: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const phone = window.matchMedia('(max-width: 767px)');
    const covered: HTMLElement[] = [];
    const page = document.querySelector('#page');
    for (let at: HTMLElement | null = frame.current; at && at !== document.body; at = at.parentElement)
      for (const other of at.parentElement?.children ?? [])
        if (other !== at && other instanceof HTMLElement && (page?.contains(other) || other.tagName === 'NAV')) covered.push(other);
    const look = (): void => {
      for (const each of covered) each.inert = phone.matches;
    };
    look();
    phone.addEventListener('change', look);
    return () => {
      phone.removeEventListener('change', look);
      for (const each of covered) each.inert = false;
    };
  }, [frame]);
}

/** What stands beside a drawer is as narrow from its first byte on: a long page is painted before the drawer has come. */
export const besideDrawer = 'wide:max-w-[calc(100%-var(--drawer,480px))]';

export function DrawerFrame({ label, head, children }: { label: string; head: ReactNode; children?: ReactNode }) {
  const frame = useRef<HTMLElement>(null);
  const { width, set } = useWidth();
  useCover(frame);
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.buttons === 1) set(window.innerWidth - event.clientX);
  };
  return (
    <aside
      ref={frame}
      aria-label={label}
      className="relative z-20 flex shrink-0 flex-col border-l border-line bg-paper wide:sticky wide:top-[48px] wide:h-[calc(100dvh-48px)] wide:w-[var(--drawer,480px)] max-wide:fixed max-wide:inset-0 max-wide:z-40 max-wide:border-l-0"
    >
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the drawer"
        aria-valuemin={least}
        aria-valuemax={most}
        aria-valuenow={width}
        tabIndex={0}
        className="absolute inset-y-0 -left-4 z-10 w-8 cursor-col-resize touch-none hover:bg-hover max-wide:hidden"
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') set(width + 24);
          if (event.key === 'ArrowRight') set(width - 24);
        }}
      />
      <header className="flex h-bar shrink-0 items-center gap-8 border-b border-line px-16">{head}</header>
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
    </aside>
  );
}
