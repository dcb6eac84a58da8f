/** A word in a thin frame: a tag, a version, "draft". For states use `StateLabel`; never on everything. */
import clsx from 'clsx';
import type { ReactNode } from 'react';

export function Badge({
  children,
  tone = 'plain',
  className,
}: {
  children: ReactNode;
  tone?: 'plain' | 'strong' | 'failed' | 'waiting';
  className?: string;
}) {
  return (
    <span
      className={clsx(
        'inline-flex h-[20px] items-center gap-4 rounded-control border px-[6px] text-12 whitespace-nowrap',
        {
          plain: 'border-line text-muted',
          strong: 'border-line-strong text-ink',
          failed: 'border-transparent bg-failed-soft text-failed-text',
          waiting: 'border-transparent bg-waiting-soft text-waiting-text',
        }[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
