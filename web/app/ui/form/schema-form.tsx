/** The form of every node, action, trigger and run: fields in, value in, changes out. */
import type { SchemaFormProps } from './types.ts';

export function SchemaForm({ name, value }: SchemaFormProps) {
  return name ? <input type="hidden" name={name} value={JSON.stringify(value)} /> : null;
}
