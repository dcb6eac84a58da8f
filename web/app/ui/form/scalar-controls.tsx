/** Controls of single values: text, numbers, choices, durations, times. */
import { useState } from 'react';
import { Combobox } from '../combobox.tsx';
import { Input, Textarea } from '../field.tsx';
import type { Json } from '../json-path.ts';
import { Segmented } from '../segmented.tsx';
import { Select } from '../select.tsx';
import { Checkbox, Switch } from '../switch.tsx';
import { instantOfLocal, localText, useZone } from '../zone.ts';
import { type ControlProps, useForm } from './context.ts';
import { ExpressionBox } from './expression-box.tsx';
import type { FormField } from './types.ts';
import { type DurationUnit, splitDuration, splitMs, unitMs } from './values.ts';

/** What stands in an empty control: the placeholder, or what holds when it stays empty. */
export function hintOf(field: FormField): string | undefined {
  if (field.placeholder !== undefined) return field.placeholder;
  if (field.default === undefined) return undefined;
  return typeof field.default === 'string' ? field.default : JSON.stringify(field.default);
}

export function TextControl({ field, value, set }: ControlProps) {
  const { plain, readOnly } = useForm();
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  const write = (next: string, typing: boolean): void => set(next === '' ? undefined : next, typing);
  if (field.expression && !plain)
    return <ExpressionBox value={text} onChange={write} multiline={field.multiline} placeholder={hintOf(field)} item={field.item} />;
  if (field.multiline)
    return <Textarea rows={4} value={text} readOnly={readOnly} placeholder={hintOf(field)} onChange={(event) => write(event.target.value, true)} />;
  return (
    <Input
      type={field.secret ? 'password' : 'text'}
      autoComplete={field.secret ? 'new-password' : 'off'}
      value={text}
      readOnly={readOnly}
      placeholder={hintOf(field)}
      className={field.kind === 'cron' ? 'font-mono' : undefined}
      onChange={(event) => write(event.target.value, true)}
    />
  );
}

/** Keeps what is typed until it is a number; the value follows as soon as it is. */
export function NumberControl({ field, value, at, set }: ControlProps) {
  const { unfinished, readOnly } = useForm();
  const given = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  const [text, setText] = useState(given);
  const [seen, setSeen] = useState(given);
  if (seen !== given) {
    setSeen(given);
    if (Number(text) !== value) setText(given);
  }
  const number = text.trim() === '' ? undefined : Number(text.trim().replace(',', '.'));
  const wrong = number !== undefined && (Number.isNaN(number) ? 'This is not a number.' : outside(field, number));
  const write = (next: string): void => {
    setText(next);
    const read = next.trim() === '' ? undefined : Number(next.trim().replace(',', '.'));
    const bad = read !== undefined && Number.isNaN(read);
    unfinished(at, bad ? 'This is not a number.' : null);
    if (!bad) set(read, true);
  };
  return (
    <>
      <span className="flex items-center gap-8">
        <Input
          inputMode="decimal"
          autoComplete="off"
          value={text}
          readOnly={readOnly}
          placeholder={hintOf(field)}
          className="tabular"
          {...(wrong ? { 'aria-invalid': true } : {})}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
            if (!step || readOnly || (number !== undefined && Number.isNaN(number))) return;
            event.preventDefault();
            const start = number ?? (typeof field.default === 'number' ? field.default : 0);
            write(String(Math.min(field.max ?? Infinity, Math.max(field.min ?? -Infinity, start + step * (event.shiftKey ? 10 : 1)))));
          }}
        />
        {field.unit && <span className="shrink-0 text-muted">{field.unit}</span>}
      </span>
      {wrong && <p className="text-failed-text">{wrong}</p>}
    </>
  );
}

function outside(field: FormField, value: number): string | false {
  if (field.whole && !Number.isInteger(value)) return 'Use a whole number.';
  const { min, max } = field;
  if (min !== undefined && max !== undefined && (value < min || value > max)) return `Use a number from ${min} to ${max}.`;
  if (min !== undefined && value < min) return `Use at least ${min}.`;
  return max !== undefined && value > max ? `Use at most ${max}.` : false;
}

export function SwitchControl({ field, value, set }: ControlProps) {
  const { readOnly } = useForm();
  const on = typeof value === 'boolean' ? value : field.default === true;
  return <Switch checked={on} disabled={readOnly} onChange={(event) => set(event.target.checked)} />;
}

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Two or three short choices in sight, more in a list. Choosing the default leaves the field out. */
export function ChoiceControl({ field, value, set }: ControlProps) {
  const { readOnly } = useForm();
  const choices = field.choices ?? [];
  const options = choices.map((choice, index) => ({ value: String(index), label: choice.label, hint: choice.help }));
  const holds = value === undefined ? field.default : value;
  const now = choices.findIndex((choice) => choice.value === holds);
  const choose = (next: string): void => {
    const chosen = choices[Number(next)]?.value;
    set(next === '' || (!field.required && chosen === field.default) ? undefined : chosen);
  };
  const short =
    choices.length <= 3 && choices.reduce((sum, { label }) => sum + label.length, 0) <= 24 && (field.required || field.default !== undefined);
  if (short) return <Segmented label={field.label} options={options} value={String(now)} onChange={choose} disabled={readOnly} />;
  const known = now >= 0 || value === undefined;
  const all = [
    ...(field.required || field.default !== undefined ? [] : [{ value: '', label: field.placeholder ?? 'None' }]),
    ...options,
    ...(known ? [] : [{ value: '?', label: wordOf(value), hint: 'not known here' }]),
  ];
  return (
    <Select
      options={all}
      value={now >= 0 ? String(now) : known ? '' : '?'}
      onChange={choose}
      placeholder={hintOf(field) ?? 'Choose'}
      disabled={readOnly}
    />
  );
}

