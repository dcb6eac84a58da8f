/** CodeMirror in our type and colours. Heavy: load it lazily, as the code field and the code view do. */
import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useRouteLoaderData } from 'react-router';

export type CodeLanguage = 'javascript' | 'json' | 'markdown' | 'jsonata' | 'text';

export interface CodeEditorProps {
  label: string;
  value: string;
  onChange?: ((text: string) => void) | undefined;
  language: CodeLanguage;
  readOnly?: boolean | undefined;
}

/** Ink and two greys, and link blue for what is a name of the language: colour belongs to runs. */
const colours = HighlightStyle.define([
  { tag: [tags.comment], color: 'var(--ink-faint)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword], color: 'var(--link)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--grass-text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--amber-text)' },
  { tag: [tags.propertyName], color: 'var(--ink)' },
  { tag: [tags.invalid], color: 'var(--tomato-text)' },
]);

const look = EditorView.theme({
  '&': { fontSize: '12px', backgroundColor: 'var(--paper)', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { fontFamily: 'var(--font-code)', lineHeight: '20px', padding: '4px 0', caretColor: 'var(--ink)' },
  '.cm-scroller': { maxHeight: '420px', fontFamily: 'var(--font-code)' },
  '.cm-gutters': { backgroundColor: 'var(--paper-sunk)', color: 'var(--ink-faint)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--paper-hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'light-dark(var(--blue-4), var(--blue-6)) !important' },
  '.cm-panels, .cm-tooltip': { backgroundColor: 'var(--paper)', color: 'var(--ink)', border: '1px solid var(--line)' },
});

function languageOf(language: CodeLanguage): Extension {
  if (language === 'javascript') return javascript();
  return language === 'json' ? json() : [];
}

export function CodeEditor({ label, value, onChange, language, readOnly = false }: CodeEditorProps) {
  const nonce = (useRouteLoaderData('root') as { nonce?: string } | undefined)?.nonce ?? '';
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const tell = useEffectEvent((text: string) => onChange?.(text));
  const first = useEffectEvent(() => value);
  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: first(),
        extensions: [
          EditorView.cspNonce.of(nonce),
          basicSetup,
          // Tab leaves the field, as everywhere; Escape lets go of it.
          keymap.of([{ key: 'Escape', run: (editor) => (editor.contentDOM.blur(), true) }]),
          EditorState.readOnly.of(readOnly),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          languageOf(language),
          syntaxHighlighting(colours),
          look,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) tell(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [label, language, nonce, readOnly]);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const now = editor.state.doc.toString();
    if (now !== value) editor.dispatch({ changes: { from: 0, to: now.length, insert: value } });
  }, [value]);
  return (
    <div ref={host} className="min-h-[68px] overflow-hidden rounded-control border border-line-strong focus-within:border-ink hover:border-ink" />
  );
}
