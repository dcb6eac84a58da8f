/** Rows of data: sorted by a click on a head, columns as wide as one drags them, only what is in sight is drawn. Lazy: `RowsView` loads it. */
import {
  columnResizingFeature,
  columnSizingFeature,
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { formatWhole } from './format.ts';
import type { Json } from './json-path.ts';

type Row = Record<string, Json>;
const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
  columnSizingFeature,
  columnResizingFeature,
});

const rowHeight = 28;

function cellText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A first width by what the first rows hold, px. */
function widthOf(name: string, rows: readonly Row[]): number {
  const longest = rows.slice(0, 30).reduce((most, row) => Math.max(most, cellText(row[name]).length), name.length);
  return Math.min(320, Math.max(72, Math.round(longest * 6.6) + 24));
}

function columnsOf(rows: readonly Row[]): { columns: ColumnDef<typeof features, Row>[]; figures: Set<string> } {
  const names = [...new Set(rows.slice(0, 200).flatMap((row) => Object.keys(row)))];
  const figures = new Set(
    names.filter((name) => rows.slice(0, 50).every((row) => row[name] === undefined || row[name] === null || typeof row[name] === 'number')),
  );
  const columns = names.map((name): ColumnDef<typeof features, Row> => {
    const figure = figures.has(name);
    return {
      id: name,
      accessorFn: (row) => (figure ? row[name] : cellText(row[name])),
      size: widthOf(name, rows),
      minSize: 48,
      sortFn: figure ? 'basic' : 'alphanumeric',
      sortUndefined: 'last',
    };
  });
  return { columns, figures };
}

export interface DataTableProps {
  label: string;
  rows: readonly Row[];
  /** Highest the table grows, px. */
  maxHeight?: number;
  /** A cell was chosen (Enter or click): its row in the data and its column. */
  onCell?: ((row: number, column: string) => void) | undefined;
}

export function DataTable({ label, rows, maxHeight = 420, onCell }: DataTableProps) {
  const { columns, figures } = useMemo(() => columnsOf(rows), [rows]);
  const table = useTable({ features, columns, data: rows as Row[], columnResizeMode: 'onChange', sortDescFirst: false });
  const shown = table.getRowModel().rows;
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  // oxlint-disable-next-line react/incompatible-library -- its functions are called in this component only, never handed on
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 12 });
  const heads = table.getHeaderGroups()[0]?.headers ?? [];
  const width = heads.reduce((sum, head) => sum + head.getSize(), 48);
  const onKey = (event: KeyboardEvent): void => {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: 12, PageUp: -12 }[event.key];
    if (step === undefined || event.target !== event.currentTarget) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.min(shown.length - 1, Math.max(0, at + step));
    setAt(next);
    virtual.scrollToIndex(next);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys scroll it, as they scroll any region
    <div
      ref={box}
      role="region"
      aria-label={`${label}, table`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by key
      tabIndex={0}
      onKeyDown={onKey}
      className="focus-inset overflow-auto rounded-panel border border-line text-12"
      style={{ maxHeight }}
    >
      <div role="table" aria-label={label} aria-rowcount={shown.length + 1} style={{ width, minWidth: '100%' }}>
        <div role="row" className="sticky top-0 z-10 flex border-b border-line bg-sunk">
          <span role="columnheader" className="w-48 shrink-0 px-8 py-4 text-right text-faint">
            #
          </span>
          {heads.map((head) => {
            const sorted = head.column.getIsSorted();
            return (
              <span
                key={head.id}
                role="columnheader"
                aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
                className="group/head relative flex shrink-0 items-center"
                style={{ width: head.getSize() }}
              >
                <button
                  type="button"
                  className={clsx(
                    'focus-inset flex min-w-0 flex-1 items-center gap-4 px-8 py-4 font-medium text-muted hover:text-ink',
                    figures.has(head.id) && 'justify-end',
                  )}
                  onClick={head.column.getToggleSortingHandler()}
                >
                  <span className="truncate">{head.id}</span>
                  {sorted === 'asc' && <ArrowUp size={12} aria-hidden />}
                  {sorted === 'desc' && <ArrowDown size={12} aria-hidden />}
                </button>
                <span
                  aria-hidden
                  onPointerDown={head.getResizeHandler()}
                  onDoubleClick={() => head.column.resetSize()}
                  className="absolute inset-y-0 -right-4 z-1 w-8 cursor-col-resize touch-none after:absolute after:inset-y-4 after:left-4 after:w-px after:bg-line group-hover/head:after:bg-line-strong"
                />
              </span>
            );
          })}
        </div>
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = shown[index];
            if (!row) return null;
            return (
              <div
                key={row.id}
                role="row"
                aria-rowindex={index + 2}
                className={clsx('absolute inset-x-0 flex h-[28px] border-b border-line hover:bg-hover', index === at && 'bg-hover')}
                style={{ transform: `translateY(${start}px)` }}
              >
                <span role="rowheader" className="tabular w-48 shrink-0 px-8 py-4 text-right text-faint">
                  {formatWhole(row.index)}
                </span>
                {row.getAllCells().map((cell) => {
                  const text = cellText(row.original[cell.column.id]);
                  return (
                    <span
                      key={cell.id}
                      role="cell"
                      title={text.length > 30 ? text.slice(0, 2000) : undefined}
                      style={{ width: cell.column.getSize() }}
                      className={clsx('shrink-0 truncate px-8 py-4', figures.has(cell.column.id) && 'tabular text-right', onCell && 'cursor-pointer')}
                      {...(onCell ? { onClick: () => onCell(row.index, cell.column.id) } : {})}
                    >
                      {text || <span className="text-faint">–</span>}
                    </span>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
