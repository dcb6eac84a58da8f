/** Head of a part of the settings: what it is, and its one action. */
import type { ReactNode } from 'react';

export function SettingsHead({ title, about, children }: { title: string; about?: string; children?: ReactNode }) {
  return (
    <div className="flex items-start justify-between gap-16 px-16 py-16 wide:px-24">
      <div className="min-w-0">
        <h2 className="text-15 font-semibold">{title}</h2>
        {about && <p className="max-w-[640px] text-muted">{about}</p>}
      </div>
      {children && <div className="flex shrink-0 gap-8">{children}</div>}
    </div>
  );
}
