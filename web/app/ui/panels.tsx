/** Tabs of a panel whose parts have no URL of their own (inspector, dock). Tabs that are pages: `TabLinks`. */
import clsx from 'clsx';
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';

export interface PanelTab {
  value: string;
  label: string;
  count?: number | undefined;
  /** Something is wrong in it. */
  fault?: boolean | undefined;
}

export interface PanelsProps {
  label: string;
  tabs: readonly PanelTab[];
  value: string;
  onChange: (value: string) => void;
  right?: ReactNode;
  children: ReactNode;
}

export function Panels({ label, tabs, value, onChange, right, children }: PanelsProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (tabs.findIndex((tab) => tab.value === value) + step + tabs.length) % tabs.length;
    onChange(tabs[next]?.value ?? value);
    (list.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-[36px] shrink-0 items-stretch border-b border-line px-12">
        <div ref={list} role="tablist" aria-label={label} className="flex items-stretch gap-12">
          {tabs.map((tab) => {
            const on = tab.value === value;
            return (
              <button
                key={tab.value}
                type="button"
                role="tab"
                id={`${id}-${tab.value}`}
                aria-selected={on}
                aria-controls={`${id}-panel`}
                tabIndex={on ? 0 : -1}
                onKeyDown={onKey}
                onClick={() => onChange(tab.value)}
                className={clsx(
                  'focus-inset -mb-px inline-flex items-center gap-4 border-b-2 px-4 ease-state',
                  on ? 'border-ink font-medium text-ink' : 'border-transparent text-muted hover:text-ink',
                )}
              >
                {tab.label}
                {tab.count !== undefined && <span className="tabular text-12 text-muted">{tab.count}</span>}
                {tab.fault && <span role="img" aria-label="something is wrong here" className="size-8 rounded-round bg-failed" />}
              </button>
            );
          })}
        </div>
        {right && <span className="ml-auto flex items-center gap-4">{right}</span>}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`} className="min-h-0 flex-1 overflow-auto">
        {children}
      </div>
    </div>
  );
}
