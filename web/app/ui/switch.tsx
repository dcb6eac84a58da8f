/** On or off, at once. A checkbox underneath, so that it posts and reads as one. */
import clsx from 'clsx';
import type { InputHTMLAttributes } from 'react';
import { useFieldLink } from './field.tsx';

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'role'>;

export function Switch({ className, ...rest }: Props) {
  return (
    <span className={clsx('relative inline-flex h-control shrink-0 items-center', className)}>
      <input
        type="checkbox"
        // oxlint-disable-next-line jsx-a11y/role-has-required-aria-props -- a checkbox tells its own state
        role="switch"
        {...useFieldLink()}
        {...rest}
        className="peer absolute inset-0 z-1 m-0 h-full w-[32px] cursor-pointer opacity-0 disabled:cursor-not-allowed"
      />
      <span
        aria-hidden
        className="h-[18px] w-[32px] rounded-round border border-line-strong bg-press ease-state peer-checked:border-ink peer-checked:bg-ink peer-focus-visible:outline-2 peer-focus-visible:outline-offset-1 peer-focus-visible:outline-focus peer-disabled:opacity-50"
      />
      <span
        aria-hidden
        className="absolute left-[3px] size-12 rounded-round bg-paper shadow-[0_0_0_1px_var(--line-strong)] ease-state peer-checked:translate-x-[14px] peer-checked:shadow-none"
      />
    </span>
  );
}

/** A square tick with its words. */
export function Checkbox({ children, className, ...rest }: Props) {
  return (
    <label className={clsx('inline-flex min-h-control cursor-pointer items-center gap-8', className)}>
      <input type="checkbox" {...rest} className="size-[16px] shrink-0 accent-ink" />
      <span>{children}</span>
    </label>
  );
}

/** One of a few that need a sentence each. */
export function Radio({ children, hint, className, ...rest }: Props & { hint?: string | undefined }) {
  return (
    <label className={clsx('flex min-h-control cursor-pointer items-start gap-8 py-4', className)}>
      <input type="radio" {...rest} className="mt-[2px] size-[16px] shrink-0 accent-ink" />
      <span>
        {children}
        {hint && <span className="block text-12 text-muted">{hint}</span>}
      </span>
    </label>
  );
}
