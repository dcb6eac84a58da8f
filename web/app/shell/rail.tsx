/** The rail: 208 px, folds to 48; remembered in a cookie so that the server draws it right. */
import type { Me } from '@hub/contract';
import clsx from 'clsx';
import { CircleHelp, PanelLeftClose, PanelLeftOpen, Search } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation, useRouteLoaderData } from 'react-router';
import { remember } from '../api/prefs.ts';
import type { loader as rootLoader } from '../root.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Mark } from './mark.tsx';
import { openHelp, openPalette } from './overlays.tsx';
import { PersonMenu } from './person-menu.tsx';
import { isWithin, type Place, places } from './places.ts';
import { TeamSwitch } from './team-switch.tsx';

const item = 'focus-inset flex h-[32px] w-full items-center gap-12 rounded-control px-8 ease-state';

function PlaceLink({ place, folded, unread }: { place: Place; folded: boolean; unread: number }) {
  const Icon = place.icon;
  const { pathname } = useLocation();
  const isHere = isWithin(place, pathname);
  const count = place.to === '/inbox' && unread > 0 ? unread : null;
  return (
    <Link
      to={place.to}
      aria-current={isHere ? (pathname === place.to ? 'page' : 'true') : undefined}
      title={folded ? place.label : undefined}
      className={clsx(item, 'relative', isHere ? 'bg-chosen font-medium text-ink' : 'text-muted hover:bg-hover hover:text-ink')}
    >
      <Icon size={16} aria-hidden className="shrink-0" />
      <span className={folded ? 'sr-only' : 'truncate'}>{place.label}</span>
      {count !== null &&
        (folded ? (
          <span className="absolute top-4 right-4 size-8 rounded-round bg-running">
            <span className="sr-only">{count} unread</span>
          </span>
        ) : (
          <span className="tabular ml-auto text-12 font-medium text-running-text">
            {count > 99 ? '99+' : count}
            <span className="sr-only"> unread</span>
          </span>
        ))}
    </Link>
  );
}

function RailButton({
  label,
  keys,
  icon,
  folded,
  onClick,
  folds,
}: {
  label: string;
  keys?: string;
  icon: React.ReactNode;
  folded: boolean;
  onClick: () => void;
  /** It is the button that the key for folding presses. */
  folds?: boolean;
}) {
  return (
    <button
      type="button"
      onClick={onClick}
      data-fold-rail={folds || undefined}
      title={folded ? label : undefined}
      className={clsx(item, 'text-muted hover:bg-hover hover:text-ink')}
    >
      {icon}
      <span className={folded ? 'sr-only' : 'truncate'}>{label}</span>
      {keys && !folded && (
        <span className="ml-auto" aria-hidden>
          <Kbd keys={keys} />
        </span>
      )}
    </button>
  );
}

export function Rail({ me, unread }: { me: Me; unread: number }) {
  const root = useRouteLoaderData<typeof rootLoader>('root');
  const [folded, setFolded] = useState(root?.prefs.railFolded ?? false);
  const fold = (): void => {
    setFolded(!folded);
    remember('hub-rail', folded ? 'open' : 'folded');
  };
  const group = (name: Place['group']) => (
    <ul className="flex flex-col gap-px">
      {places
        .filter((place) => place.group === name)
        .map((place) => (
          <li key={place.to}>
            <PlaceLink place={place} folded={folded} unread={unread} />
          </li>
        ))}
    </ul>
  );
  return (
    <nav
      aria-label="Main"
      className={clsx(
        'sticky top-0 flex h-dvh shrink-0 flex-col gap-16 border-r border-line bg-sunk p-8 max-wide:hidden',
        folded ? 'w-rail-folded' : 'w-rail',
      )}
    >
      <div className="flex h-[32px] items-center gap-8 px-[6px]">
        <Link to="/" aria-label="Home" className="rounded-control">
          <Mark />
        </Link>
        {!folded && <TeamSwitch me={me} />}
      </div>
      <RailButton label="Search" keys="mod+K" icon={<Search size={16} aria-hidden className="shrink-0" />} folded={folded} onClick={openPalette} />
      {group('work')}
      {group('team')}
      <div className="mt-auto flex flex-col gap-px">
        <RailButton
          label="Keys and help"
          keys="?"
          icon={<CircleHelp size={16} aria-hidden className="shrink-0" />}
          folded={folded}
          onClick={openHelp}
        />
        <RailButton
          label={folded ? 'Unfold the rail' : 'Fold the rail'}
          icon={folded ? <PanelLeftOpen size={16} aria-hidden className="shrink-0" /> : <PanelLeftClose size={16} aria-hidden className="shrink-0" />}
          folded={folded}
          onClick={fold}
          folds
        />
        <PersonMenu me={me} folded={folded} />
      </div>
    </nav>
  );
}
