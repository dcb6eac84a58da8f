/** Toasts: what was done, with "Undo" for 8 s instead of a question before. Never for validation. The clock stops while one is looked at. */
import { X } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { buttonClass } from './button.tsx';
import { closeToast, type Shown, toasts } from './toast-store.ts';

export { showToast } from './toast-store.ts';

const shownMs = 8000;

function useTimeout(id: number, paused: boolean): void {
  const left = useRef(shownMs);
  useEffect(() => {
    if (paused) return;
    const from = Date.now();
    const timer = setTimeout(() => closeToast(id), left.current);
    return () => {
      clearTimeout(timer);
      left.current = Math.max(1500, left.current - (Date.now() - from));
    };
  }, [id, paused]);
}

function Toast({ toast }: { toast: Shown }) {
  const [paused, setPaused] = useState(false);
  useTimeout(toast.id, paused);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the toast only watches whether it is looked at; its buttons act
    <li
      className="flex items-start gap-12 rounded-panel border border-line bg-paper p-12 shadow-float"
      onPointerEnter={() => setPaused(true)}
      onPointerLeave={() => setPaused(false)}
      onFocus={() => setPaused(true)}
      onBlur={() => setPaused(false)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          closeToast(toast.id);
        }
      }}
    >
      <div className="min-w-0 flex-1 py-4">
        <p className={toast.tone === 'failed' ? 'font-medium text-failed-text' : 'font-medium'}>{toast.text}</p>
        {toast.more && <p className="text-muted">{toast.more}</p>}
      </div>
      {toast.undo && (
        <button
          type="button"
          className={buttonClass('plain')}
          onClick={() => {
            toast.undo?.();
            closeToast(toast.id);
          }}
        >
          Undo
        </button>
      )}
      <button type="button" aria-label="Close" className={buttonClass('quiet', true)} onClick={() => closeToast(toast.id)}>
        <X size={16} aria-hidden />
      </button>
    </li>
  );
}

const none: readonly Shown[] = [];

/** Where toasts appear: mounted once, in the shell. */
export function ToastPlace() {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.now, () => none);
  return (
    <ul
      aria-label="Notices"
      aria-live="polite"
      className="fixed right-16 bottom-[calc(16px+var(--dock,0px))] z-50 flex w-[360px] max-w-[calc(100vw-32px)] flex-col gap-8 max-wide:bottom-[calc(72px+var(--dock,0px))]"
    >
      {shown.map((toast) => (
        <Toast key={toast.id} toast={toast} />
      ))}
    </ul>
  );
}
