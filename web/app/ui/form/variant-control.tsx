/** One of several ways, each with fields of its own. */
import { Segmented } from '../segmented.tsx';
import { Select } from '../select.tsx';
import { FieldLabel } from './field-frame.tsx';
import { type GridProps, useForm } from './context.ts';
import type { FormField } from './types.ts';
import { wayOf, withWay } from './values.ts';

export function VariantControl({ field, value, at, onChange }: Omit<GridProps, 'fields'> & { field: FormField }) {
  const { Grid, readOnly } = useForm();
  const ways = field.ways ?? [];
  const now = wayOf(ways, value);
  const way = ways[now];
  const choose = (next: string): void => onChange(withWay(ways, value, Number(next)), at, false);
  const inSight = ways.length <= 4 && ways.reduce((sum, { label }) => sum + label.length, 0) <= 40;
  const options = ways.map(({ label, help }, index) => ({ value: String(index), label, hint: help }));
  return (
    <div className="flex flex-col gap-12">
      <div className="flex flex-wrap items-center gap-8">
        {field.label && (
          <span className="font-medium">
            <FieldLabel field={field} />
          </span>
        )}
        {inSight ? (
          <Segmented label={field.label || 'Way'} options={options} value={String(now)} onChange={choose} disabled={readOnly} />
        ) : (
          <Select label={field.label || 'Way'} options={options} value={String(now)} onChange={choose} disabled={readOnly} className="w-[200px]" />
        )}
        {way?.help && inSight && <span className="text-12 text-muted">{way.help}</span>}
      </div>
      {way && way.fields.length > 0 && <Grid fields={way.fields} value={value} at={at} onChange={onChange} />}
    </div>
  );
}
