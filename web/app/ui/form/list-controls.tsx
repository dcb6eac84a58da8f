/** Controls of many values: lists, tables, names with values, groups. */
import { ChevronDown, ChevronUp, Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, IconButton } from '../button.tsx';
import { FieldName, Input } from '../field.tsx';
import type { Json } from '../json-path.ts';
import { type ControlProps, useForm } from './context.ts';
import type { FormField, JsonObject } from './types.ts';
import { isObject, moved, pointerPart, withItem, withKey } from './values.ts';

/** A field inside a row: its control without a label of its own. */
function Bare({ field, value, at, set, label }: ControlProps & { label: string }) {
  const { Control, faultsAt } = useForm();
  const [fault] = faultsAt(at);
  return (
    <div className="min-w-0">
      <FieldName name={label}>
        <Control field={field} value={value} at={at} set={set} />
      </FieldName>
      {fault && <p className="text-failed-text">{fault.message}</p>}
    </div>
  );
}

function AddRow({ what, onAdd }: { what: string; onAdd: () => void }) {
  return (
    <Button kind="quiet" className="-ml-8 self-start px-8" onClick={onAdd}>
      <Plus size={14} aria-hidden />
      Add {what}
    </Button>
  );
}

function RowButtons({
  what,
  index,
  count,
  onMove,
  onRemove,
}: {
  what: string;
  index: number;
  count: number;
  onMove?: (to: number) => void;
  onRemove: () => void;
}) {
  return (
    <span className="flex shrink-0">
      {onMove && count > 1 && (
        <>
          <IconButton label={`Move ${what} ${index + 1} up`} className="w-[20px]" disabled={index === 0} onClick={() => onMove(index - 1)}>
            <ChevronUp size={14} aria-hidden />
          </IconButton>
          <IconButton label={`Move ${what} ${index + 1} down`} className="w-[20px]" disabled={index === count - 1} onClick={() => onMove(index + 1)}>
            <ChevronDown size={14} aria-hidden />
          </IconButton>
        </>
      )}
      <IconButton label={`Remove ${what} ${index + 1}`} className="w-24" onClick={onRemove}>
        <X size={14} aria-hidden />
      </IconButton>
    </span>
  );
}

/** The field of one value. What the list says of choices holds for each of them. */
function inner(field: FormField): FormField {
  const { expression = false, item = false, options } = field;
  const one = field.fields?.[0] ?? { name: '', label: field.words?.one ?? field.label, kind: 'text', expression, item };
  return options !== undefined && one.kind === 'text' ? { options, ...one } : one;
}

/** A list of single values. */
export function ListControl({ field, value, at, set }: ControlProps) {
  const { readOnly } = useForm();
  const list = Array.isArray(value) ? value : [];
  const what = field.words?.one ?? 'entry';
  const write = (next: Json[], typing = false): void => set(next.length > 0 || field.required ? next : undefined, typing);
  return (
    <div className="flex flex-col gap-4">
      {list.map((one, index) => (
        <div key={index} className="flex items-start gap-4">
          <div className="min-w-0 flex-1">
            <Bare
              field={inner(field)}
              label={`${what} ${index + 1}`}
              value={one}
              at={at + pointerPart(index)}
              set={(next, typing) => write(withItem(list, index, next ?? ''), typing)}
            />
          </div>
          {!readOnly && (
            <RowButtons
              what={what}
              index={index}
              count={list.length}
              onMove={(to) => write(moved(list, index, to))}
              onRemove={() => write(withItem(list, index, undefined))}
            />
          )}
        </div>
      ))}
      {readOnly && list.length === 0 && <p className="text-muted">None</p>}
      {!readOnly && <AddRow what={what} onAdd={() => write([...list, inner(field).kind === 'number' ? 0 : ''])} />}
    </div>
  );
}

/** What a new row holds: the first choices that must be made. */
function emptyRow(fields: readonly FormField[]): JsonObject {
  return Object.fromEntries(fields.flatMap((field) => (field.required && field.choices?.[0] ? [[field.name, field.choices[0].value]] : [])));
}

const isShort = (fields: readonly FormField[]): boolean =>
  fields.length <= 3 && fields.every(({ kind }) => ['text', 'number', 'choice', 'switch', 'any'].includes(kind));

