/** A value in the dock, in one of three ways. */
import { CopyButton } from '../../ui/copy.tsx';
import { formatWhole } from '../../ui/format.ts';
import { isRows, type Json } from '../../ui/json-path.ts';
import { RowsView } from '../../ui/rows-view.tsx';
import { shapeOf } from '../model/value-shape.ts';
import type { DockWay } from './dock.tsx';
import { grab } from './grab.ts';

const longest = 400_000;

/** The list in a value that is worth a table: itself, or the first of its fields that is rows. */
function rowsIn(value: Json): Record<string, Json>[] | null {
  if (isRows(value)) return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.values(value).find((each) => isRows(each)) ?? null;
}

function Schema({ value, path }: { value: Json; path: string | null }) {
  const lines = shapeOf(value);
  return (
    <table className="w-full text-left text-12">
      <thead className="text-muted">
        <tr>
          <th className="py-4 pr-12 font-medium">Field</th>
          <th className="py-4 pr-12 font-medium">Kind</th>
          <th className="py-4 pr-12 text-right font-medium">Filled</th>
          <th className="py-4 font-medium">Example</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => {
          const full = path === null ? null : line.path === '' ? path : line.path.startsWith('[') ? `${path}${line.path}` : `${path}.${line.path}`;
          // In an expression a list is read as a whole: `rows.topic` gives every topic.
          const expression = full?.replaceAll('[]', '') ?? null;
          return (
            <tr
              key={line.path}
              className="border-t border-line"
              draggable={expression !== null}
              onDragStart={(event) => expression !== null && grab(event, expression)}
            >
              <td className="py-4 pr-12 font-mono whitespace-pre" title={expression === null ? undefined : `Drag into a field: {{ ${expression} }}`}>
                {'  '.repeat(line.depth)}
                {line.name === '' ? 'all of it' : line.name}
              </td>
              <td className="py-4 pr-12 whitespace-nowrap text-muted">{line.type}</td>
              <td className="tabular py-4 pr-12 text-right whitespace-nowrap text-muted">
                {line.filled === null ? '' : `${formatWhole(line.filled.there)} of ${formatWhole(line.filled.of)}`}
              </td>
              <td className="max-w-[320px] truncate py-4">{line.example}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function DockValue({ label, value, way, path }: { label: string; value: Json; way: DockWay; path: string | null }) {
  if (way === 'schema') return <Schema value={value} path={path} />;
  const rows = rowsIn(value);
  if (way === 'table' && rows) return <RowsView label={label} rows={rows} />;
  const text = JSON.stringify(value, null, 2);
  return (
    <div className="relative">
      {way === 'table' && <p className="pb-8 text-12 text-muted">This is no list of rows, so it stands as JSON.</p>}
      <span className="absolute top-4 right-4">
        <CopyButton text={() => text} label={`Copy ${label}`} />
      </span>
      <pre className="rounded-panel border border-line bg-sunk p-12 font-mono text-12 break-words whitespace-pre-wrap">
        {text.length > longest ? `${text.slice(0, longest)}\n… cut here; copying takes all of it` : text}
      </pre>
    </div>
  );
}
