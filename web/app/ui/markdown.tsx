/** Markdown as notes need it: paragraphs, headings, lists, bold, italic, code, links. Becomes elements, never markup; a link leads to http, https or a path of ours. */
import { Fragment, type ReactNode } from 'react';

const spans = /(\*\*[^*]+\*\*|\*[^*\s][^*]*\*|`[^`]+`|\[[^\]\n]+\]\([^()\s]+\))/g;
const safe = /^(https?:\/\/|\/(?!\/))/i;

function inline(text: string): ReactNode[] {
  return text.split(spans).map((part, index) => {
    if (part.startsWith('**') && part.length > 4) return <strong key={index}>{part.slice(2, -2)}</strong>;
    if (part.startsWith('`') && part.length > 2)
      return (
        <code key={index} className="rounded-control bg-hover px-4 font-mono text-12">
          {part.slice(1, -1)}
        </code>
      );
    if (part.length > 2 && part.startsWith('*') && part.endsWith('*')) return <em key={index}>{part.slice(1, -1)}</em>;
    const link = /^\[([^\]]+)\]\(([^()\s]+)\)$/.exec(part);
    if (link && safe.test(link[2] ?? ''))
      return (
        <a key={index} href={link[2]} target="_blank" rel="noreferrer noopener" className="text-link underline">
          {link[1]}
        </a>
      );
    return <Fragment key={index}>{part}</Fragment>;
  });
}

function Block({ text }: { text: string }) {
  const heading = /^#{1,6}\s+(.*)$/.exec(text);
  if (heading) return <p className="font-semibold">{inline(heading[1] ?? '')}</p>;
  const lines = text.split('\n');
  const [bullets, numbers] = [lines.every((line) => /^[-*]\s/.test(line)), lines.every((line) => /^\d+[.)]\s/.test(line))];
  const items = lines.map((line, index) => <li key={index}>{inline(line.replace(/^([-*]|\d+[.)])\s+/, ''))}</li>);
  if (bullets) return <ul className="flex list-disc flex-col pl-16">{items}</ul>;
  if (numbers) return <ol className="flex list-decimal flex-col pl-24">{items}</ol>;
  return (
    <p>
      {lines.map((line, index) => (
        <Fragment key={index}>
          {index > 0 && <br />}
          {inline(line)}
        </Fragment>
      ))}
    </p>
  );
}

/** A heading and what follows it without an empty line are blocks of their own, so are a paragraph and the list after it. */
function blocksOf(text: string): string[] {
  const kind = (line: string): string =>
    /^#{1,6}\s/.test(line) ? 'heading' : /^[-*]\s/.test(line) ? 'bullet' : /^\d+[.)]\s/.test(line) ? 'number' : 'text';
  return text
    .trim()
    .split(/\n{2,}/)
    .flatMap((block) => {
      const parts: string[][] = [];
      for (const line of block.split('\n')) {
        const last = parts.at(-1);
        if (last && kind(line) !== 'heading' && kind(last.at(-1) ?? '') === kind(line)) last.push(line);
        else parts.push([line]);
      }
      return parts.map((part) => part.join('\n'));
    });
}

export function Markdown({ text }: { text: string }) {
  return (
    <>
      {blocksOf(text).map((block, index) => (
        <Block key={index} text={block} />
      ))}
    </>
  );
}
