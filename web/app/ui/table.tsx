/** The list table: 36 px rows, sticky header, j/k to move, Enter to open. On a phone each row becomes two lines. */
import clsx from 'clsx';
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { Link } from 'react-router';
import { typingIn } from './keys.ts';
import { PickBox, pickCell, type TableSelection, usePicking } from './table-selection.tsx';

export interface Column<Row> {
  key: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Figures: right-aligned, tabular. */
  figure?: boolean;
  className?: string;
  /** On a phone: the first line (default for the first column) and its end, the second line and its end, a line of its own below them, or nothing (default). */
  phone?: 'title' | 'end' | 'meta' | 'under' | 'below' | 'hidden';
}

export interface TableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Where a row leads; the first column carries the link. */
  href?: (row: Row) => string;
  /** Buttons at the end of a row; above the row's link. */
  actions?: (row: Row) => ReactNode;
  /** Column widths come from the columns alone, so that lists under one another align. */
  fixed?: boolean;
  headless?: boolean;
  /** Check boxes before the rows. */
  selection?: TableSelection<Row> | undefined;
  /** Keys of rows that left the list meanwhile: still there, quieter. */
  gone?: ReadonlySet<string> | undefined;
}

const phoneClass = {
  title: 'max-wide:col-start-1 max-wide:row-start-1',
  end: 'max-wide:col-start-2 max-wide:row-start-1 max-wide:justify-self-end',
  meta: 'max-wide:row-start-2 max-wide:text-muted',
  under: 'max-wide:col-start-2 max-wide:row-start-2 max-wide:w-[120px] max-wide:justify-self-end',
  below: 'max-wide:col-span-2 max-wide:row-start-3 max-wide:pt-4',
  hidden: 'max-wide:hidden',
} as const;

/** Moves the mark from row to row with j and k, over all tables of the page in their order; Enter opens its link, x chooses it. Quiet while somebody types. */
function useRowKeys(pick?: (index: number) => void) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [at, setAt] = useState(-1);
  const onPick = useEffectEvent(() => {
    if (at >= 0) pick?.(at);
  });
  useEffect(() => {
    // The mark follows the focus and stays when that goes elsewhere, until a row of any table has it.
    const onFocus = (event: FocusEvent): void => {
      const row = event.target instanceof Element ? event.target.closest<HTMLTableRowElement>('[data-rows] > tr') : null;
      if (row) setAt(row.parentElement === body.current ? row.sectionRowIndex : -1);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (typingIn(event) || event.defaultPrevented || document.querySelector('[role="dialog"]')) return;
      if (event.key === 'x') onPick();
      if (event.key !== 'j' && event.key !== 'k') return;
      // The first table that hears it moves for all.
      event.preventDefault();
      const rows = [...document.querySelectorAll<HTMLTableRowElement>('[data-rows] > tr')];
      const now = rows.findIndex((row) => row.hasAttribute('data-at'));
      const next = rows[Math.min(rows.length - 1, Math.max(0, now + (event.key === 'j' ? 1 : -1)))];
      next?.scrollIntoView({ block: 'nearest' });
      (next?.querySelector<HTMLElement>('a') ?? next)?.focus({ preventScroll: true });
    };
    document.addEventListener('focusin', onFocus);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  return { body, at };
}

export function Table<Row>({ label, columns, rows, rowKey, href, actions, fixed, headless, selection, gone }: TableProps<Row>) {
  const { toggle, all, toggleAll } = usePicking(selection, rows.map(rowKey));
  const { body, at } = useRowKeys((index) => toggle(index, false));
  return (
    <table aria-label={label} role="table" className={clsx('w-full border-separate border-spacing-0 max-wide:block', fixed && 'wide:table-fixed')}>
      <thead role="rowgroup" className={headless ? undefined : 'max-wide:sr-only'}>
        <tr role="row">
          {selection && (
            <th role="columnheader" scope="col" className={clsx('sticky top-[48px] z-10 h-[32px] border-b border-line bg-paper pl-24', pickCell)}>
              <PickBox checked={all} some={selection.chosen.size > 0} label={`Choose all of ${label}`} onToggle={toggleAll} />
            </th>
          )}
          {columns.map((column) => (
            <th
              key={column.key}
              role="columnheader"
              scope="col"
              className={clsx(
                headless
                  ? 'h-0 overflow-hidden p-0 text-[0px] leading-[0]'
                  : 'sticky top-[48px] z-10 h-[32px] border-b border-line bg-paper px-8 text-12 font-medium whitespace-nowrap text-muted first:pl-16 last:pr-16 wide:first:pl-24 wide:last:pr-24',
                column.figure ? 'text-right' : 'text-left',
                column.className,
              )}
            >
              {column.head}
            </th>
          ))}
          {actions && (
            <th role="columnheader" scope="col" className="sticky top-[48px] z-10 border-b border-line bg-paper">
              <span className="sr-only">Actions</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody ref={body} data-rows role="rowgroup" className="max-wide:block">
        {rows.map((row, index) => (
          <tr
            key={rowKey(row)}
            role="row"
            tabIndex={-1}
            data-at={index === at || undefined}
            data-chosen={selection?.chosen.has(rowKey(row)) || undefined}
            data-gone={gone?.has(rowKey(row)) || undefined}
            title={gone?.has(rowKey(row)) ? 'Not in this list any more' : undefined}
            className={clsx(
              'group relative data-at:bg-hover data-chosen:bg-chosen data-gone:text-muted max-wide:grid max-wide:grid-cols-[minmax(0,1fr)_auto] max-wide:gap-x-12 max-wide:border-b max-wide:border-line max-wide:px-16 max-wide:py-8',
              href && 'hover:bg-hover',
            )}
          >
            {selection && (
              <td role="cell" className={clsx('h-row border-b border-line pl-24', pickCell)}>
                <PickBox
                  checked={selection.chosen.has(rowKey(row))}
                  label={`Choose ${selection.nameOf(row)}`}
                  onToggle={(isSpan) => toggle(index, isSpan)}
                />
              </td>
            )}
            {columns.map((column, place) => (
              <td
                key={column.key}
                role="cell"
                className={clsx(
                  'h-row border-b border-line px-8 first:pl-16 last:pr-16 wide:first:pl-24 wide:last:pr-24 max-wide:flex max-wide:h-auto max-wide:min-h-[22px] max-wide:min-w-0 max-wide:items-center max-wide:border-0 max-wide:p-0 max-wide:first:pl-0 max-wide:last:pr-0',
                  column.figure && 'tabular text-right whitespace-nowrap',
                  column.className,
                  phoneClass[column.phone ?? (place === 0 ? 'title' : 'hidden')],
                )}
              >
                {place === 0 && href ? (
                  <Link
                    to={href(row)}
                    preventScrollReset={href(row).startsWith('?')}
                    className="focus-inset block min-w-0 truncate font-medium after:absolute after:inset-0"
                  >
                    {column.cell(row)}
                  </Link>
                ) : (
                  column.cell(row)
                )}
              </td>
            ))}
            {actions && (
              <td
                role="cell"
                className="relative z-1 border-b border-line pr-16 text-right whitespace-nowrap wide:pr-24 max-wide:col-start-2 max-wide:row-span-2 max-wide:row-start-1 max-wide:self-center max-wide:border-0 max-wide:pr-0"
              >
                {actions(row)}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
