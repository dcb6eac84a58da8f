/** A field: label with its help, the switch between value and expression, the control, its faults, the preview. */
import clsx from 'clsx';
import { type ReactNode, useState } from 'react';
import { Field } from '../field.tsx';
import { Tooltip } from '../tooltip.tsx';
import { type ControlProps, useForm } from './context.ts';
import { ExpressionBox } from './expression-box.tsx';
import { expressionType, type FormField } from './types.ts';
import { holdsExpression } from './values.ts';
import { isPicked } from './vendor-model.ts';

/** Kinds that show text and expressions in the same box, or hold fields of their own. */
const own = new Set<FormField['kind']>([
  'text',
  'any',
  'group',
  'variant',
  'table',
  'list',
  'key-value',
  'conditions',
  'messages',
  'code',
  'schema',
  'credential',
  'json',
  'people',
]);

/** Kinds narrow enough to share a row. */
const narrow = new Set<FormField['kind']>([
  'number',
  'switch',
  'choice',
  'duration',
  'milliseconds',
  'date-time',
  'zone',
  'cron',
  'model',
  'credential',
  'workflow',
]);

/** Half a row or all of it. */
export function widthOf(field: FormField): 'half' | 'full' {
  return field.width ?? (narrow.has(field.kind) ? 'half' : 'full');
}

const previewed = (field: FormField, value: unknown): value is string =>
  holdsExpression(value) || (field.kind === 'code' && field.language === 'jsonata' && typeof value === 'string' && value.trim() !== '');

function ModeSwitch({ on, label, onToggle }: { on: boolean; label: string; onToggle: () => void }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      aria-label={`${label} as an expression`}
      title={on ? 'Give a value instead' : 'Use an expression'}
      className={clsx(
        'rounded-control px-4 font-mono text-12 ease-state',
        on
          ? 'bg-press text-link'
          : 'text-faint opacity-0 group-focus-within/field:opacity-100 group-hover/field:opacity-100 hover:text-ink max-wide:opacity-100',
      )}
      onClick={onToggle}
    >
      {'{ }'}
    </button>
  );
}

/** Label with help on hover; the words also describe the control. */
export function FieldLabel({ field }: { field: FormField }) {
  if (!field.help) return field.label;
  return (
    <Tooltip text={field.help}>
      <span className="underline decoration-transparent decoration-dotted underline-offset-4 ease-state group-hover/field:decoration-line-strong max-wide:decoration-line-strong">
        {field.label}
      </span>
    </Tooltip>
  );
}

export function FieldFrame(props: ControlProps & { aside?: ReactNode }) {
  const { field, value, at, set } = props;
  const { Control, faultsAt, preview, plain, readOnly, sources } = useForm();
  const [wanted, setWanted] = useState<boolean | null>(null);
  const picked = sources.vendor !== undefined && isPicked(field);
  const mayExpress = Boolean(field.expression) && !plain && (picked || !own.has(field.kind));
  const express = mayExpress && (holdsExpression(value) || wanted === true);
  const [fault] = faultsAt(at);
  const toggle = (): void => {
    setWanted(!express);
    // What was picked is a text and may stay one.
    if (picked ? holdsExpression(value) : express || value !== undefined) set(undefined);
  };
  const onDrop = (event: React.DragEvent): void => {
    const path = event.dataTransfer.getData(expressionType);
    if (!path || event.defaultPrevented) return;
    event.preventDefault();
    setWanted(true);
    set(`{{ ${path} }}`);
  };
  const drops = mayExpress && !express && !readOnly;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- only takes what is dragged; the switch does the same by key
    <div
      className="group/field min-w-0"
      data-field={at}
      {...(drops
        ? {
            onDragOver: (event: React.DragEvent) => {
              if (event.dataTransfer.types.includes(expressionType)) event.preventDefault();
            },
            onDrop,
          }
        : {})}
    >
      <Field
        label={<FieldLabel field={field} />}
        error={fault?.message}
        about={field.help}
        must={field.required}
        group={groups.has(field.kind) || (sources.vendor !== undefined && field.fieldsOf !== undefined)}
        aside={mayExpress && !readOnly ? <ModeSwitch on={express} label={field.label} onToggle={toggle} /> : undefined}
      >
        {express ? (
          <ExpressionBox
            value={typeof value === 'string' ? value : ''}
            onChange={(text, typing) => set(text === '' ? undefined : text, typing)}
            placeholder="{{ … }}"
            item={field.item}
          />
        ) : (
          <Control {...props} onExpress={mayExpress ? toggle : undefined} />
        )}
      </Field>
      {previewed(field, value) && preview?.({ pointer: at, text: value, field })}
    </div>
  );
}

/** Controls made of several: they are a named group instead of one labelled control. */
const groups = new Set<FormField['kind']>([
  'group',
  'variant',
  'table',
  'list',
  'key-value',
  'conditions',
  'messages',
  'schema',
  'choices',
  'people',
  'duration',
  'milliseconds',
]);
