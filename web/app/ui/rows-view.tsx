/** Rows of data as a table. What draws thousands of them loads when the first is shown. */
import { lazy, Suspense } from 'react';
import type { Json } from './json-path.ts';
import { useInBrowser } from './in-browser.ts';

const DataTable = lazy(async () => ({ default: (await import('./data-table.tsx')).DataTable }));
const rowHeight = 28;
const maxHeight = 420;

export function RowsView({ label, rows }: { label: string; rows: Record<string, Json>[] }) {
  const ready = useInBrowser();
  // The place is kept as high as the table will be: nothing shifts when it comes.
  const tall = Math.min(maxHeight, (rows.length + 1) * rowHeight + 2);
  // An attribute of SVG, as markup may carry no styles.
  const still = <svg aria-hidden height={tall} className="block w-full rounded-panel border border-line bg-sunk" />;
  return ready ? (
    <Suspense fallback={still}>
      <DataTable label={label} rows={rows} maxHeight={maxHeight} />
    </Suspense>
  ) : (
    still
  );
}
