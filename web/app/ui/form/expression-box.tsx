/** A text with {{ }} in it: the braces stand out, names complete while one types, dragged names drop in. A plain textarea underneath, so that every key works as always. */
import clsx from 'clsx';
import { Braces } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { boxClass, useFieldLink } from '../field.tsx';
import { useForm } from './context.ts';
import { caretIn, completions, insertName, marksOf } from './expression-text.ts';
import { NameList } from './name-list.tsx';
import { expressionType } from './types.ts';

export interface ExpressionBoxProps {
  value: string;
  onChange: (text: string, typing: boolean) => void;
  /** The whole text is one expression, without braces (JSONata). */
  bare?: boolean | undefined;
  multiline?: boolean | undefined;
  code?: boolean | undefined;
  placeholder?: string | undefined;
  /** `item` and `index` are known here. */
  item?: boolean | undefined;
  label?: string | undefined;
}

/** Both layers must break lines at the same places. */
const layer = 'col-start-1 row-start-1 min-w-0 px-8 py-[3px] pr-[28px] whitespace-pre-wrap break-words';

function Marked({ text, bare }: { text: string; bare: boolean }) {
  return marksOf(text, bare).map((mark, index) => (
    <span
      key={index}
      className={mark.kind === 'text' ? undefined : mark.kind === 'fault' ? 'bg-failed-soft text-failed-text' : 'rounded-control bg-press text-link'}
    >
      {mark.text}
    </span>
  ));
}

/** Where the caret is, what could stand there, and which of it is picked. */
function useCompletion({ value, onChange, bare = false, item = false }: ExpressionBoxProps) {
  const { names, itemNames } = useForm();
  const box = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const [at, setAt] = useState(0);
  const all = useMemo(() => (item ? [...itemNames, ...names] : names), [item, itemNames, names]);
  const found = useMemo(() => (caret === null ? [] : completions(value, caret, bare, all)), [caret, value, bare, all]);
  const put = (text: string, position: number): void => {
    onChange(text, false);
    // After React has written the new text.
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(position, position);
    });
  };
  const insert = (path: string): void => {
    const position = box.current?.selectionEnd ?? value.length;
    const next = insertName(value, position, bare, path);
    put(next.text, next.caret);
    setCaret(null);
  };
  const open = (): void => {
    const position = document.activeElement === box.current ? (box.current?.selectionEnd ?? value.length) : value.length;
    setAt(0);
    if (bare || caretIn(value, position)) {
      setCaret(position);
      box.current?.focus();
      return;
    }
    const text = `${value.slice(0, position)}{{  }}${value.slice(position)}`;
    put(text, position + 3);
    setCaret(position + 3);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (found.length === 0) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt((now) => (now + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
    } else if (event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) {
      event.preventDefault();
      insert(found[Math.min(at, found.length - 1)]?.path ?? '');
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      setCaret(null);
    }
  };
  return { box, found, at, insert, open, onKeyDown, close: () => setCaret(null), follow: (position: number) => (setCaret(position), setAt(0)) };
}

export function ExpressionBox(props: ExpressionBoxProps) {
  const { value, onChange, bare = false, multiline = false, code = bare, placeholder, label } = props;
  const { readOnly } = useForm();
  const link = useFieldLink();
  const list = useId();
  const [over, setOver] = useState(false);
  const { box, found, at, insert, open, onKeyDown, close, follow } = useCompletion(props);
  const onDrop = (event: DragEvent): void => {
    setOver(false);
    const path = event.dataTransfer.getData(expressionType);
    if (!path || readOnly) return;
    event.preventDefault();
    insert(path);
  };
  return (
    <div className="relative">
      <div
        className={clsx(
          boxClass,
          'grid px-0! focus-within:border-ink',
          multiline ? 'min-h-[68px]' : 'min-h-control max-wide:min-h-[36px]',
          code && 'font-mono text-12 leading-[20px]',
          over && 'border-focus bg-hover',
          link['aria-invalid'] === true && 'border-failed',
        )}
      >
        <div aria-hidden className={clsx(layer, 'pointer-events-none overflow-hidden')}>
          <Marked text={value} bare={bare} />
          {/* A last line break has a height only before something. */}
          {'\u200b'}
        </div>
        <textarea
          ref={box}
          {...link}
          {...(label ? { 'aria-label': label } : {})}
          aria-autocomplete="list"
          {...(found.length > 0 ? { 'aria-controls': list } : {})}
          aria-activedescendant={found.length > 0 ? `${list}-${at}` : undefined}
          rows={1}
          spellCheck={!code}
          readOnly={readOnly}
          value={value}
          placeholder={placeholder}
          className={clsx(layer, 'resize-none overflow-hidden bg-transparent text-transparent caret-ink outline-none placeholder:text-faint')}
          onChange={(event) => {
            onChange(event.target.value, true);
            follow(event.target.selectionEnd);
          }}
          onKeyDown={onKeyDown}
          onBlur={close}
          onDragOver={(event) => {
            if (!event.dataTransfer.types.includes(expressionType) || readOnly) return;
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={onDrop}
        />
      </div>
      {!readOnly && (
        <button
          type="button"
          aria-label={label ? `Insert a value into ${label}` : 'Insert a value'}
          title="Insert a value"
          className="focus-inset absolute top-px right-px inline-flex h-[26px] w-[26px] items-center justify-center rounded-control text-muted hover:text-ink"
          // The text keeps the focus, and so its caret.
          onPointerDown={(event) => event.preventDefault()}
          onClick={open}
        >
          <Braces size={14} aria-hidden />
        </button>
      )}
      <NameList id={list} names={found} at={at} onPick={insert} />
    </div>
  );
}
