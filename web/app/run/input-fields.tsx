/** The fields of a run's input. */
import { faultOf, type Problem } from '../api/problem.ts';
import { Field, Input, Textarea } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
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
        <Select
          name={name}
          defaultValue={field.value}
          options={[...(field.required ? [] : [{ value: '', label: 'None' }]), ...field.choices.map((value) => ({ value, label: value }))]}
          placeholder="Choose"
        />
      );
    case 'boolean':
      return (
        <Select
          name={name}
          defaultValue={field.value || 'false'}
          options={[
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]}
          className="wide:w-[120px]"
        />
      );
    case 'number':
      return <Input name={name} inputMode="decimal" defaultValue={field.value} required={field.required} className="tabular max-w-[160px]" />;
    case 'long':
      return <Textarea name={name} rows={5} defaultValue={field.value} required={field.required} />;
    case 'file':
      return (
        <Select
          name={name}
          defaultValue={field.value || files[0]?.handle || ''}
          options={files.map(({ label, handle }) => ({ value: handle, label }))}
          placeholder={files.length > 0 ? 'Choose a file' : 'No files yet: upload one under Files'}
        />
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
