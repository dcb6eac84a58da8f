/** What toasts are shown; any code of the browser may add one. */
export interface ToastOptions {
  text: string;
  /** A second line: why, or what comes next. */
  more?: string;
  tone?: 'plain' | 'failed';
  undo?: () => void;
}

export interface Shown extends ToastOptions {
  id: number;
}

const most = 3;
let shown: readonly Shown[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Shown[]): void {
  shown = next;
  for (const each of listeners) each();
}

/** Shows a toast from anywhere in the browser. */
export function showToast(options: ToastOptions): void {
  set([...shown, { ...options, id: ++lastId }].slice(-most));
}

/** What `useSyncExternalStore` reads them by. */
export const toasts = {
  subscribe: (call: () => void): (() => void) => {
    listeners.add(call);
    return () => void listeners.delete(call);
  },
  now: (): readonly Shown[] => shown,
};

export const closeToast = (id: number): void => set(shown.filter((toast) => toast.id !== id));
