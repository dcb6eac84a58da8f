/** What every field of a form knows. */
import { type ComponentType, createContext, useContext } from 'react';
import type { Json } from '../json-path.ts';
import type { FormFault, FormField, FormSources, JsonObject, NameGroup, SchemaFormProps } from './types.ts';

/** Fields of one object. */
export interface GridProps {
  fields: readonly FormField[];
  value: JsonObject;
  at: string;
  /** The object after a change, and the pointer of what changed. */
  onChange: (next: JsonObject, pointer: string, typing: boolean) => void;
}

export interface FormKnows {
  /** The parts that fields are made of. They hold fields in turn: from here, they need not import each other in a circle. */
  Control: ComponentType<ControlProps>;
  Grid: ComponentType<GridProps>;
  faultsAt: (pointer: string) => readonly FormFault[];
  /** Faults below a place, for parts that are folded. */
  faultsBelow: (pointer: string) => number;
  names: readonly NameGroup[];
  itemNames: readonly NameGroup[];
  sources: FormSources;
  preview: SchemaFormProps['preview'];
  unfinished: (pointer: string, why: string | null) => void;
  readOnly: boolean;
  plain: boolean;
}

export const FormContext = createContext<FormKnows>({
  Control: () => null,
  Grid: () => null,
  faultsAt: () => [],
  faultsBelow: () => 0,
  names: [],
  itemNames: [],
  sources: {},
  preview: undefined,
  unfinished: () => undefined,
  readOnly: false,
  plain: false,
});

export const useForm = (): FormKnows => useContext(FormContext);

/** What a control is given. `set(undefined)` leaves the field out. */
export interface ControlProps {
  field: FormField;
  value: Json | undefined;
  /** JSON pointer of the value. */
  at: string;
  set: (value: Json | undefined, typing?: boolean) => void;
  /** Goes over to an expression, where something around the control holds that choice. */
  onExpress?: (() => void) | undefined;
}
