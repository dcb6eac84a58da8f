/** Tabs that differ in the address's search only. */
import clsx from 'clsx';
import { Link } from 'react-router';

export function ShowTabs({ label, now, tabs }: { label: string; now: string; tabs: readonly { to: string; value: string; label: string }[] }) {
  return (
    <nav aria-label={label} className="flex h-[40px] shrink-0 items-stretch gap-16 overflow-x-auto border-b border-line px-16 wide:px-24">
      {tabs.map(({ to, value, label: words }) => (
        <Link
          key={value}
          to={to}
          aria-current={value === now ? 'page' : undefined}
          className={clsx(
            'focus-inset -mb-px inline-flex items-center whitespace-nowrap border-b-2 px-4 ease-state',
            value === now ? 'border-ink font-medium text-ink' : 'border-transparent text-muted hover:text-ink',
          )}
        >
          {words}
        </Link>
      ))}
    </nav>
  );
}
