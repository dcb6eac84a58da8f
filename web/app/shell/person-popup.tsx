/** The menu itself: theme, team, sign out. Loaded when first opened. */
import { Menu } from '@base-ui/react/menu';
import type { Me } from '@hub/contract';
import { Check, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import type { RefObject } from 'react';
import { useSubmit } from 'react-router';
import type { Theme } from '../api/prefs.ts';
import { useTheme } from './use-theme.ts';

const row = 'flex h-[32px] cursor-default items-center gap-12 rounded-control px-8 outline-none data-highlighted:bg-hover max-wide:h-[40px]';
const themes: [Theme, string, typeof Sun][] = [
  ['system', 'As the system', Monitor],
  ['light', 'Light', Sun],
  ['dark', 'Dark', Moon],
];

export function PersonPopup({
  me,
  open,
  onOpen,
  anchor,
}: {
  me: Me;
  open: boolean;
  onOpen: (open: boolean) => void;
  anchor: RefObject<HTMLButtonElement | null>;
}) {
  const submit = useSubmit();
  const [theme, change] = useTheme();
  const send = (fields: Record<string, string>, action: string): void =>
    void submit({ _csrf: me.csrfToken ?? '', ...fields }, { method: 'post', action });
  return (
    <Menu.Root open={open} onOpenChange={onOpen}>
      <Menu.Portal>
        <Menu.Positioner side="top" align="start" sideOffset={8} anchor={anchor} className="z-50">
          <Menu.Popup
            finalFocus={anchor}
            aria-label="Theme, team, sign out"
            className="float-in min-w-[200px] rounded-panel border border-line bg-paper p-4 shadow-float outline-none"
          >
            <Menu.RadioGroup value={theme} onValueChange={(value: Theme) => change(value)}>
              {themes.map(([value, label, Icon]) => (
                <Menu.RadioItem key={value} value={value} className={row} closeOnClick={false}>
                  <Icon size={16} aria-hidden className="text-muted" />
                  {label}
                  <Menu.RadioItemIndicator className="ml-auto">
                    <Check size={14} aria-hidden />
                  </Menu.RadioItemIndicator>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            {me.teams.length > 1 && <Menu.Separator className="my-4 h-px bg-line" />}
            {me.teams.length > 1 &&
              me.teams.map((team) => (
                <Menu.Item key={team.id} className={row} onClick={() => send({ team: team.id }, '/palette')}>
                  <span className="truncate">{team.name}</span>
                  {team.id === me.team?.id && <Check size={14} aria-label="Active team" className="ml-auto" />}
                </Menu.Item>
              ))}
            <Menu.Separator className="my-4 h-px bg-line" />
            <Menu.Item className={row} onClick={() => send({}, '/sign-out')}>
              <LogOut size={16} aria-hidden className="text-muted" />
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
