/** Buttons: 28 px high, ink for the one main action of a page, hairline for the rest. */
import clsx from 'clsx';
import type { ButtonHTMLAttributes, MouseEvent, ReactNode } from 'react';
import { Link, type LinkProps } from 'react-router';
import { showToast } from './toast-store.ts';

export type ButtonKind = 'main' | 'plain' | 'quiet' | 'danger';

const kinds: Record<ButtonKind, string> = {
  main: 'bg-ink text-paper border-ink hover:opacity-85',
  plain: 'bg-paper text-ink border-line hover:bg-hover active:bg-press',
  quiet: 'bg-transparent text-muted border-transparent hover:bg-hover hover:text-ink active:bg-press',
  danger: 'bg-paper text-failed-text border-line hover:bg-failed-soft',
};

/** Class of anything that looks like a button. */
export function buttonClass(kind: ButtonKind = 'plain', icon = false): string {
  return clsx(
    'inline-flex h-control shrink-0 items-center justify-center gap-8 whitespace-nowrap rounded-control border font-medium ease-state max-wide:min-h-[36px]',
    icon ? 'w-control max-wide:min-w-[36px]' : 'px-12',
    kinds[kind],
    'disabled:opacity-50 aria-disabled:opacity-50',
  );
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind;
  /** Why it cannot be used now; disables it and shows on hover. */
  why?: string | null | undefined;
}

/** Fingers and keys have no hover: pressing what cannot be used says why. */
function tell(event: MouseEvent, why: string): void {
  if ((event.nativeEvent as PointerEvent).pointerType !== 'mouse') showToast({ text: why });
}

/** A button. With `why` it stays focusable, so that the reason can be read by everyone, and does nothing else. */
export function Button({ kind = 'plain', why, className, type = 'button', onClick, children, ...rest }: ButtonProps) {
  return (
    <button
      type={why ? 'button' : type}
      className={clsx(buttonClass(kind), className)}
      title={why ?? rest.title}
      {...(why ? { 'aria-disabled': true } : {})}
      onClick={why ? (event) => tell(event, why) : onClick}
      {...rest}
    >
      {children}
      {why && <span className="sr-only">: {why}</span>}
    </button>
  );
}

/** A square button with an icon; `label` is its name and tooltip. */
export function IconButton({ label, kind = 'quiet', className, type = 'button', children, ...rest }: Omit<ButtonProps, 'why'> & { label: string }) {
  return (
    <button type={type} aria-label={label} title={label} className={clsx(buttonClass(kind, true), className)} {...rest}>
      {children}
    </button>
  );
}

export function LinkButton({ kind = 'plain', className, children, ...rest }: LinkProps & { kind?: ButtonKind; children: ReactNode }) {
  return (
    <Link className={clsx(buttonClass(kind), className)} {...rest}>
      {children}
    </Link>
  );
}
