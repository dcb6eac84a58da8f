/** Notes in Markdown, as far as notes need it: paragraphs, headings, lists, bold, italic, code. Becomes elements, never markup. */
import { Fragment, type ReactNode } from 'react';

const spans = /(\*\*[^*]+\*\*|\*[^*\s][^*]*\*|`[^`]+`)/g;

function inline(text: string): ReactNode[] {
  return text.split(spans).map((part, index) => {
    if (part.startsWith('**')) return <strong key={index}>{part.slice(2, -2)}</strong>;
    if (part.startsWith('`'))
      return (
        <code key={index} className="rounded-control bg-sunk px-4 font-mono text-12">
          {part.slice(1, -1)}
        </code>
      );
    if (part.length > 2 && part.startsWith('*') && part.endsWith('*')) return <em key={index}>{part.slice(1, -1)}</em>;
    return <Fragment key={index}>{part}</Fragment>;
  });
}

function Block({ text }: { text: string }) {
  const heading = /^#{1,6}\s+(.*)$/.exec(text);
  if (heading) return <h2 className="text-15 font-semibold">{inline(heading[1] ?? '')}</h2>;
  const lines = text.split('\n');
  if (lines.every((line) => /^[-*]\s/.test(line)))
    return (
      <ul className="flex list-disc flex-col gap-4 pl-16">
        {lines.map((line) => (
          <li key={line}>{inline(line.slice(2))}</li>
        ))}
      </ul>
    );
  return <p>{inline(lines.join(' '))}</p>;
}

export function Notes({ text }: { text: string }) {
  // The page's own title says the first heading.
  const blocks = text.trim().split(/\n{2,}/);
  const shown = blocks[0]?.startsWith('# ') ? blocks.slice(1) : blocks;
  return (
    <section aria-label="Notes" className="flex max-w-[640px] flex-col gap-12">
      {shown.map((block, index) => (
        <Block key={index} text={block} />
      ))}
    </section>
  );
}
