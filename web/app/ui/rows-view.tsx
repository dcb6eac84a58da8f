/** Rows of data as a table: names as columns, 50 rows a page, long cells cut with the whole on hover. */
import { useState } from 'react';
import { Button } from './button.tsx';
import { formatWhole } from './format.ts';
import type { Json } from './json-path.ts';

const pageSize = 50;

function cellText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function RowsView({ label, rows }: { label: string; rows: Record<string, Json>[] }) {
  const [page, setPage] = useState(0);
  const names = [...new Set(rows.slice(0, 200).flatMap((row) => Object.keys(row)))];
  const figures = new Set(
    names.filter((name) => rows.slice(0, 50).every((row) => row[name] === undefined || row[name] === null || typeof row[name] === 'number')),
  );
  const pages = Math.ceil(rows.length / pageSize);
  const from = page * pageSize;
  return (
    <div className="rounded-panel border border-line">
      <div className="max-h-[420px] overflow-auto rounded-panel" tabIndex={0} role="region" aria-label={`${label}, table`}>
        <table className="w-full border-separate border-spacing-0 text-12">
          <thead>
            <tr>
              <th scope="col" className="sticky top-0 border-b border-line bg-sunk px-8 py-4 text-right font-normal text-faint">
                #
              </th>
              {names.map((name) => (
                <th
                  key={name}
                  scope="col"
                  className={`sticky top-0 border-b border-line bg-sunk px-8 py-4 font-medium whitespace-nowrap text-muted ${figures.has(name) ? 'text-right' : 'text-left'}`}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(from, from + pageSize).map((row, index) => (
              <tr key={from + index} className="hover:bg-hover">
                <td className="tabular border-b border-line px-8 py-4 text-right align-top text-faint">{from + index}</td>
                {names.map((name) => {
                  const text = cellText(row[name]);
                  return (
                    <td
                      key={name}
                      title={text.length > 60 ? text : undefined}
                      className={`max-w-[280px] truncate border-b border-line px-8 py-4 align-top ${figures.has(name) ? 'tabular text-right' : ''}`}
                    >
                      {text || <span className="text-faint">–</span>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <div className="flex items-center justify-end gap-8 border-t border-line px-8 py-4 text-12 text-muted">
          <span className="tabular mr-auto">
            {formatWhole(from)} to {formatWhole(Math.min(rows.length, from + pageSize) - 1)} of {formatWhole(rows.length)}
          </span>
          <Button kind="quiet" onClick={() => setPage(page - 1)} why={page === 0 ? 'This is the first page' : null}>
            Back
          </Button>
          <Button kind="quiet" onClick={() => setPage(page + 1)} why={page === pages - 1 ? 'This is the last page' : null}>
            Next
          </Button>
        </div>
      )}
    </div>
  );
}
