/** Controls of code, JSON, and of any value at all. */
import { useState } from 'react';
import { CodeField } from '../code-field.tsx';
import type { Json } from '../json-path.ts';
import { Segmented } from '../segmented.tsx';
import { type ControlProps, useForm } from './context.ts';
import { ExpressionBox } from './expression-box.tsx';
import { hintOf } from './scalar-controls.tsx';
import { looseText, looseValue } from './values.ts';

export function CodeControl({ field, value, set }: ControlProps) {
  const { readOnly } = useForm();
  const text = typeof value === 'string' ? value : '';
  const write = (next: string): void => set(next === '' ? undefined : next, true);
  if (field.language === 'jsonata')
    return (
      <ExpressionBox
        bare
        multiline
        value={text}
        placeholder={hintOf(field)}
        item={field.item}
        onChange={(next, typing) => set(next === '' ? undefined : next, typing)}
      />
    );
  return <CodeField rows={8} label={field.label} language={field.language ?? 'json'} value={text} onChange={write} readOnly={readOnly} />;
}

/** JSON as text; the value follows whenever it can be read. */
export function JsonControl({ field, value, at, set }: ControlProps) {
  const { readOnly, unfinished } = useForm();
  const given = value === undefined ? '' : JSON.stringify(value, null, 2);
  const [text, setText] = useState(given);
  const [seen, setSeen] = useState(given);
  const [why, setWhy] = useState<string | null>(null);
  if (seen !== given) {
    setSeen(given);
    if (given !== JSON.stringify(tryParse(text), null, 2)) setText(given);
  }
  const write = (next: string): void => {
    setText(next);
    const parsed = next.trim() === '' ? undefined : tryParse(next);
    const bad = next.trim() !== '' && parsed === undefined ? 'This is not JSON yet.' : null;
    setWhy(bad);
    unfinished(at, bad);
    if (bad === null) set(parsed, true);
  };
  return (
    <>
      <CodeField rows={5} label={field.label} language="json" value={text} onChange={write} readOnly={readOnly} />
      {why && <p className="text-12 text-muted">{why}</p>}
    </>
  );
}

function tryParse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Any value: text with expressions, numbers and true/false as typed; a list or an object as JSON. */
export function AnyControl(props: ControlProps) {
  const { field, value, set } = props;
  const { plain, readOnly } = useForm();
  const structured = typeof value === 'object' && value !== null;
  const [wanted, setWanted] = useState<'text' | 'json' | null>(null);
  const way = structured ? 'json' : (wanted ?? 'text');
  if (plain) return <JsonControl {...props} />;
  const choose = (next: string): void => {
    setWanted(next === 'json' ? 'json' : 'text');
    if (next === 'text' && structured) set(JSON.stringify(value));
    else if (next === 'json' && typeof value === 'string') {
      const parsed = tryParse(value);
      if (parsed !== undefined) set(parsed);
    }
  };
  return (
    <div className="flex flex-col gap-4">
      {way === 'json' ? (
        <JsonControl {...props} />
      ) : (
        <ExpressionBox
          value={looseText(value)}
          placeholder={hintOf(field)}
          item={field.item}
          multiline={field.multiline}
          onChange={(next, typing) => set(next === '' ? undefined : looseValue(next), typing)}
        />
      )}
      {!readOnly && (structured || wanted === 'json' || field.name !== '') && field.width !== 'half' && (
        <span className="-mt-4 self-end opacity-0 focus-within:opacity-100 group-hover/field:opacity-100 max-wide:opacity-100">
          <Segmented
            small
            label={`${field.label} as`}
            value={way}
            onChange={choose}
            options={[
              { value: 'text', label: 'Text' },
              { value: 'json', label: 'JSON' },
            ]}
          />
        </span>
      )}
    </div>
  );
}
