/** The select with its list; loaded when one first opens (select.tsx). */
import { Select as Base } from '@base-ui/react/select';
import { Check } from 'lucide-react';
import { Fragment } from 'react';
import { listClass, rowClass } from './list-class.ts';
import type { Option } from './option.ts';
import { SelectFace, selectClass, type SelectProps } from './select-face.tsx';

interface PanelProps extends SelectProps {
  link: Record<string, unknown>;
  chosen: string;
  choose: (value: string) => void;
}

export function SelectPanel({ options, chosen, choose, label, placeholder, prefix, disabled, className, link }: PanelProps) {
  const shown = options.find((option) => option.value === chosen);
  return (
    <Base.Root
      value={chosen}
      onValueChange={(next) => choose(next ?? '')}
      items={options as Option[]}
      defaultOpen
      modal={false}
      disabled={disabled ?? false}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it takes the place of the button that had the focus */}
      <Base.Trigger
        {...link}
        autoFocus
        {...(label ? { 'aria-label': `${label}${shown ? `: ${shown.label}` : ''}` } : {})}
        className={selectClass(className)}
      >
        <SelectFace shown={shown} placeholder={placeholder} prefix={prefix} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className={listClass}>
            <Base.List>
              {options.map((option, index) => (
                <Fragment key={option.value}>
                  {option.group && option.group !== options[index - 1]?.group && (
                    <div className="px-8 pt-8 pb-4 text-12 text-muted" role="presentation">
                      {option.group}
                    </div>
                  )}
                  <Base.Item value={option.value} disabled={Boolean(option.why)} title={option.why} className={rowClass}>
                    <span className="w-16 shrink-0">
                      <Base.ItemIndicator>
                        <Check size={14} aria-hidden />
                      </Base.ItemIndicator>
                    </span>
                    <Base.ItemText className="truncate">{option.label}</Base.ItemText>
                    {option.hint && <span className="ml-auto min-w-0 truncate pl-12 text-12 text-muted">{option.hint}</span>}
                  </Base.Item>
                </Fragment>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
