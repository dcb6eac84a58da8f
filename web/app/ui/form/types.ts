/** What a form is given and tells. The holder keeps the values (and undo); the form keeps nothing but what is half typed. */
import type { FormField } from '@hub/dag/forms';
import type { ReactNode } from 'react';
import type { Json } from '../json-path.ts';

export type { FieldChoice, FormField } from '@hub/dag/forms';
export type JsonObject = { [key: string]: Json };

/** One change. Changes with the same `pointer` and `typing: true` close after one another may be one step of undo. */
export interface FieldChange {
  /** JSON pointer of what changed, from the form's value. */
  pointer: string;
  /** True for single keystrokes; false for choices, drops, added and removed rows. */
  typing: boolean;
}

/** A fault at a place: a JSON pointer from the form's value (`/params/url`, `/cases/0/port`). */
export interface FormFault {
  path: string;
  message: string;
  /** `warning` does not stop anything. */
  tone?: 'fault' | 'warning';
}

/** A name that an expression may use. */
export interface ExpressionName {
  /** As written inside {{ }}: `nodes.score.output.score`. */
  path: string;
  /** What it is, in a few words: `Score reviews`, `number`. */
  hint?: string;
  /** Its value in the sample or last run, shown beside it. */
  sample?: Json;
}
export interface NameGroup {
  label: string;
  names: readonly ExpressionName[];
}

/** Type of the drag that fields take; the data is a bare expression, without braces. Set `text/plain` to `{{ … }}` too. */
export const expressionType = 'text/x-hub-expression';

/** A choice as a vendor has it: `value` goes into the form, `label` is shown. */
export interface VendorChoice {
  value: string;
  label: string;
  help?: string | undefined;
}
export interface VendorPage {
  items: readonly VendorChoice[];
  nextCursor: string | null;
}
/** Asks the service behind a connector for choices and for the fields of a row. Both throw `VendorFault` for a refusal. */
export interface VendorSource {
  /** What is missing before it can be asked ("Choose a credential first."); null when it can. */
  why: string | null;
  /** The same for as long as its answers are of the same account and the same place. */
  key: string;
  options: (ask: { resource: string; search: string; cursor: string | null; signal: AbortSignal }) => Promise<VendorPage>;
  /** JSON Schema of one row that the param `field` takes. */
  fields: (field: string, signal: AbortSignal) => Promise<{ [key: string]: unknown }>;
}

/** What fields choose from. A list that is missing makes its field a plain text field. */
export interface FormSources {
  credentials?: readonly { id: string; name: string; kind: string; hint?: string; why?: string | undefined }[];
  /** Opens the caller's sheet for a new credential of one of `kinds`; `done` takes the new id. */
  onNewCredential?: (kinds: readonly string[], done: (id: string) => void) => void;
  files?: readonly { id: string; name: string; bytes?: number }[];
  /** Uploads and answers the handle that goes into the value (`{ $file: id, … }`). */
  onUpload?: (file: File) => Promise<{ [key: string]: Json }>;
  models?: readonly { id: string; title: string; hint?: string }[];
  workflows?: readonly { id: string; name: string }[];
  people?: readonly { id: string; name: string }[];
  /** Fields with `options` become pickers, rows with `fieldsOf` forms. */
  vendor?: VendorSource;
}

export interface SchemaFormProps {
  fields: readonly FormField[];
  value: JsonObject;
  onChange: (next: JsonObject, change: FieldChange) => void;
  faults?: readonly FormFault[];
  /** Names for the insert menu and completion of expressions. */
  names?: readonly NameGroup[];
  /** What is known only where a field runs per item (`item`, `index`). */
  itemNames?: readonly NameGroup[];
  sources?: FormSources;
  /** What stands under a field: what its expression gives now. Called for fields that hold an expression. */
  preview?: (at: { pointer: string; text: string; field: FormField }) => ReactNode;
  /** Half typed text that is not a value yet (JSON, a number): its pointer and why, null once it is. Saving should wait or warn. */
  onUnfinished?: (pointer: string, why: string | null) => void;
  readOnly?: boolean;
  /** Prefix of pointers in `faults` and `onChange`, where the value is part of something greater (`/config`). */
  at?: string;
  /** Posts the value as JSON in a hidden field of this name, for plain forms. */
  name?: string;
  /** Expressions make no sense here (a run's input): no braces, no switch. */
  plain?: boolean;
}
