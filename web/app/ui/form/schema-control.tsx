/** A JSON Schema: one row per field where that is enough, JSON where it is not. */
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../button.tsx';
import { Input } from '../field.tsx';
import { Segmented } from '../segmented.tsx';
import { Select } from '../select.tsx';
import { Checkbox } from '../switch.tsx';
import { JsonControl } from './code-controls.tsx';
import { type ControlProps, useForm } from './context.ts';
import { propertiesOf, type Property, propertyTypes, schemaOf, withType } from './schema-model.ts';
import { withItem } from './values.ts';

function Row({ row, onChange, onRemove }: { row: Property; onChange: (next: Property, typing: boolean) => void; onRemove: () => void }) {
  const { readOnly } = useForm();
  return (
    <div className="flex flex-wrap items-center gap-4">
      <Input
        aria-label="Field"
        placeholder="name"
        className="min-w-[96px] flex-1 basis-[96px] font-mono text-12"
        value={row.name}
        readOnly={readOnly}
        // A row that was just added is there to be named.
        autoFocus={row.name === ''}
        onChange={(event) => onChange({ ...row, name: event.target.value }, true)}
      />
      <Select
        label={`Type of ${row.name}`}
        className="w-[120px]"
        disabled={readOnly}
        options={propertyTypes}
        value={row.type}
        onChange={(type) => onChange(withType(row, type as Property['type']), false)}
      />
      <Input
        aria-label={row.type === 'choice' ? `Choices of ${row.name}` : `What ${row.name} is`}
        placeholder={row.type === 'choice' ? 'good, bad' : 'what it is'}
        className="min-w-[96px] flex-1 basis-[120px]"
        readOnly={readOnly}
        value={row.type === 'choice' ? row.choices.join(', ') : row.description}
        onChange={(event) =>
          onChange(row.type === 'choice' ? { ...row, choices: event.target.value.split(/,\s?/) } : { ...row, description: event.target.value }, true)
        }
      />
      <Checkbox checked={row.required} disabled={readOnly} onChange={(event) => onChange({ ...row, required: event.target.checked }, false)}>
        Required
      </Checkbox>
      {!readOnly && (
        <IconButton label={`Remove ${row.name || 'this field'}`} className="w-24" onClick={onRemove}>
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}

export function SchemaControl(props: ControlProps) {
  const { value, set, field } = props;
  const { readOnly } = useForm();
  const read = propertiesOf(value);
  const [rows, setRows] = useState<Property[]>(read ?? []);
  const [seen, setSeen] = useState(value);
  const [way, setWay] = useState<'rows' | 'json'>(read ? 'rows' : 'json');
  if (seen !== value) {
    setSeen(value);
    if (read && JSON.stringify(schemaOf(rows)) !== JSON.stringify(schemaOf(read))) setRows(read);
  }
  const write = (next: Property[], typing = false): void => {
    setRows(next);
    set(next.some(({ name }) => name !== '') ? schemaOf(next) : undefined, typing);
  };
  return (
    <div className="flex flex-col gap-8">
      <Segmented
        small
        label={`${field.label} as`}
        value={way}
        onChange={(next) => setWay(next === 'json' ? 'json' : 'rows')}
        options={[
          { value: 'rows', label: 'Fields', why: read ? undefined : 'This schema says more than fields can show' },
          { value: 'json', label: 'JSON Schema' },
        ]}
      />
      {way === 'json' || !read ? (
        <JsonControl {...props} />
      ) : (
        <>
          {rows.map((row, index) => (
            <Row
              key={index}
              row={row}
              onChange={(next, typing) => write(withItem(rows, index, next), typing)}
              onRemove={() => write(withItem(rows, index, undefined))}
            />
          ))}
          {!readOnly && (
            <Button
              kind="quiet"
              className="-ml-8 self-start px-8"
              onClick={() => write([...rows, { name: '', type: 'string', required: true, description: '', choices: [] }])}
            >
              <Plus size={14} aria-hidden />
              Add field
            </Button>
          )}
        </>
      )}
    </div>
  );
}
