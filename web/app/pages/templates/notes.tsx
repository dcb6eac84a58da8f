/** Notes of a template, in Markdown. */
import { Markdown } from '../../ui/markdown.tsx';

export function Notes({ text }: { text: string }) {
  // The page's own title says the first heading.
  const shown = text.trim().replace(/^# [^\n]*\n+/, '');
  return (
    <section aria-label="Notes" className="flex max-w-[640px] flex-col gap-12">
      <Markdown text={shown} />
    </section>
  );
}
