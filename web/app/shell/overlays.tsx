/** Palette and help, loaded when first asked for, and the keys that work on every page. */
import { lazy, Suspense, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { typingIn } from '../ui/keys.ts';
import { places } from './places.ts';
import { useLeaving } from './use-unsaved.ts';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));
const LeavingDialog = lazy(async () => ({ default: (await import('./leaving.tsx')).LeavingDialog }));
const Help = lazy(async () => ({ default: (await import('./help.tsx')).Help }));

type Overlay = 'palette' | 'help' | null;
const opened = new EventTarget();
const ask = (what: Overlay): void => void opened.dispatchEvent(new CustomEvent('open', { detail: what }));

export const openPalette = (): void => ask('palette');
export const openHelp = (): void => ask('help');

/** Mod+K palette, ? help, / the page's search, g then a letter: a place. */
export function useShellKeys(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let afterG = 0;
    const onKey = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openPalette();
        return;
      }
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'b') {
        event.preventDefault();
        document.querySelector<HTMLButtonElement>('[data-fold-rail]')?.click();
        return;
      }
      if (typingIn(event)) return;
      if (event.key === '?') {
        event.preventDefault();
        openHelp();
        return;
      }
      if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('main input[type="search"]');
        event.preventDefault();
        if (search) search.focus();
        else openPalette();
        return;
      }
      const place = Date.now() - afterG < 1000 ? places.find(({ key }) => key === event.key) : undefined;
      afterG = event.key === 'g' ? Date.now() : 0;
      if (place) void navigate(place.to);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate]);
}

export function Overlays() {
  const [overlay, setOverlay] = useState<Overlay>(null);
  const [wasOpen, setWasOpen] = useState<Set<Overlay>>(new Set());
  useEffect(() => {
    const onOpen = (event: Event): void => {
      const what = (event as CustomEvent<Overlay>).detail;
      setOverlay(what);
      setWasOpen((before) => new Set(before).add(what));
    };
    opened.addEventListener('open', onOpen);
    return () => opened.removeEventListener('open', onOpen);
  }, []);
  const leaving = useLeaving();
  const close = (): void => setOverlay(null);
  return (
    <Suspense>
      {leaving && <LeavingDialog leaving={leaving} />}
      {wasOpen.has('palette') && <Palette open={overlay === 'palette'} onClose={close} />}
      {wasOpen.has('help') && <Help open={overlay === 'help'} onClose={close} />}
    </Suspense>
  );
}
