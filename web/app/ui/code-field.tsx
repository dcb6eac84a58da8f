/** Code to write in: the editor as soon as its scripts are here, a plain text area until then. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { CodeEditor, CodeEditorProps } from './code-editor.tsx';
import { Textarea } from './field.tsx';

interface Loaded {
  Editor: typeof CodeEditor;
}
let loaded: Loaded | null = null;
const waiting = new Set<() => void>();

/** Fetches the editor, so that it is here when a field of code comes up. It is heavy: ask only where one may come. */
export async function loadCodeEditor(): Promise<void> {
  if (loaded) return;
  loaded = { Editor: (await import('./code-editor.tsx')).CodeEditor };
  for (const tell of waiting) tell();
}

function subscribe(tell: () => void): () => void {
  waiting.add(tell);
  return () => void waiting.delete(tell);
}

/** Null on the server and while a part of its page wakes, however early the scripts came. */
const useLoaded = (): Loaded | null =>
  useSyncExternalStore(
    subscribe,
    () => loaded,
    () => null,
  );

/** Whoever writes in the text area already goes on there: the editor comes when the field is left, never under the caret. */
export function CodeField({ rows, ...props }: CodeEditorProps & { rows: number }) {
  const code = useLoaded();
  const [writing, setWriting] = useState(false);
  // Without the editor the text area does.
  useEffect(() => void loadCodeEditor().catch(() => undefined), []);
  if (code && !writing) return <code.Editor {...props} />;
  return (
    <Textarea
      code
      aria-label={props.label}
      rows={rows}
      value={props.value}
      readOnly={props.readOnly}
      onFocus={() => setWriting(true)}
      onBlur={() => setWriting(false)}
      onChange={(event) => props.onChange?.(event.target.value)}
    />
  );
}