/** Many stand in columns: days of a month as on a calendar's leaf. */
function columnsOf(labels: readonly string[]): string {
  if (labels.length <= 4) return 'flex flex-wrap gap-x-16';
  const isShort = labels.every(({ length }) => length <= 4);
  return isShort ? 'grid grid-cols-7 gap-x-8' : 'grid grid-cols-[repeat(auto-fill,minmax(112px,1fr))] gap-x-8';
}

/** Any number of a few. */
export function ChoicesControl({ field, value, set }: ControlProps) {
  const { readOnly } = useForm();
  const chosen = Array.isArray(value) ? value : [];
  return (
    <div className={columnsOf((field.choices ?? []).map(({ label }) => label))}>
      {(field.choices ?? []).map((choice) => (
        <Checkbox
          key={String(choice.value)}
          checked={chosen.includes(choice.value)}
          disabled={readOnly}
          onChange={(event) => {
            const next = (field.choices ?? [])
              .map((each) => each.value)
              .filter((each) => (each === choice.value ? event.target.checked : chosen.includes(each)));
            set(next.length > 0 ? next : undefined);
          }}
        >
          {choice.label}
        </Checkbox>
      ))}
    </div>
  );
}

const units: { value: DurationUnit; label: string }[] = [
  { value: 'ms', label: 'ms' },
  { value: 's', label: 's' },
  { value: 'm', label: 'min' },
  { value: 'h', label: 'h' },
  { value: 'd', label: 'days' },
];

/** A count and its unit: `5m` as text, or milliseconds as a number. */
export function DurationControl({ field, value, set }: ControlProps) {
  const { readOnly } = useForm();
  const inMs = field.kind === 'milliseconds';
  const read = (of: unknown) => (typeof of === 'number' ? splitMs(of) : typeof of === 'string' ? splitDuration(of) : null);
  const now = read(value);
  const usual = read(field.default);
  const [unit, setUnit] = useState<DurationUnit>(now?.unit ?? usual?.unit ?? 'm');
  const write = (count: number | undefined, by: DurationUnit, typing: boolean): void => {
    setUnit(by);
    if (count === undefined) set(undefined, typing);
    else set(inMs ? count * unitMs[by] : `${count}${by}`, typing);
  };
  // While one types 60 s, it must not turn into 1 min under the fingers.
  const shownUnit = now && !(inMs && typeof value === 'number' && value % unitMs[unit] === 0) ? now.unit : unit;
  const count = now ? (inMs && typeof value === 'number' ? value / unitMs[shownUnit] : now.count) : undefined;
  return (
    <span className="flex gap-4">
      <Input
        inputMode="numeric"
        aria-label={`${field.label}, count`}
        value={count === undefined ? '' : String(count)}
        placeholder={usual ? String(usual.count) : undefined}
        readOnly={readOnly}
        className="tabular min-w-[48px]"
        onChange={(event) => {
          const digits = event.target.value.replaceAll(/\D/g, '');
          write(digits === '' ? undefined : Number(digits), shownUnit, true);
        }}
      />
      <Select
        label={`${field.label}, unit`}
        options={units}
        value={shownUnit}
        disabled={readOnly}
        className="w-[76px] shrink-0"
        onChange={(next) => write(count, next as DurationUnit, false)}
      />
    </span>
  );
}

export function DateControl({ field, value, set }: ControlProps) {
  const { readOnly } = useForm();
  const zone = useZone();
  return (
    <Input
      type="datetime-local"
      value={typeof value === 'string' ? localText(Date.parse(value), zone) : ''}
      title={`In ${zone}`}
      readOnly={readOnly}
      placeholder={hintOf(field)}
      className="tabular"
      onChange={(event) => set(event.target.value === '' ? undefined : (instantOfLocal(event.target.value, zone) satisfies Json))}
    />
  );
}

const zones = (): { value: string; label: string }[] =>
  ['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));

export function ZoneControl({ field, value, set }: ControlProps) {
  const { readOnly } = useForm();
  const [options] = useState(zones);
  return (
    <Combobox
      options={options}
      value={typeof value === 'string' ? value : ''}
      onChange={(next) => set(next === '' ? undefined : next)}
      placeholder={hintOf(field) ?? 'Choose a time zone'}
      disabled={readOnly}
    />
  );
}
