/** Chooses from what a vendor has: tables, spreadsheets, channels. The value stays as it is whatever the vendor says; anything may be typed instead. Its list loads with the first opening. */
import { List } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from '../button.tsx';
import { useFieldLink } from '../field.tsx';
import { useInBrowser } from '../in-browser.ts';
import type { Option } from '../option.ts';
import { SelectFace, selectClass } from '../select-face.tsx';
import { type ControlProps, useForm } from './context.ts';
import { ExpressionBox } from './expression-box.tsx';
import { hintOf } from './scalar-controls.tsx';
import type { VendorSource } from './types.ts';
import { holdsExpression } from './values.ts';
import { labelOf } from './vendor-model.ts';

const load = async () => ({ default: (await import('./vendor-panel.tsx')).VendorPanel });
const VendorPanel = lazy(load);

interface VendorControlProps extends ControlProps {
  vendor: VendorSource;
}

/** In a row of a list no frame offers expressions, so the picker does. */
function Expressed({ field, value, set, onBack }: ControlProps & { onBack: () => void }) {
  return (
    <div className="flex items-start gap-4">
      <div className="min-w-0 flex-1">
        <ExpressionBox
          value={typeof value === 'string' ? value : ''}
          placeholder="{{ … }}"
          item={field.item}
          onChange={(text, typing) => set(text === '' ? undefined : text, typing)}
        />
      </div>
      <IconButton label={`Choose ${field.label.toLowerCase()} from a list`} onClick={onBack}>
        <List size={14} aria-hidden />
      </IconButton>
    </div>
  );
}

export function VendorControl(props: VendorControlProps) {
  const { field, value, set, vendor, onExpress } = props;
  const { readOnly, plain } = useForm();
  const [asked, setAsked] = useState(false);
  const [express, setExpress] = useState(false);
  const link = useFieldLink();
  const inBrowser = useInBrowser();
  const resource = field.options ?? '';
  const text = typeof value === 'string' ? value : '';
  if (express || (field.expression && !onExpress && holdsExpression(text)))
    return (
      <Expressed
        {...props}
        onBack={() => {
          setExpress(false);
          if (holdsExpression(text)) set(undefined);
        }}
      />
    );
  const known = inBrowser ? labelOf(resource, text) : undefined;
  const shown: Option | undefined = text === '' ? undefined : { value: text, label: known ?? text };
  const still = (
    <button
      type="button"
      role="combobox"
      aria-haspopup="listbox"
      aria-expanded="false"
      aria-controls={undefined}
      {...link}
      disabled={readOnly}
      className={selectClass()}
      title={known === undefined || known === text ? undefined : text}
      onPointerEnter={() => void load()}
      onClick={() => setAsked(true)}
      onKeyDown={(event) => {
        if (!['Enter', ' ', 'ArrowDown', 'ArrowUp'].includes(event.key)) return;
        event.preventDefault();
        setAsked(true);
      }}
    >
      <SelectFace shown={shown} placeholder={hintOf(field)} prefix={undefined} />
    </button>
  );
  if (!asked || readOnly) return still;
  return (
    <Suspense fallback={still}>
      <VendorPanel
        field={field}
        vendor={vendor}
        shown={shown}
        link={link}
        onChange={(next) => set(next === '' ? undefined : next)}
        onExpress={field.expression && !plain ? (onExpress ?? (() => setExpress(true))) : undefined}
      />
    </Suspense>
  );
}
