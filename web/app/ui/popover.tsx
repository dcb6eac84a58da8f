/** A small panel at a button, for what belongs to it: a filter, a date, a detail. Loads with its first opening. */
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { buttonClass, type ButtonKind } from './button.tsx';

export interface PopoverProps {
  /** What the button shows. */
  button: ReactNode;
  /** Names button and panel where the button shows no words. */
  label: string;
  kind?: ButtonKind;
  className?: string;
  /** Gets a way to close itself. */
  children: (close: () => void) => ReactNode;
}

const load = async () => ({ default: (await import('./popover-panel.tsx')).PopoverPanel });
const PopoverPanel = lazy(load);

export function Popover(props: PopoverProps) {
  const { button, label, kind = 'plain', className } = props;
  const [asked, setAsked] = useState(false);
  const face = `${buttonClass(kind)} ${className ?? ''}`;
  const still = (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-expanded="false"
      aria-label={label}
      className={face}
      onPointerEnter={() => void load()}
      onClick={() => setAsked(true)}
    >
      {button}
    </button>
  );
  return asked ? (
    <Suspense fallback={still}>
      <PopoverPanel {...props} face={face} />
    </Suspense>
  ) : (
    still
  );
}
