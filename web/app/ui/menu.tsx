/** A list of actions behind a button, or (`context`) behind the right mouse button and the menu key. Loads with its first opening. */
import { lazy, type ReactElement, type ReactNode, Suspense, useRef, useState } from 'react';
import { buttonClass, type ButtonKind } from './button.tsx';

export interface MenuAction {
  label: string;
  icon?: ReactNode;
  /** As in `Kbd`: `mod+D`. Shown; the page listens for it. */
  keys?: string;
  /** Why it cannot be done now. */
  why?: string | null | undefined;
  danger?: boolean;
  onChoose: () => void;
}
/** A line between groups. */
export type MenuEntry = MenuAction | 'line';

export interface MenuProps {
  /** Name of the button. */
  label: string;
  entries: readonly MenuEntry[];
  /** What the button shows; `label` where nothing is given. */
  children?: ReactNode;
  kind?: ButtonKind;
  /** A square button with an icon in it. */
  icon?: boolean;
  className?: string;
}

const load = async () => ({ default: (await import('./menu-panel.tsx')).MenuPanel });
const MenuPanel = lazy(load);
const loadContext = async () => ({ default: (await import('./menu-panel.tsx')).ContextPanel });
const ContextPanel = lazy(loadContext);

export function Menu(props: MenuProps) {
  const { label, children, kind = 'plain', icon = false, className } = props;
  const [asked, setAsked] = useState(false);
  const face = `${buttonClass(kind, icon)} ${className ?? ''}`;
  const still = (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded="false"
      aria-label={children ? label : undefined}
      title={icon ? label : undefined}
      className={face}
      onPointerEnter={() => void load()}
      onClick={() => setAsked(true)}
    >
      {children ?? label}
    </button>
  );
  return asked ? (
    <Suspense fallback={still}>
      <MenuPanel {...props} face={face} />
    </Suspense>
  ) : (
    still
  );
}

export interface ContextMenuProps {
  entries: readonly MenuEntry[];
  /** What it belongs to: an element that takes the right click. */
  children: ReactElement;
}

/** The actions of a thing under the right mouse button. The same actions must be reachable in another way too. */
export function ContextMenu({ entries, children }: ContextMenuProps) {
  const [point, setPoint] = useState<{ x: number; y: number } | null>(null);
  const around = useRef<HTMLDivElement>(null);
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- a shortcut to actions that have buttons of their own */}
      <div
        ref={around}
        className="contents"
        onContextMenu={(event) => {
          event.preventDefault();
          setPoint({ x: event.clientX, y: event.clientY });
        }}
      >
        {children}
      </div>
      {point && (
        <Suspense>
          <ContextPanel entries={entries} point={point} onClose={() => setPoint(null)} />
        </Suspense>
      )}
    </>
  );
}
