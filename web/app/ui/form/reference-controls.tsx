/** Controls that point at something of the team: a credential, a file, a model, a workflow, people. */
import { Upload, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, IconButton } from '../button.tsx';
import { Combobox } from '../combobox.tsx';
import { Input } from '../field.tsx';
import { formatBytes } from '../format.ts';
import type { Option } from '../option.ts';
import { type ControlProps, useForm } from './context.ts';
import { hintOf } from './scalar-controls.tsx';
import { isObject } from './values.ts';

/** A choice by id, or, where the caller gave no list, the id as text. */
function Pick({
  field,
  value,
  set,
  options,
  free,
  extra,
}: ControlProps & { options: readonly Option[] | undefined; free?: boolean; extra?: { label: string; onChoose: () => void } | undefined }) {
  const { readOnly } = useForm();
  const text = typeof value === 'string' ? value : '';
  const write = (next: string): void => set(next === '' ? undefined : next);
  if (!options)
    return <Input value={text} placeholder={hintOf(field)} readOnly={readOnly} onChange={(event) => set(event.target.value || undefined, true)} />;
  const none: Option[] = field.required || !text ? [] : [{ value: '', label: 'None' }];
  return (
    <Combobox
      options={[...none, ...options]}
      value={text}
      onChange={write}
      placeholder={hintOf(field) ?? 'Choose'}
      free={free}
      disabled={readOnly}
      extra={extra}
    />
  );
}

export function CredentialControl(props: ControlProps) {
  const { field, set } = props;
  const { sources } = useForm();
  const kinds = field.credentialKinds ?? [];
  const options = sources.credentials
    ?.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ id, name, kind, hint, why }) => ({ value: id, label: name, hint: hint ?? kind, why }));
  const { onNewCredential } = sources;
  const extra = onNewCredential ? { label: 'New credential', onChoose: () => onNewCredential(kinds, (id) => set(id)) } : undefined;
  return <Pick {...props} options={options} extra={extra} />;
}

export function ModelControl(props: ControlProps) {
  const { sources } = useForm();
  return <Pick {...props} free options={sources.models?.map(({ id, title, hint }) => ({ value: id, label: id, hint: hint ?? title }))} />;
}

export function WorkflowControl(props: ControlProps) {
  const { sources } = useForm();
  return <Pick {...props} options={sources.workflows?.map(({ id, name }) => ({ value: id, label: name }))} />;
}

/** The id in a file handle, or ''. */
const fileId = (value: unknown): string => (isObject(value) && typeof value['$file'] === 'string' ? value['$file'] : '');

export function FileControl({ field, value, set }: ControlProps) {
  const { sources, readOnly } = useForm();
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const { onUpload } = sources;
  const upload = async (file: File | undefined): Promise<void> => {
    if (!file || !onUpload) return;
    setBusy(true);
    setWhy(null);
    try {
      set(await onUpload(file));
    } catch (error) {
      setWhy(error instanceof Error ? error.message : 'It was not uploaded. Try again.');
    } finally {
      setBusy(false);
    }
  };
  const id = fileId(value);
  const name = isObject(value) && typeof value['name'] === 'string' ? value['name'] : id;
  const options = (sources.files ?? []).map((file) => ({
    value: file.id,
    label: file.name,
    hint: file.bytes === undefined ? undefined : formatBytes(file.bytes),
  }));
  const all = id && !options.some((option) => option.value === id) ? [...options, { value: id, label: name }] : options;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- takes dropped files; the button does the same by key
    <div
      className="flex flex-wrap gap-8"
      onDragOver={(event) => {
        if (onUpload && event.dataTransfer.types.includes('Files')) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        void upload(event.dataTransfer.files[0]);
      }}
    >
      <Combobox
        className="min-w-0 flex-1"
        options={all}
        value={id}
        onChange={(next) => set(next ? { $file: next } : undefined)}
        placeholder={busy ? 'Uploading' : (hintOf(field) ?? 'Choose a file, or drop one here')}
        disabled={readOnly}
      />
      {onUpload && !readOnly && (
        <>
          <input ref={input} type="file" className="sr-only" tabIndex={-1} aria-hidden onChange={(event) => void upload(event.target.files?.[0])} />
          <Button why={busy ? 'A file is being uploaded' : null} onClick={() => input.current?.click()}>
            <Upload size={14} aria-hidden />
            Upload
          </Button>
        </>
      )}
      {why && <p className="basis-full text-failed-text">{why}</p>}
    </div>
  );
}

/** E-mail addresses and roles as small tokens; Enter or a comma adds one. */
export function PeopleControl({ field, value, set }: ControlProps) {
  const { sources, readOnly } = useForm();
  const [text, setText] = useState('');
  const chosen = Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : [];
  const nameOf = (id: string): string => sources.people?.find((person) => person.id === id)?.name ?? id;
  const write = (next: string[]): void => set(next.length > 0 ? next : undefined);
  const add = (one: string): void => {
    const fresh = one.trim();
    setText('');
    if (fresh && !chosen.includes(fresh)) write([...chosen, fresh]);
  };
  const left = (sources.people ?? []).filter(({ id }) => !chosen.includes(id));
  return (
    <div className="flex flex-wrap items-center gap-4">
      {chosen.map((one) => (
        <span key={one} className="inline-flex h-control max-w-full items-center rounded-control border border-line bg-sunk pl-8">
          <span className="truncate">{nameOf(one)}</span>
          {!readOnly && (
            <IconButton label={`Remove ${nameOf(one)}`} className="size-24" onClick={() => write(chosen.filter((each) => each !== one))}>
              <X size={12} aria-hidden />
            </IconButton>
          )}
        </span>
      ))}
      {!readOnly &&
        (sources.people ? (
          <Combobox
            className="w-[180px]"
            label={`Add to ${field.label}`}
            free
            value=""
            options={left.map(({ id, name }) => ({ value: id, label: name, hint: name === id ? undefined : id }))}
            placeholder={hintOf(field) ?? 'Add'}
            onChange={add}
          />
        ) : (
          <Input
            aria-label={`Add to ${field.label}`}
            className="max-w-[240px]"
            value={text}
            placeholder={hintOf(field) ?? 'Add an e-mail address or role'}
            onChange={(event) => setText(event.target.value)}
            onBlur={() => add(text)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' || event.key === ',') {
                event.preventDefault();
                add(text);
              } else if (event.key === 'Backspace' && text === '') write(chosen.slice(0, -1));
            }}
          />
        ))}
    </div>
  );
}
