/** The open popover; loaded when one first opens (popover.tsx). */
import { Popover as Base } from '@base-ui/react/popover';
import { useState } from 'react';
import type { PopoverProps } from './popover.tsx';

export function PopoverPanel({ button, label, children, face }: PopoverProps & { face: string }) {
  const [open, setOpen] = useState(true);
  return (
    <Base.Root open={open} onOpenChange={setOpen}>
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it takes the place of the button that had the focus */}
      <Base.Trigger autoFocus aria-label={label} className={face}>
        {button}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" className="z-50 outline-none">
          <Base.Popup
            aria-label={label}
            className="float-in max-h-[60vh] min-w-[220px] max-w-[calc(100vw-32px)] overflow-auto rounded-panel border border-line bg-paper p-12 shadow-float outline-none"
          >
            {children(() => setOpen(false))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
