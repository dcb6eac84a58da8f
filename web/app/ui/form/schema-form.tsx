/** The form of every node, action, trigger and run: fields in, value in, changes out. The caller holds the value. */
import { useMemo } from 'react';
import { FormContext, type FormKnows } from './context.ts';
import { Control } from './control.tsx';
import { FieldGrid } from './field-grid.tsx';
import type { SchemaFormProps } from './types.ts';

const nothing = (): void => undefined;

export function SchemaForm(props: SchemaFormProps) {
  const { fields, value, onChange, faults, names, itemNames, sources, preview, onUnfinished, readOnly = false, at = '', name, plain = false } = props;
  const knows = useMemo<FormKnows>(
    () => ({
      Control,
      Grid: FieldGrid,
      faultsAt: (pointer) => (faults ?? []).filter(({ path }) => path === pointer),
      faultsBelow: (pointer) => (faults ?? []).filter(({ path }) => path === pointer || path.startsWith(`${pointer}/`)).length,
      names: names ?? [],
      itemNames: itemNames ?? [],
      sources: sources ?? {},
      preview,
      unfinished: onUnfinished ?? nothing,
      readOnly,
      plain,
    }),
    [faults, names, itemNames, sources, preview, onUnfinished, readOnly, plain],
  );
  return (
    <FormContext value={knows}>
      <FieldGrid fields={fields} value={value} at={at} onChange={(next, pointer, typing) => onChange(next, { pointer, typing })} />
      {name && <input type="hidden" name={name} value={JSON.stringify(value)} />}
    </FormContext>
  );
}
