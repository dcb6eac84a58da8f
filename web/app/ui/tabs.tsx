/** Tabs that are pages: links, so that every tab has a URL and the browser's back works. */
import clsx from 'clsx';
import { type ReactNode, useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';

export interface TabLink {
  to: string;
  label: string;
  count?: number | undefined;
  /** The tab at the parent's own URL. */
  end?: boolean;
}

/** `keep`: names of search parameters that stay when the tab changes (an open drawer). */
export function TabLinks({ label, tabs, keep = [], right }: { label: string; tabs: TabLink[]; keep?: string[]; right?: ReactNode }) {
  const { pathname, search: asked } = useLocation();
  const search = new URLSearchParams(asked);
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const at = bar.current?.querySelector<HTMLElement>('[aria-current="page"]');
    const frame = bar.current;
    // Where the tabs are wider than the screen, the one at hand is in view; nothing else moves.
    if (at && frame && at.offsetLeft + at.offsetWidth > frame.clientWidth) frame.scrollLeft = at.offsetLeft - 48;
  }, [pathname]);
  for (const name of Array.from(search.keys())) if (!keep.includes(name)) search.delete(name);
  return (
    <nav
      ref={bar}
      aria-label={label}
      className="relative flex h-[40px] shrink-0 items-stretch gap-16 overflow-x-auto border-b border-line px-16 wide:px-24"
    >
      {tabs.map((tab) => (
        <NavLink
          key={tab.to}
          to={{ pathname: tab.to, search: search.toString() }}
          end={tab.end ?? false}
          preventScrollReset
          className={({ isActive }) =>
            clsx(
              'focus-inset -mb-px inline-flex items-center gap-4 whitespace-nowrap border-b-2 px-4 ease-state',
              isActive ? 'border-ink font-medium text-ink' : 'border-transparent text-muted hover:text-ink',
            )
          }
        >
          {tab.label}
          {tab.count !== undefined && <span className="tabular text-12 text-muted">{tab.count}</span>}
        </NavLink>
      ))}
      {right && <span className="ml-auto flex items-center gap-8">{right}</span>}
    </nav>
  );
}
