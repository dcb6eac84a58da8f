/** Form fields: label above, help below, error in place of help. Faults of the API land on their field by path. */
import clsx from 'clsx';
import { createContext, useContext, useId, type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes } from 'react';

interface FieldLink {
  id: string | undefined;
  /** Where no visible label stands beside it: in the cell of a table. */
  name?: string;
  describedBy: string | undefined;
  invalid: boolean;
}
const FieldContext = createContext<FieldLink | null>(null);

export interface FieldProps {
  label: ReactNode;
  /** A line under the control. */
  help?: ReactNode;
  /** Words that describe the control to screen readers where they are on the label instead of under it. */
  about?: string | undefined;
  error?: string | null | undefined;
  /** Shown behind the label when the field may stay empty. */
  optional?: boolean;
  /** Shows a mark behind the label: it must be filled in. */
  must?: boolean | undefined;
  /** The control is several: the label names the group of them. */
  group?: boolean;
  /** Beside the label, at its right. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** Ties label, control, help and error together for eyes and screen readers. */
export function Field({ label, help, about, error, optional, must, group, aside, className, children }: FieldProps) {
  const id = useId();
  const described = error || help || about;
  const describedBy = described ? `${id}-about` : undefined;
  const words = (
    <>
      {label}
      {optional && <span className="font-normal text-muted"> (optional)</span>}
      {must && (
        <span className="text-failed-text" title="Must be filled in">
          {' *'}
        </span>
      )}
    </>
  );
  const link = group ? null : { id, describedBy, invalid: Boolean(error) };
  return (
    <div
      className={clsx('flex min-w-0 flex-col gap-4', className)}
      {...(group ? { role: 'group', 'aria-labelledby': `${id}-label`, 'aria-describedby': describedBy } : {})}
    >
      <span className="flex min-h-[20px] items-center justify-between gap-8">
        {group ? (
          <span id={`${id}-label`} className="font-medium">
            {words}
          </span>
        ) : (
          <label htmlFor={id} className="font-medium">
            {words}
          </label>
        )}
        {aside}
      </span>
      <FieldContext value={link}>{children}</FieldContext>
      {error ? (
        <p id={describedBy} className="text-failed-text">
          {error}
        </p>
      ) : help ? (
        <p id={describedBy} className="text-12 text-muted">
          {help}
        </p>
      ) : about ? (
        <p id={describedBy} className="sr-only">
          {about}
        </p>
      ) : null}
    </div>
  );
}

/** Names a control that stands under the head of its column. */
export function FieldName({ name, children }: { name: string; children: ReactNode }) {
  return <FieldContext value={{ id: undefined, name, describedBy: undefined, invalid: false }}>{children}</FieldContext>;
}

/** Id and ARIA attributes that tie a control to the `Field` around it; nothing outside of one. */
export function useFieldLink(): Record<string, unknown> {
  const link = useContext(FieldContext);
  if (!link) return {};
  return {
    id: link.id,
    ...(link.name ? { 'aria-label': link.name } : {}),
    'aria-describedby': link.describedBy,
    ...(link.invalid ? { 'aria-invalid': true } : {}),
  };
}

/** Look of anything one types or chooses in, without a width. */
export const boxLook =
  'min-w-0 rounded-control border border-line-strong bg-paper px-8 text-ink placeholder:text-faint ease-state hover:border-ink aria-invalid:border-failed disabled:bg-sunk disabled:text-muted max-wide:text-[16px] max-wide:leading-[22px]';
/** The same, as wide as its place. */
export const boxClass = `w-full ${boxLook}`;

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input {...useFieldLink()} className={clsx(boxClass, 'h-control max-wide:h-[36px]', className)} {...rest} />;
}

export function Textarea({ className, code, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & { code?: boolean }) {
  return <textarea {...useFieldLink()} spellCheck={!code} className={clsx(boxClass, 'py-4', code && 'font-mono text-12', className)} {...rest} />;
}
