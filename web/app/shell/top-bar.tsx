/** The bar over every page: crumbs left, the page's actions right, the main one last. */
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'react-router';
import { noteRecent } from './recent.ts';

export interface Crumb {
  label: string;
  to?: string;
  /** Stands before the last crumb where there is no room for those before it. */
  before?: string;
}

export function TopBar({ crumbs, children }: { crumbs: Crumb[]; children?: ReactNode }) {
  const { pathname } = useLocation();
  // Of /workflows/1/versions the thing is the workflow: the crumb that leads there.
  const thing = crumbs.find(({ to }) => to && pathname.startsWith(`${to}/`) && to.split('/').length === 3)?.label ?? crumbs.at(-1)?.label;
  useEffect(() => {
    if (thing) noteRecent(pathname, thing);
  }, [pathname, thing]);
  return (
    <header className="sticky top-0 z-20 flex h-bar shrink-0 items-center gap-12 border-b border-line bg-paper px-16 wide:px-24">
      <nav aria-label="Where you are" className="min-w-0 flex-1">
        <ol className="flex items-center gap-4">
          {crumbs.map(({ label, to, before }, index) => {
            const last = index === crumbs.length - 1;
            return (
              <li key={label} className={last ? 'flex min-w-0 items-center gap-4' : 'flex shrink-0 items-center gap-4 max-wide:hidden'}>
                {index > 0 && <ChevronRight size={14} aria-hidden className="shrink-0 text-faint max-wide:hidden" />}
                {last || !to ? (
                  <h1 aria-current={last ? 'page' : undefined} className="truncate font-semibold" title={label}>
                    {before && <span className="font-normal text-muted wide:hidden">{before} </span>}
                    {label}
                  </h1>
                ) : (
                  <Link to={to} className="max-w-[240px] truncate rounded-control text-muted hover:text-ink">
                    {label}
                  </Link>
                )}
              </li>
            );
          })}
        </ol>
      </nav>
      {children && <div className="flex shrink-0 items-center gap-8">{children}</div>}
    </header>
  );
}
