/** How it looks, in this browser: theme, with a picture of each. */
import clsx from 'clsx';
import type { Route } from './+types/appearance.ts';
import type { Theme } from '../../api/prefs.ts';
import { useTheme } from '../../shell/use-theme.ts';
import { SettingsHead } from './settings-head.tsx';

export const meta: Route.MetaFunction = () => [{ title: 'Appearance' }];

const themes: [Theme, string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

const schemes: Record<Theme, string> = { system: '', light: '[color-scheme:light]', dark: '[color-scheme:dark]' };

/** A page in small; drawn in the theme that it stands for. */
function Picture({ theme }: { theme: Theme }) {
  return (
    <span className={clsx('block h-[96px] w-full overflow-hidden rounded-control border border-line bg-paper', schemes[theme])}>
      <svg viewBox="0 0 200 96" preserveAspectRatio="xMinYMin slice" className="size-full" aria-hidden>
        <rect width="48" height="96" className="fill-sunk" />
        <rect x="10" y="14" width="28" height="5" rx="2" className="fill-ink" />
        <rect x="10" y="30" width="22" height="4" rx="2" className="fill-line-strong" />
        <rect x="10" y="42" width="26" height="4" rx="2" className="fill-line-strong" />
        <rect x="60" y="14" width="60" height="6" rx="2" className="fill-ink" />
        {[34, 52, 70].map((y, index) => (
          <g key={y}>
            <line x1="60" x2="200" y1={y + 10} y2={y + 10} className="stroke-line" />
            <circle cx="64" cy={y} r="3" className={['fill-completed', 'fill-running', 'fill-failed'][index]} />
            <rect x="74" y={y - 3} width={54 - index * 8} height="5" rx="2" className="fill-muted" />
            <rect x="144" y={y - 4} width={44 - index * 10} height="7" rx="2" className={['fill-completed', 'fill-running', 'fill-failed'][index]} />
          </g>
        ))}
      </svg>
    </span>
  );
}

export default function Appearance() {
  const [theme, change] = useTheme();
  return (
    <>
      <SettingsHead title="Appearance" about="Of this browser. Times are shown in the zone of your device; the exact one stands on hover." />
      <fieldset className="grid max-w-[800px] grid-cols-1 gap-16 px-16 pb-24 wide:grid-cols-3 wide:px-24">
        <legend className="sr-only">Theme</legend>
        {themes.map(([value, label]) => (
          <label
            key={value}
            className={clsx(
              'flex cursor-pointer flex-col gap-8 rounded-panel border p-12 has-focus-visible:outline-2 has-focus-visible:outline-focus',
              theme === value ? 'border-ink' : 'border-line hover:border-line-strong',
            )}
          >
            <Picture theme={value} />
            <span className="flex items-center gap-8">
              <input
                type="radio"
                name="theme"
                value={value}
                checked={theme === value}
                onChange={() => change(value)}
                className="accent-[var(--ink)]"
              />
              <span className="font-medium">{label}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </>
  );
}
