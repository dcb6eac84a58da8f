/** Who is signed in: theme, team, sign out. */
import { Menu } from '@base-ui/react/menu';
import type { Me } from '@hub/contract';
import clsx from 'clsx';
import { Check, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { useRouteLoaderData, useSubmit } from 'react-router';
import { setTheme, type Theme } from '../api/prefs.ts';
import type { loader as rootLoader } from '../root.tsx';

const row = 'flex h-[32px] cursor-default items-center gap-12 rounded-control px-8 outline-none data-highlighted:bg-hover max-wide:h-[40px]';
const themes: [Theme, string, typeof Sun][] = [['system', 'As the system', Monitor], ['light', 'Light', Sun], ['dark', 'Dark', Moon]];

function initials(name: string): string {
  return name.split(/\s+/).slice(0, 2).map((word) => word.charAt(0).toUpperCase()).join('') || '?';
}

/** The current theme and a way to change it. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const root = useRouteLoaderData<typeof rootLoader>('root');
  const [theme, setShown] = useState<Theme>(() => {
    const live = typeof document === 'undefined' ? undefined : document.documentElement.dataset['theme'];
    return live === 'light' || live === 'dark' ? live : (root?.prefs.theme ?? 'system');
  });
  return [theme, (next) => { setTheme(next); setShown(next); }];
}

export function PersonMenu({ me, folded }: { me: Me; folded: boolean }) {
  const submit = useSubmit();
  const [theme, change] = useTheme();
  const name = me.user?.name ?? 'API key';
  const send = (fields: Record<string, string>, action: string): void => void submit({ _csrf: me.csrfToken ?? '', ...fields }, { method: 'post', action });
  return (
    <Menu.Root>
      <Menu.Trigger aria-label={`${name}: theme, team, sign out`} className={clsx('focus-inset flex h-[40px] w-full items-center gap-12 rounded-control px-4 text-left hover:bg-hover')}>
        <span aria-hidden className="flex size-24 shrink-0 items-center justify-center rounded-control bg-ink text-12 font-medium text-paper">{initials(name)}</span>
        {!folded && <span className="min-w-0"><span className="block truncate leading-[16px] font-medium">{name}</span><span className="block truncate text-12 text-muted">{me.user?.email}</span></span>}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="top" align="start" sideOffset={8} className="z-50">
          <Menu.Popup className="float-in min-w-[200px] rounded-panel border border-line bg-paper p-4 shadow-float outline-none">
            <Menu.RadioGroup value={theme} onValueChange={(value: Theme) => change(value)}>
              {themes.map(([value, label, Icon]) => (
                <Menu.RadioItem key={value} value={value} className={row} closeOnClick={false}>
                  <Icon size={16} aria-hidden className="text-muted" />{label}
                  <Menu.RadioItemIndicator className="ml-auto"><Check size={14} aria-hidden /></Menu.RadioItemIndicator>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            {me.teams.length > 1 && <Menu.Separator className="my-4 h-px bg-line" />}
            {me.teams.length > 1 && me.teams.map((team) => (
              <Menu.Item key={team.id} className={row} onClick={() => send({ team: team.id }, '/palette')}>
                <span className="truncate">{team.name}</span>{team.id === me.team?.id && <Check size={14} aria-label="Active team" className="ml-auto" />}
              </Menu.Item>
            ))}
            <Menu.Separator className="my-4 h-px bg-line" />
            <Menu.Item className={row} onClick={() => send({}, '/sign-out')}><LogOut size={16} aria-hidden className="text-muted" />Sign out</Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
