/** How a config is asked for: the fields of a form, as plain JSON. Each kind says here what it calls its fields, what they mean and how they are best filled in. */

export type Scalar = string | number | boolean | null;

/** What a field's control is. `any` takes any JSON value (as text, with templates, or as JSON). */
export const fieldKinds = [
  'text',
  'number',
  'switch',
  'choice',
  'choices',
  'list',
  'table',
  'group',
  'variant',
  'key-value',
  'conditions',
  'messages',
  'code',
  'schema',
  'credential',
  'file',
  'model',
  'workflow',
  'people',
  'duration',
  'milliseconds',
  'date-time',
  'zone',
  'cron',
  'any',
  'json',
] as const;
export type FieldKind = (typeof fieldKinds)[number];

export interface FieldChoice {
  value: Scalar;
  label: string;
  help?: string;
}

/** Shown only while a field beside it has one of these values; `null` stands for "absent". */
export interface FieldWhen {
  field: string;
  is: readonly Scalar[];
}

/** One way of a `variant`: choosing it sets `set` and shows `fields`; it is the one at hand when `set` matches, or, with an empty `set`, when one of `fields` is there. */
export interface FieldWay {
  label: string;
  help?: string;
  set: { readonly [key: string]: Scalar };
  fields: readonly FormField[];
}

export interface FormField {
  /** Its key in the object that the form makes. A `variant` without its own object has the name ''. */
  name: string;
  label: string;
  kind: FieldKind;
  /** One sentence on the label: what it does, what happens when it is left out. */
  help?: string;
  required?: boolean;
  placeholder?: string;
  /** What holds when it is left out; shown, never written. */
  default?: unknown;
  /** Strings in it are filled as {{ }}; fields that are not text can then be switched to an expression. */
  expression?: boolean;
  /** Below `item` and `index` are known as well (per item of a list). */
  item?: boolean;
  /** Text of several lines. */
  multiline?: boolean;
  /** code: what it is written in. `jsonata` takes a bare expression. */
  language?: 'javascript' | 'jsonata' | 'json' | 'markdown';
  /** Shown as dots. */
  secret?: boolean;
  /** Half a row where there is room; else the whole row. Short kinds are half by themselves. */
  width?: 'half' | 'full';
  min?: number;
  max?: number;
  /** Only whole numbers. */
  whole?: boolean;
  unit?: string;
  choices?: readonly FieldChoice[];
  /** table: its columns; group: its fields; key-value: fields of each value, when it is an object. */
  fields?: readonly FormField[];
  /** key-value: what the two columns are called; list, table: what one is called ("case"). */
  words?: { key?: string; value?: string; one?: string };
  ways?: readonly FieldWay[];
  /** What a connector is asked for to choose from (`tables`): a picker stands in place of the text. */
  options?: string;
  /** Holds one row or a list of rows whose fields a connector knows: `row`; never a list: `record`. */
  fieldsOf?: string;
  /** credential: kinds that fit. */
  credentialKinds?: readonly string[];
  when?: FieldWhen;
  /** group: its fields stand among the others, without a heading. */
  flat?: boolean;
  /** Seldom needed: folded away under "More". */
  more?: boolean;
}
