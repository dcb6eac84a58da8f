/** The fields of a run's input. */
import { faultOf, type Problem } from '../api/problem.ts';
import { Field, Input, Select, Textarea } from '../ui/field.tsx';
import type { InputField } from './input-form.ts';

/** A file of the team to choose; `handle` is what goes into the input. */
export interface FileChoice {
  label: string;
  handle: string;
}

function Control({ field, files }: { field: InputField; files: FileChoice[] }) {
  const name = `in.${field.name}`;
  switch (field.kind) {
    case 'choice':
      return (
        <Select name={name} defaultValue={field.value} required={field.required}>
          {!field.required && <option value="">None</option>}
          {field.choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </Select>
      );
    case 'boolean':
      return (
        <Select name={name} defaultValue={field.value || 'false'}>
          <option value="true">Yes</option>
          <option value="false">No</option>
        </Select>
      );
    case 'number':
      return <Input name={name} inputMode="decimal" defaultValue={field.value} required={field.required} className="tabular max-w-[160px]" />;
    case 'long':
      return <Textarea name={name} rows={5} defaultValue={field.value} required={field.required} />;
    case 'file':
      return (
        <Select name={name} required={field.required} defaultValue={files[0]?.handle ?? ''}>
          <option value="">{files.length > 0 ? 'Choose a file' : 'No files yet: upload one under Files'}</option>
          {files.map(({ label, handle }) => (
            <option key={handle} value={handle}>
              {label}
            </option>
          ))}
        </Select>
      );
    case 'json':
      return <Textarea name={name} code rows={4} defaultValue={field.value} required={field.required} placeholder="JSON" />;
    case 'text':
      return <Input name={name} defaultValue={field.value} required={field.required} />;
  }
}

export function InputFields({ fields, problem, files }: { fields: InputField[]; problem: Problem | null; files: FileChoice[] }) {
  return fields.map((field) => (
    <Field
      key={field.name}
      label={field.title}
      help={field.help ?? undefined}
      optional={!field.required}
      error={faultOf(problem, field.name) ?? faultOf(problem, `input/${field.name}`)}
    >
      <Control field={field} files={files} />
    </Field>
  ));
}
