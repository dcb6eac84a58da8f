/** Code to write in: the editor as soon as its scripts are here, a plain text area until then. */
import { useEffect, useState } from 'react';
import type { CodeEditor, CodeEditorProps } from './code-editor.tsx';
import { Textarea } from './field.tsx';

let loaded: typeof CodeEditor | null = null;

/** Fetches the editor, so that it is here when a field of code comes up. It is heavy: ask only where one may come. */
export async function loadCodeEditor(): Promise<typeof CodeEditor> {
  loaded ??= (await import('./code-editor.tsx')).CodeEditor;
  return loaded;
}

/** Whoever writes in the text area already goes on there: the editor comes when the field is left, never under the caret. */
export function CodeField({ rows, ...props }: CodeEditorProps & { rows: number }) {
  const [Editor, setEditor] = useState<{ is: typeof CodeEditor } | null>(loaded && { is: loaded });
  const [writing, setWriting] = useState(false);
  useEffect(() => {
    if (Editor) return;
    let here = true;
    loadCodeEditor().then(
      (is) => here && setEditor({ is }),
      // Without the editor the text area does.
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, [Editor]);
  if (Editor && !writing) return <Editor.is {...props} />;
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
