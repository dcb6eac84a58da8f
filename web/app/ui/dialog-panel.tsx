/** The dialog itself; loaded when one first opens (dialog.tsx). */
import { Dialog as Base } from '@base-ui/react/dialog';
import clsx from 'clsx';
import { X } from 'lucide-react';
import { buttonClass } from './button.tsx';
import type { DialogProps } from './dialog.tsx';

export function DialogPanel({ open, onClose, title, children, foot, wide }: DialogProps) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="float-in fixed inset-0 z-40 bg-[var(--veil)]" />
        <Base.Popup
          className={clsx(
            'float-in fixed top-[14vh] left-1/2 z-50 flex max-h-[72vh] w-full -translate-x-1/2 flex-col overflow-hidden rounded-panel border border-line bg-paper shadow-float outline-none',
            'max-w-[calc(100vw-32px)]',
            wide ? 'wide:w-[720px]' : 'wide:w-[440px]',
          )}
        >
          <header className="flex h-bar shrink-0 items-center justify-between gap-8 px-16">
            <Base.Title className="truncate text-15 font-semibold">{title}</Base.Title>
            <Base.Close aria-label="Close" className={buttonClass('quiet', true)}>
              <X size={16} aria-hidden />
            </Base.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-auto px-16 pb-16">{children}</div>
          {foot && <footer className="flex shrink-0 justify-end gap-8 border-t border-line px-16 py-12">{foot}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
