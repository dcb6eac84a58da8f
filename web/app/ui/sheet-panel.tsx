/** The panel itself; loaded when a sheet first opens (sheet.tsx). */
import { Dialog } from '@base-ui/react/dialog';
import clsx from 'clsx';
import { X } from 'lucide-react';
import { buttonClass } from './button.tsx';
import type { SheetProps } from './sheet.tsx';

export function SheetPanel({ open, onClose, title, children, foot, wide, tall }: SheetProps) {
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="float-in fixed inset-0 z-40 bg-[var(--veil)]" />
        <Dialog.Popup
          className={clsx(
            'fixed z-40 flex flex-col border-line bg-paper shadow-float outline-none',
            'wide:inset-y-0 wide:right-0 wide:border-l panel-in',
            wide ? 'wide:w-[640px]' : 'wide:w-[440px]',
            'max-wide:inset-x-0 max-wide:bottom-0 max-wide:max-h-[88dvh] max-wide:rounded-t-panel max-wide:border-t',
            tall && 'max-wide:h-[88dvh]',
          )}
        >
          <header className="flex h-bar shrink-0 items-center justify-between gap-8 border-b border-line px-16">
            <Dialog.Title className="truncate text-15 font-semibold">{title}</Dialog.Title>
            <Dialog.Close aria-label="Close" className={buttonClass('quiet', true)}>
              <X size={16} aria-hidden />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-auto p-16">{children}</div>
          {foot && <footer className="flex shrink-0 justify-end gap-8 border-t border-line px-16 py-12">{foot}</footer>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
