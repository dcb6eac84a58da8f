/** Toasts: what was done, with "Undo" for 8 s instead of a question before. Never for validation. */
import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { buttonClass } from './button.tsx';

const manager = Toast.createToastManager<{ undo?: () => void }>();

export interface ToastOptions {
  text: string;
  /** A second line: why, or what comes next. */
  more?: string;
  tone?: 'plain' | 'failed';
  undo?: () => void;
}

/** Shows a toast from anywhere in the browser. */
export function showToast({ text, more, tone = 'plain', undo }: ToastOptions): void {
  manager.add({
    title: text, ...(more ? { description: more } : {}), type: tone, timeout: 8000, priority: tone === 'failed' ? 'high' : 'low', ...(undo ? { data: { undo } } : {}),
  });
}

function Toasts() {
  const { toasts, close } = Toast.useToastManager<{ undo?: () => void }>();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="float-in flex items-start gap-12 rounded-panel border border-line bg-paper p-12 shadow-float">
      <Toast.Content className="min-w-0 flex-1">
        <Toast.Title className={toast.type === 'failed' ? 'font-medium text-failed-text' : 'font-medium'} />
        <Toast.Description className="text-muted" />
      </Toast.Content>
      {toast.data?.undo && (
        <button type="button" className={buttonClass('plain')} onClick={() => { toast.data?.undo?.(); close(toast.id); }}>Undo</button>
      )}
      <Toast.Close aria-label="Close" className={buttonClass('quiet', true)}><X size={16} aria-hidden /></Toast.Close>
    </Toast.Root>
  ));
}

/** Where toasts appear: mounted once, in the shell. */
export function ToastPlace() {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-16 bottom-16 z-50 flex w-[360px] max-w-[calc(100vw-32px)] flex-col gap-8 max-wide:bottom-[72px]">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
