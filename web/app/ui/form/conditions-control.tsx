/** Conditions: rows of left, operator, right, joined by all or any, nested where need be; or one expression. */
import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '../button.tsx';
import type { Json } from '../json-path.ts';
import { Segmented } from '../segmented.tsx';
import { Select } from '../select.tsx';
import {
  type ConditionShape,
  isUnary,
  membersOf,
  newComparison,
  operators,
  reshaped,
  shapeOf,
  withMembers,
  withOperator,
} from './condition-model.ts';
import { type ControlProps, useForm } from './context.ts';
import { ExpressionBox } from './expression-box.tsx';
import type { JsonObject } from './types.ts';
import { isObject, looseText, looseValue, pointerPart, withItem, withKey } from './values.ts';

interface Part {
  value: Json | undefined;
  at: string;
  set: (value: JsonObject, typing?: boolean) => void;
  item: boolean;
  onRemove?: (() => void) | undefined;
}

function Faults({ at }: { at: string }) {
  return useForm()
    .faultsAt(at)
    .map(({ message }) => (
      <p key={message} className="text-failed-text">
        {message}
      </p>
    ));
}

function Comparison({ value, at, set, item, onRemove }: Part) {
  const { readOnly } = useForm();
  const object = isObject(value) ? value : newComparison();
  const op = typeof object['op'] === 'string' ? object['op'] : 'eq';
  const side = (key: 'left' | 'right') => (
    <div className="min-w-0 flex-1 basis-[120px]" data-field={`${at}/${key}`}>
      <ExpressionBox
        label={key === 'left' ? 'Left side' : 'Right side'}
        item={item}
        placeholder={key === 'left' ? '{{ value }}' : op === 'in' || op === 'not_in' ? '["a", "b"]' : 'value'}
        value={typeof object[key] === 'object' && object[key] !== null ? JSON.stringify(object[key]) : looseText(object[key])}
        onChange={(text, typing) => set(withKey({ left: '', op, ...object }, key, listOr(text, op)), typing)}
      />
    </div>
  );
  return (
    <div className="flex flex-wrap items-start gap-4">
      {side('left')}
      <Select
        label="Operator"
        className="w-[132px]"
        disabled={readOnly}
        options={operators}
        value={op}
        onChange={(next) => set(withOperator(object, next))}
      />
      {!isUnary(op) && side('right')}
      {!readOnly && onRemove && (
        <IconButton label="Remove this condition" className="w-24" onClick={onRemove}>
          <X size={14} aria-hidden />
        </IconButton>
      )}
      <div className="basis-full empty:hidden">
        <Faults at={`${at}/left`} />
        <Faults at={`${at}/op`} />
        <Faults at={`${at}/right`} />
      </div>
    </div>
  );
}

/** "Is one of" takes a list written as JSON; everything else a single value. */
function listOr(text: string, op: string): Json {
  if ((op === 'in' || op === 'not_in') && text.startsWith('[')) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      return text;
    }
  }
  return looseValue(text);
}

const wordsOf: { value: ConditionShape; label: string; hint: string }[] = [
  { value: 'all', label: 'All of', hint: 'Every condition holds' },
  { value: 'any', label: 'Any of', hint: 'At least one holds' },
  { value: 'not', label: 'Not', hint: 'The condition does not hold' },
  { value: 'expression', label: 'Expression', hint: 'A JSONata expression that gives true or false' },
];

function Group({ value, at, set, item, onRemove, depth }: Part & { depth: number }) {
  const { readOnly } = useForm();
  const shape = shapeOf(value);
  const members = membersOf(value);
  const key = shape === 'any' ? 'any' : 'all';
  const pointer = (index: number): string => (shape === 'compare' ? at : at + pointerPart(key) + pointerPart(index));
  const grouped = shape === 'all' || shape === 'any';
  const write = (next: Json[], typing = false): void => set(withMembers(value, next), typing);
  return (
    <div className="flex flex-col gap-8">
      <div className="flex items-center gap-8">
        <Segmented
          small
          label="Joined by"
          disabled={readOnly}
          value={shape === 'compare' ? 'all' : shape}
          options={wordsOf}
          onChange={(next) => set(reshaped(value, next as ConditionShape))}
        />
        {!readOnly && onRemove && (
          <IconButton label="Remove this group" className="ml-auto w-24" onClick={onRemove}>
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </div>
      {shape === 'expression' ? (
        <>
          <ExpressionBox
            bare
            multiline
            label="Expression"
            item={item}
            placeholder="input.total > 10"
            value={isObject(value) && typeof value['expression'] === 'string' ? value['expression'] : ''}
            onChange={(text, typing) => set({ expression: text }, typing)}
          />
          <Faults at={`${at}/expression`} />
        </>
      ) : shape === 'not' ? (
        <div className="border-l border-line pl-12">
          <Member
            value={isObject(value) ? value['not'] : undefined}
            at={`${at}/not`}
            item={item}
            depth={depth + 1}
            set={(next, typing) => set({ not: next }, typing)}
          />
        </div>
      ) : (
        <>
          {members.map((member, index) => (
            <Member
              key={index}
              value={member}
              at={pointer(index)}
              item={item}
              depth={depth + 1}
              set={(next, typing) => (grouped ? write(withItem(members, index, next), typing) : set(next, typing))}
              onRemove={members.length > 1 ? () => write(withItem(members, index, undefined)) : undefined}
            />
          ))}
          {!readOnly && (
            <div className="-ml-8 flex">
              <Button kind="quiet" className="px-8" onClick={() => write([...members, newComparison()])}>
                <Plus size={14} aria-hidden />
                Add condition
              </Button>
              {depth < 3 && (
                <Button kind="quiet" className="px-8" onClick={() => write([...members, { any: [newComparison()] }])}>
                  Add group
                </Button>
              )}
            </div>
          )}
        </>
      )}
      <Faults at={at} />
    </div>
  );
}

function Member({ depth, ...part }: Part & { depth: number }) {
  return shapeOf(part.value) === 'compare' ? (
    <Comparison {...part} />
  ) : (
    <div className="border-l border-line pl-12">
      <Group {...part} depth={depth} />
    </div>
  );
}

export function ConditionsControl({ field, value, at, set }: ControlProps) {
  return <Group value={value} at={at} set={set} item={Boolean(field.item)} depth={0} />;
}
