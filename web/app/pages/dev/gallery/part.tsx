import type { ReactNode } from 'react';

/** A section of the gallery, with an anchor. */
export function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="flex scroll-mt-[96px] flex-col gap-16 border-b border-line py-24">
      <h2 id={`${id}-title`} className="text-15 font-semibold">
        <a href={`#${id}`}>{title}</a>
      </h2>
      {children}
    </section>
  );
}

/** One thing in one state, with its name. */
export function Shown({ what, children }: { what: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-8">
      <p className="text-12 text-muted">{what}</p>
      {children}
    </div>
  );
}
