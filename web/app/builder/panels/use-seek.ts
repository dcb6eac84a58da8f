/** Leads to the field that somebody asked for: from the list of what is to be mended, or from a failed run. */
import { useEffect } from 'react';
import { useBuilder, usePick } from '../context.tsx';

const focusable = 'input:not([type="hidden"]), textarea, select, [contenteditable="true"], button';

/** The frame of a field, or of the nearest one around it: `/params/rows/0/url` may stand in the frame of `/params/rows`. */
function frameOf(pointer: string): HTMLElement | null {
  const body = document.querySelector('[data-tab-body]');
  const frames = [...(body?.querySelectorAll<HTMLElement>('[data-field]') ?? [])];
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = frames.find((frame) => frame.dataset['field'] === at);
    // Of a condition, the frame of the whole.
    if (found || at === '') return found ?? null;
  }
}

/** Scrolls to the wanted field of a step and gives it the focus, once its form is drawn (`ready`). */
export function useSeek(id: string, ready: boolean): void {
  const { store } = useBuilder();
  const seek = usePick((state) => (state.seek?.nodeId === id ? state.seek : null));
  useEffect(() => {
    if (!seek || !ready) return;
    // The form opens its folded part with the same drawing.
    const frame = requestAnimationFrame(() => {
      store.getState().set({ seek: null });
      const found = frameOf(seek.pointer);
      found?.scrollIntoView({ block: 'center' });
      found?.querySelector<HTMLElement>(focusable)?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [seek, ready, store]);
}
