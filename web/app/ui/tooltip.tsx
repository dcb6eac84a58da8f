/** A short text on hover and focus. It says more about what is there; it never holds what is nowhere else: the text is also the description for screen readers. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

const delayMs = 350;

export interface TooltipProps {
  text: ReactNode;
  /** What it is about; gets the pointer and focus of its children. */
  children: ReactNode;
  className?: string | undefined;
}

/** Below its place, or above where there is no room; inside the window. */
function place(tip: HTMLElement, around: DOMRect): void {
  const { width, height } = tip.getBoundingClientRect();
  const below = around.bottom + 4 + height < window.innerHeight;
  tip.style.left = `${Math.round(Math.max(8, Math.min(around.left, window.innerWidth - width - 8)))}px`;
  tip.style.top = `${Math.round(below ? around.bottom + 4 : around.top - height - 4)}px`;
}

export function Tooltip({ text, children, className }: TooltipProps) {
  const [open, setOpen] = useState(false);
  const around = useRef<HTMLSpanElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();
  const show = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(true), delayMs);
  };
  const hide = (): void => {
    clearTimeout(timer.current);
    setOpen(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!open) return;
    if (tip.current && around.current) place(tip.current, around.current.getBoundingClientRect());
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setOpen(false);
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('scroll', hide, true);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('scroll', hide, true);
    };
  }, [open]);
  return (
    <span
      ref={around}
      className={className ?? 'inline-flex'}
      onPointerEnter={show}
      onPointerLeave={hide}
      onFocus={show}
      onBlur={hide}
      aria-describedby={id}
    >
      {children}
      <span id={id} hidden>
        {text}
      </span>
      {open &&
        createPortal(
          <div ref={tip} role="tooltip" className="pointer-events-none fixed z-50 max-w-[320px] rounded-control bg-ink px-8 py-4 text-12 text-paper">
            {text}
          </div>,
          document.body,
        )}
    </span>
  );
}
