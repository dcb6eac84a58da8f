/** One row or several, with a field per column of the table they go to; or an expression that gives them; or JSON. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../button.tsx';
import { Segmented } from '../segmented.tsx';
import { JsonControl } from './code-controls.tsx';
import { type ControlProps, useForm } from './context.ts';
import { ExpressionBox } from './expression-box.tsx';
import { TableControl } from './list-controls.tsx';
import { hintOf } from './scalar-controls.tsx';
import type { JsonObject, VendorSource } from './types.ts';
import { useVendorColumns } from './use-vendor.ts';
import { isObject, looseText, looseValue } from './values.ts';
import { withStrays } from './vendor-model.ts';

type Way = 'fields' | 'text' | 'json';
const ways = [
  { value: 'fields', label: 'Fields' },
  { value: 'text', label: 'Expression' },
  { value: 'json', label: 'JSON' },
];

interface RowsProps extends ControlProps {
  vendor: VendorSource;
}

/** Rows that a form can show: objects, and nothing else. */
function rowsOf(value: unknown): readonly JsonObject[] | null {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.every(isObject) ? value : null;
  return isObject(value) ? [value] : null;
}

function RowFields({ field, value, at, set, vendor }: RowsProps) {
  const { Grid, readOnly } = useForm();
  const { columns, loading, fault, again } = useVendorColumns(vendor, field);
  const rows = rowsOf(value) ?? [];
  const fields = withStrays(columns, rows, field.expression ?? false);
  const single = isObject(value) ? value : {};
  return (
    <div className="flex flex-col gap-12 border-l border-line pl-12">
      {vendor.why !== null && <p className="text-muted">{vendor.why} Then each column is a field here.</p>}
      {fault !== null && (
        <p role="alert" className="flex flex-wrap gap-x-12 gap-y-4 text-failed-text">
          <span className="min-w-0 break-words">{fault.message}</span>
          <button type="button" className="rounded-control text-link underline" onClick={again}>
            Try again
          </button>
          {fault.mend && (
            <Link to={fault.mend.to} target="_blank" className="text-link underline">
              {fault.mend.label}
            </Link>
          )}
        </p>
      )}
      {loading && columns === null && (
        <span aria-hidden className="after-blink grid grid-cols-2 gap-12">
          {[0, 1, 2, 3].map((bone) => (
            <span key={bone} className="skeleton h-[48px]" />
          ))}
        </span>
      )}
      {columns?.length === 0 && fields.length === 0 && (
        <p className="text-muted">There are no columns yet. Name them at the service, or give the row as an expression.</p>
      )}
      {fields.length > 0 &&
        (Array.isArray(value) ? (
          <TableControl field={{ ...field, kind: 'table', fields }} value={value} at={at} set={set} />
        ) : (
          <Grid
            fields={fields}
            value={single}
            at={at}
            onChange={(next, _pointer, typing) => set(Object.keys(next).length > 0 ? next : undefined, typing)}
          />
        ))}
      {fields.length > 0 && !Array.isArray(value) && !readOnly && field.fieldsOf !== 'record' && (
        <Button kind="quiet" className="-ml-8 self-start px-8" onClick={() => set([single, {}])}>
          <Plus size={14} aria-hidden />
          Add another row
        </Button>
      )}
    </div>
  );
}

/** The value in another way; what cannot be kept goes (undo brings it back). */
function converted(value: ControlProps['value'], to: Way): ControlProps['value'] {
  if (to === 'text') return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  if (typeof value !== 'string') return to === 'fields' && rowsOf(value) === null ? undefined : value;
  const read = looseJson(value);
  return to === 'json' ? (read ?? value) : read !== undefined && rowsOf(read) !== null ? read : undefined;
}

function looseJson(text: string): ControlProps['value'] {
  try {
    return JSON.parse(text) as ControlProps['value'];
  } catch {
    return undefined;
  }
}

export function RowsControl(props: RowsProps) {
  const { field, value, set } = props;
  const { readOnly } = useForm();
  const [wanted, setWanted] = useState<Way | null>(null);
  const usual: Way = typeof value === 'string' ? 'text' : rowsOf(value) === null ? 'json' : 'fields';
  // Undo may bring back what the chosen way cannot show.
  const way = wanted !== null && (wanted === 'json' || value === undefined || wanted === usual) ? wanted : usual;
  return (
    <div className="flex flex-col gap-8">
      <Segmented
        small
        label={`${field.label} as`}
        value={way}
        options={ways}
        disabled={readOnly}
        onChange={(next) => {
          setWanted(next as Way);
          const now = converted(value, next as Way);
          if (now !== value) set(now);
        }}
      />
      {way === 'fields' && <RowFields {...props} />}
      {way === 'json' && <JsonControl {...props} />}
      {way === 'text' && (
        <ExpressionBox
          label={field.label}
          value={looseText(value)}
          placeholder={hintOf(field)}
          item={field.item}
          onChange={(next, typing) => set(next === '' ? undefined : looseValue(next), typing)}
        />
      )}
    </div>
  );
}
