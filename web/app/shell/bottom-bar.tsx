/** The rail of a phone: four places within reach of a thumb; the rest in a sheet. */
import clsx from 'clsx';
import { Menu as MenuIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, NavLink, useLocation } from 'react-router';
import { Sheet } from '../ui/sheet.tsx';
import { openPalette } from './overlays.tsx';
import { PersonMenu } from './person-menu.tsx';
import { morePlaces, places } from './places.ts';
import { useMe } from './use-me.ts';

const cell = 'focus-inset relative flex h-[56px] flex-1 flex-col items-center justify-center gap-4 text-12';

export function BottomBar({ unread }: { unread: number }) {
  const [open, setOpen] = useState(false);
  const { me } = useMe();
  const { pathname } = useLocation();
  useEffect(() => setOpen(false), [pathname]);
  return (
    <>
      <nav aria-label="Main" className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-paper wide:hidden">
        {places
          .filter((place) => place.group === 'work')
          .map(({ to, label, icon: Icon }) => (
            <NavLink key={to} to={to} end={to === '/'} className={({ isActive }) => clsx(cell, isActive ? 'font-medium text-ink' : 'text-muted')}>
              <Icon size={16} aria-hidden />
              {label}
            </NavLink>
          ))}
        <button type="button" className={clsx(cell, 'text-muted')} onClick={() => setOpen(true)} aria-haspopup="dialog">
          <MenuIcon size={16} aria-hidden />
          More
          {unread > 0 && (
            <span className="absolute top-8 left-[calc(50%+8px)] size-8 rounded-round bg-running">
              <span className="sr-only">{unread} unread</span>
            </span>
          )}
        </button>
      </nav>
      <Sheet open={open} onClose={() => setOpen(false)} title={me.team?.name ?? 'More'}>
        <ul className="-mx-8 flex flex-col">
          <li>
            <button
              type="button"
              className="flex h-[44px] w-full items-center px-8"
              onClick={() => {
                setOpen(false);
                openPalette();
              }}
            >
              Search
            </button>
          </li>
          {[...places.filter((place) => place.group === 'team'), ...morePlaces].map(({ to, label }) => (
            <li key={to}>
              <Link to={to} onClick={() => setOpen(false)} className="flex h-[44px] items-center justify-between rounded-control px-8 hover:bg-hover">
                {label}
                {to === '/inbox' && unread > 0 && <span className="tabular text-running-text">{unread}</span>}
              </Link>
            </li>
          ))}
        </ul>
        <div className="mt-8 border-t border-line pt-8">
          <PersonMenu me={me} folded={false} />
        </div>
      </Sheet>
    </>
  );
}
