/** Form fields: label above, help below, error in place of help. Faults of the API land on their field by path. */
import clsx from 'clsx';
import {
  createContext,
  useContext,
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';

interface FieldLink {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
}
const FieldContext = createContext<FieldLink | null>(null);

export interface FieldProps {
  label: string;
  help?: ReactNode;
  error?: string | null | undefined;
  /** Shown behind the label when the field may stay empty. */
  optional?: boolean;
  className?: string;
  children: ReactNode;
}

/** Ties label, control, help and error together for eyes and screen readers. */
export function Field({ label, help, error, optional, className, children }: FieldProps) {
  const id = useId();
  const describedBy = error || help ? `${id}-about` : undefined;
  return (
    <div className={clsx('flex flex-col gap-4', className)}>
      <label htmlFor={id} className="font-medium">
        {label}
        {optional && <span className="font-normal text-muted"> (optional)</span>}
      </label>
      <FieldContext value={{ id, describedBy, invalid: Boolean(error) }}>{children}</FieldContext>
      {error ? (
        <p id={describedBy} className="text-failed-text">
          {error}
        </p>
      ) : help ? (
        <p id={describedBy} className="text-12 text-muted">
          {help}
        </p>
      ) : null}
    </div>
  );
}

function useLink(): Record<string, unknown> {
  const link = useContext(FieldContext);
  if (!link) return {};
  return { id: link.id, 'aria-describedby': link.describedBy, ...(link.invalid ? { 'aria-invalid': true } : {}) };
}

const box =
  'w-full min-w-0 rounded-control border border-line-strong bg-paper px-8 text-ink placeholder:text-faint ease-state hover:border-ink aria-invalid:border-failed disabled:bg-sunk disabled:text-muted max-wide:text-[16px]';

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input {...useLink()} className={clsx(box, 'h-control max-wide:h-[36px]', className)} {...rest} />;
}

export function Textarea({ className, code, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & { code?: boolean }) {
  return <textarea {...useLink()} spellCheck={!code} className={clsx(box, 'py-4', code && 'font-mono text-12', className)} {...rest} />;
}

export function Select({ className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <select {...useLink()} className={clsx(box, 'h-control max-wide:h-[36px]', className)} {...rest}>
      {children}
    </select>
  );
}