/** A list of objects: a table where its fields are few and short, else a block each. */
export function TableControl({ field, value, at, set }: ControlProps) {
  const { Grid, readOnly } = useForm();
  const fields = field.fields ?? [];
  const list = Array.isArray(value) ? value.map((one) => (isObject(one) ? one : {})) : [];
  const what = field.words?.one ?? 'row';
  const write = (next: JsonObject[], typing = false): void => set(next.length > 0 || field.required ? next : undefined, typing);
  const buttons = (index: number): ReactNode =>
    !readOnly && (
      <RowButtons
        what={what}
        index={index}
        count={list.length}
        onMove={(to) => write(moved(list, index, to))}
        onRemove={() => write(withItem(list, index, undefined))}
      />
    );
  return (
    <div className="flex flex-col gap-4">
      {isShort(fields) && list.length > 0 && <Heads heads={fields.map(({ label }) => label)} />}
      {list.map((one, index) => {
        const here = at + pointerPart(index);
        return isShort(fields) ? (
          <div key={index} className="flex items-start gap-4">
            {fields.map((each) => (
              <div key={each.name} className="min-w-0 flex-1">
                <Bare
                  field={each}
                  label={each.label}
                  value={one[each.name]}
                  at={here + pointerPart(each.name)}
                  set={(next, typing) => write(withItem(list, index, withKey(one, each.name, next)), typing)}
                />
              </div>
            ))}
            {buttons(index)}
          </div>
        ) : (
          <div key={index} className="flex items-start gap-8 border-l border-line py-4 pl-12">
            <div className="min-w-0 flex-1">
              <Grid fields={fields} value={one} at={here} onChange={(next, _pointer, typing) => write(withItem(list, index, next), typing)} />
            </div>
            {buttons(index)}
          </div>
        );
      })}
      {!readOnly && <AddRow what={what} onAdd={() => write([...list, emptyRow(fields)])} />}
    </div>
  );
}

function Heads({ heads }: { heads: string[] }) {
  return (
    <div className="flex gap-4 pr-24 text-12 text-muted" aria-hidden>
      {heads.map((head) => (
        <span key={head} className="min-w-0 flex-1 truncate">
          {head}
        </span>
      ))}
    </div>
  );
}

type Pair = [name: string, value: Json];
const asObject = (pairs: readonly Pair[]): JsonObject => Object.fromEntries(pairs.filter(([name]) => name !== ''));

/** Names with values. A name still empty or there twice stays in the form until it can be a key. */
export function KeyValueControl({ field, value, at, set }: ControlProps) {
  const { readOnly, unfinished } = useForm();
  const given = isObject(value) ? value : {};
  const [pairs, setPairs] = useState<Pair[]>(() => Object.entries(given));
  const [seen, setSeen] = useState(given);
  if (seen !== given && JSON.stringify(Object.entries(given)) !== JSON.stringify(Object.entries(asObject(pairs)))) {
    setSeen(given);
    setPairs(Object.entries(given));
  }
  const columns = field.fields ?? [
    {
      name: '',
      label: field.words?.value ?? 'Value',
      kind: 'any',
      expression: field.expression ?? false,
      item: field.item ?? false,
    } satisfies FormField,
  ];
  const ofObject = columns.length > 1 || columns[0]?.name !== '';
  const write = (next: Pair[], typing = false): void => {
    setPairs(next);
    const names = next.map(([name]) => name).filter((name) => name !== '');
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    unfinished(at, twice === undefined ? null : `The name "${twice}" is there twice.`);
    if (twice === undefined) set(names.length > 0 || field.required ? asObject(next) : undefined, typing);
  };
  const what = field.words?.one ?? 'entry';
  const twice = pairs.find(([name], index) => name !== '' && pairs.findIndex(([other]) => other === name) !== index)?.[0];
  return (
    <div className="flex flex-col gap-4">
      {pairs.length > 0 && <Heads heads={[field.words?.key ?? 'Name', ...columns.map(({ label }) => label)]} />}
      {pairs.map(([name, one], index) => (
        <div key={index} className="flex items-start gap-4">
          <div className="min-w-0 flex-1">
            <Input
              aria-label={`${field.words?.key ?? 'Name'} ${index + 1}`}
              value={name}
              readOnly={readOnly}
              {...(name !== '' && name === twice ? { 'aria-invalid': true } : {})}
              onChange={(event) => write(withItem(pairs, index, [event.target.value, one]), true)}
            />
          </div>
          {columns.map((column) => (
            <div key={column.name} className="min-w-0 flex-1">
              <Bare
                field={column}
                label={column.label}
                value={ofObject ? (isObject(one) ? one[column.name] : undefined) : one}
                at={at + pointerPart(name) + (ofObject ? pointerPart(column.name) : '')}
                set={(next, typing) =>
                  write(withItem(pairs, index, [name, ofObject ? withKey(isObject(one) ? one : {}, column.name, next) : (next ?? '')]), typing)
                }
              />
            </div>
          ))}
          {!readOnly && <RowButtons what={what} index={index} count={pairs.length} onRemove={() => write(withItem(pairs, index, undefined))} />}
        </div>
      ))}
      {twice !== undefined && <p className="text-failed-text">The name "{twice}" is there twice.</p>}
      {!readOnly && <AddRow what={what} onAdd={() => write([...pairs, ['', ofObject ? emptyRow(columns) : '']])} />}
    </div>
  );
}

/** Fields of an object of their own, behind a hairline. */
export function GroupControl({ field, value, at, set }: ControlProps) {
  const { Grid } = useForm();
  const object = isObject(value) ? value : {};
  return (
    <div className="border-l border-line pl-12">
      <Grid
        fields={field.fields ?? []}
        value={object}
        at={at}
        onChange={(next, _pointer, typing) => set(Object.keys(next).length > 0 ? next : undefined, typing)}
      />
    </div>
  );
}
