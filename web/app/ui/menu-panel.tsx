/** The open menu; loaded when one first opens (menu.tsx). */
import { Menu as Base } from '@base-ui/react/menu';
import clsx from 'clsx';
import { Kbd } from './kbd.tsx';
import { listClass, rowClass } from './list-class.ts';
import type { MenuEntry, MenuProps } from './menu.tsx';

function Entries({ entries }: { entries: readonly MenuEntry[] }) {
  return entries.map((entry, index) =>
    entry === 'line' ? (
      <Base.Separator key={index} className="mx-8 my-4 h-px bg-line" />
    ) : (
      <Base.Item
        key={entry.label}
        disabled={Boolean(entry.why)}
        title={entry.why ?? undefined}
        onClick={entry.onChoose}
        className={clsx(rowClass, entry.danger && 'text-failed-text')}
      >
        {entry.icon && <span className="flex w-16 shrink-0 justify-center text-muted">{entry.icon}</span>}
        <span className="truncate">{entry.label}</span>
        {entry.keys && (
          <span className="ml-auto pl-16" aria-hidden>
            <Kbd keys={entry.keys} />
          </span>
        )}
        {entry.why && <span className="sr-only">: {entry.why}</span>}
      </Base.Item>
    ),
  );
}

export function MenuPanel({ label, entries, children, face, icon }: MenuProps & { face: string }) {
  return (
    <Base.Root defaultOpen modal={false}>
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it takes the place of the button that had the focus */}
      <Base.Trigger autoFocus className={face} aria-label={children ? label : undefined} title={icon ? label : undefined}>
        {children ?? label}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="z-50 outline-none">
          <Base.Popup className={clsx(listClass, 'min-w-[180px]')}>
            <Entries entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function ContextPanel({ entries, point, onClose }: { entries: readonly MenuEntry[]; point: { x: number; y: number }; onClose: () => void }) {
  return (
    <Base.Root
      open
      modal={false}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Base.Portal>
        <Base.Positioner
          anchor={{ getBoundingClientRect: () => DOMRect.fromRect({ x: point.x, y: point.y, width: 0, height: 0 }) }}
          sideOffset={2}
          align="start"
          className="z-50 outline-none"
        >
          <Base.Popup className={clsx(listClass, 'min-w-[180px]')}>
            <Entries entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
