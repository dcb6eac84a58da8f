/** The closed control of a select: what both the button and the loaded list draw. */
import clsx from 'clsx';
import { ChevronDown } from 'lucide-react';
import { boxLook } from './field.tsx';
import type { Option } from './option.ts';

export interface SelectProps {
  options: readonly Option[];
  /** The chosen value; with `onChange` alone it keeps its own. '' is a value like any other. */
  value?: string | undefined;
  defaultValue?: string | undefined;
  onChange?: ((value: string) => void) | undefined;
  /** Posted under this name by a form around it. */
  name?: string | undefined;
  /** Name for screen readers where no `Field` stands around it. */
  label?: string | undefined;
  /** Shown while nothing is chosen. */
  placeholder?: string | undefined;
  /** Stands before the chosen label in the control: "Status: failed". */
  prefix?: string | undefined;
  disabled?: boolean | undefined;
  className?: string | undefined;
}

/** Class of the closed control. */
export function selectClass(className?: string): string {
  return clsx(
    boxLook,
    // A width of its own stands against the usual one.
    !/(^| )w-|flex-1/.test(className ?? '') && 'w-full',
    'inline-flex h-control items-center gap-8 text-left max-wide:h-[36px] max-wide:!text-13 data-popup-open:border-ink aria-expanded:border-ink',
    className,
  );
}

/** What the closed control shows. */
export function SelectFace({
  shown,
  placeholder,
  prefix,
}: {
  shown: Option | undefined;
  placeholder: string | undefined;
  prefix: string | undefined;
}) {
  return (
    <>
      <span className="min-w-0 flex-1 truncate">
        {prefix && <span className="text-muted">{prefix} </span>}
        {shown ? shown.label : <span className="text-faint">{placeholder ?? 'Choose'}</span>}
      </span>
      <ChevronDown size={14} aria-hidden className="shrink-0 text-muted" />
    </>
  );
}
