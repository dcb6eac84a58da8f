/** Code to read: lines, colours, search (mod+F), copy. The editor loads when it comes into the page. */
import { lazy, Suspense } from 'react';
import type { CodeLanguage } from './code-editor.tsx';
import { CopyButton } from './copy.tsx';
import { useInBrowser } from './in-browser.ts';

const CodeEditor = lazy(async () => ({ default: (await import('./code-editor.tsx')).CodeEditor }));

export function CodeView({ label, text, language }: { label: string; text: string; language: CodeLanguage }) {
  const ready = useInBrowser();
  const still = (
    <pre className="max-h-[420px] overflow-auto rounded-control border border-line-strong bg-paper px-8 py-4 font-mono text-12 leading-[20px] whitespace-pre-wrap">
      {text}
    </pre>
  );
  return (
    <section aria-label={label} className="relative">
      {ready ? (
        <Suspense fallback={still}>
          <CodeEditor label={label} value={text} language={language} readOnly />
        </Suspense>
      ) : (
        still
      )}
      <span className="absolute top-px right-px rounded-control bg-paper">
        <CopyButton text={text} label={`Copy ${label}`} />
      </span>
    </section>
  );
}
