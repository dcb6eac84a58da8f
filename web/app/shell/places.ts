/** The places of the product: rail, bottom bar, palette and help all read this list. */
import { FolderOpen, House, Inbox, LayoutTemplate, type LucideIcon, Play, Plug, Settings, Workflow } from 'lucide-react';

export interface Place {
  to: string;
  label: string;
  icon: LucideIcon;
  /** After `g`. */
  key: string;
  /** Another page that belongs to it: it is lit there too. */
  also?: string;
  group: 'work' | 'team';
}

export const places: Place[] = [
  { to: '/', label: 'Home', icon: House, key: 'h', group: 'work' },
  { to: '/workflows', label: 'Workflows', icon: Workflow, key: 'w', group: 'work' },
  { to: '/runs', label: 'Runs', icon: Play, key: 'r', group: 'work' },
  { to: '/templates', label: 'Templates', icon: LayoutTemplate, key: 't', group: 'team' },
  { to: '/inbox', label: 'Inbox', icon: Inbox, key: 'i', group: 'team', also: '/approvals' },
  { to: '/connections', label: 'Connections', icon: Plug, key: 'c', group: 'team' },
  { to: '/files', label: 'Files', icon: FolderOpen, key: 'f', group: 'team' },
  { to: '/settings', label: 'Settings', icon: Settings, key: 's', group: 'team' },
];

/** Pages reached by palette and settings, not by the rail. */
export const morePlaces: { to: string; label: string }[] = [
  { to: '/approvals', label: 'Approvals' },
  { to: '/workflows/new', label: 'New workflow' },
  { to: '/settings/members', label: 'Members and invitations' },
  { to: '/settings/api-keys', label: 'API keys' },
  { to: '/settings/variables', label: 'Variables' },
  { to: '/settings/audit', label: 'Audit log' },
  { to: '/settings/appearance', label: 'Appearance' },
  { to: '/settings/sessions', label: 'Sessions' },
  { to: '/settings/limits', label: 'Limits and use' },
  { to: '/settings/retention', label: 'Retention' },
  { to: '/dev/mail', label: 'Mail that was not sent' },
];

/** What a page is of: its tabs, and what is opened beside it, are the same page. `/runs/1/events` -> `/runs/1`. */
export function pageOf(path: string): string {
  const [first = '', second = '', third = ''] = path.split('/').filter((part) => part !== '');
  if (first === 'settings') return '/settings';
  return `/${[first, second, third === 'edit' ? third : ''].filter((part) => part !== '').join('/')}`;
}

/** The page is one of this place: it is lit in the rail. */
export function isWithin({ to, also }: Place, path: string): boolean {
  return [to, also].some((each) => each !== undefined && (path === each || (each !== '/' && path.startsWith(`${each}/`))));
}

/** Name of the place that an address belongs to. */
export function placeName(path: string): string {
  const found = [...places, ...morePlaces].find(({ to }) => to !== '/' && (path === to || path.startsWith(`${to}/`)));
  return found?.label ?? (path === '/' ? 'Home' : '');
}
