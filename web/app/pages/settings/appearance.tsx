/** How it looks, in this browser. */
import clsx from 'clsx';
import type { Route } from './+types/appearance.ts';
import type { Theme } from '../../api/prefs.ts';
import { useTheme } from '../../shell/use-theme.ts';
import { SettingsHead } from './settings-head.tsx';

export const meta: Route.MetaFunction = () => [{ title: 'Appearance' }];

const themes: [Theme, string, string][] = [
  ['system', 'As the system', 'follows your device'],
  ['light', 'Light', 'ink on paper'],
  ['dark', 'Dark', 'paper on ink'],
];

export default function Appearance() {
  const [theme, change] = useTheme();
  return (
    <>
      <SettingsHead title="Appearance" about="Of this browser. The time zone is part of your profile." />
      <fieldset className="flex max-w-[480px] flex-col px-16 pb-24 wide:px-24">
        <legend className="mb-8 font-medium">Theme</legend>
        {themes.map(([value, label, about]) => (
          <label
            key={value}
            className="flex min-h-[36px] cursor-pointer items-center gap-12 border-b border-line hover:bg-hover max-wide:min-h-[48px]"
          >
            <input type="radio" name="theme" value={value} checked={theme === value} onChange={() => change(value)} className="accent-[var(--ink)]" />
            <span className={clsx('flex-1', theme === value && 'font-medium')}>{label}</span>
            <span className="text-muted">{about}</span>
          </label>
        ))}
      </fieldset>
    </>
  );
}
