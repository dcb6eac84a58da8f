/** Fields of one object: two columns where there is room, the rest under "More". */
import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Json } from '../json-path.ts';
import { type GridProps, useForm } from './context.ts';
import { FieldFrame, widthOf } from './field-frame.tsx';
import type { JsonObject } from './types.ts';
import { isObject, isShown, pointerPart, withKey } from './values.ts';
import { VariantControl } from './variant-control.tsx';

function Cells({ fields, value, at, onChange }: GridProps) {
  return fields
    .filter((field) => isShown(field, value))
    .map((field) => {
      const key = field.name || field.label;
      if (field.kind === 'variant' && field.name === '')
        return (
          <div key={key} className="col-span-full">
            <VariantControl field={field} value={value} at={at} onChange={onChange} />
          </div>
        );
      if (field.kind === 'conditions' && field.name === '')
        return (
          <div key={key} className="col-span-full">
            <FieldFrame field={field} value={value} at={at} set={(next, typing = false) => onChange(isObject(next) ? next : {}, at, typing)} />
          </div>
        );
      const pointer = at + pointerPart(field.name);
      if (field.kind === 'group' && field.flat)
        return (
          <div key={key} className="col-span-full empty:hidden">
            <FieldGrid
              fields={field.fields ?? []}
              value={isObject(value[field.name]) ? (value[field.name] as JsonObject) : {}}
              at={pointer}
              onChange={(next, inner, typing) => onChange(withKey(value, field.name, next), inner, typing)}
            />
          </div>
        );
      return (
        <div key={key} className={clsx('min-w-0', widthOf(field) === 'full' && 'col-span-full')}>
          <FieldFrame
            field={field}
            value={value[field.name]}
            at={pointer}
            set={(next: Json | undefined, typing = false) => onChange(withKey(value, field.name, next), pointer, typing)}
          />
        </div>
      );
    });
}

export function FieldGrid(props: GridProps) {
  const { fields, value, at } = props;
  const { faultsBelow } = useForm();
  const first = fields.filter((field) => !field.more);
  const more = fields.filter((field) => field.more && isShown(field, value));
  // Fields of an action stand among those of its step, and have a "More" of their own.
  const below = first.some(({ kind, flat, fields: inner }) => kind === 'group' && flat === true && inner?.some((field) => field.more));
  const inUse = more.filter(({ name }) => Object.hasOwn(value, name)).length;
  const faults = more.reduce((sum, { name }) => sum + faultsBelow(at + pointerPart(name)), 0);
  const [choice, setChoice] = useState<boolean | null>(null);
  const open = choice ?? faults > 0;
  return (
    <div className="@container">
      <div className="grid grid-cols-1 items-start gap-x-16 gap-y-12 @min-[380px]:grid-cols-2">
        <Cells {...props} fields={first} />
        {more.length > 0 && (
          <>
            <button
              type="button"
              aria-expanded={open}
              className="col-span-full flex h-24 min-w-0 items-center gap-4 rounded-control pr-8 text-left text-muted hover:text-ink"
              onClick={() => setChoice(!open)}
            >
              <ChevronRight size={14} aria-hidden className={clsx('shrink-0 ease-state', open && 'rotate-90')} />
              <span className="shrink-0">{open ? 'Less' : below ? 'More settings' : 'More'}</span>
              {!open && (
                <span className="truncate pl-4 text-faint">
                  {inUse > 0 ? `${inUse} set` : more.map(({ label }) => label.toLowerCase()).join(', ')}
                </span>
              )}
            </button>
            {open && <Cells {...props} fields={more} />}
          </>
        )}
      </div>
    </div>
  );
}
