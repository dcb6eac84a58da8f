/** The current theme and a way to change it. */
import { useState } from 'react';
import { useRouteLoaderData } from 'react-router';
import { setTheme, type Theme } from '../api/prefs.ts';
import type { loader as rootLoader } from '../root.tsx';

export function useTheme(): [Theme, (theme: Theme) => void] {
  const root = useRouteLoaderData<typeof rootLoader>('root');
  const [theme, setShown] = useState<Theme>(() => {
    const live = typeof document === 'undefined' ? undefined : document.documentElement.dataset['theme'];
    return live === 'light' || live === 'dark' ? live : (root?.prefs.theme ?? 'system');
  });
  return [
    theme,
    (next) => {
      setTheme(next);
      setShown(next);
    },
  ];
}
