/** Messages of a prompt: who says it, and what; text with expressions, or parts with files. */
import { ChevronDown, ChevronUp, Paperclip, Plus, X } from 'lucide-react';
import { Button, IconButton } from '../button.tsx';
import type { Json } from '../json-path.ts';
import { Select } from '../select.tsx';
import { type ControlProps, useForm } from './context.ts';
import { ExpressionBox } from './expression-box.tsx';
import type { JsonObject } from './types.ts';
import { isObject, moved, pointerPart, withItem } from './values.ts';

const roles = [
  { value: 'system', label: 'System', hint: 'what the model is to be' },
  { value: 'user', label: 'User', hint: 'what is asked' },
  { value: 'assistant', label: 'Assistant', hint: 'what it answered before' },
];

const partsOf = (content: Json | undefined): JsonObject[] =>
  Array.isArray(content) ? content.map((part) => (isObject(part) ? part : {})) : [{ type: 'text', text: typeof content === 'string' ? content : '' }];

function Content({ content, at, write }: { content: Json | undefined; at: string; write: (next: Json, typing: boolean) => void }) {
  const { readOnly, faultsAt } = useForm();
  const parts = partsOf(content);
  const several = Array.isArray(content);
  const put = (next: JsonObject[], typing = false): void => {
    const [only] = next;
    write(next.length === 1 && only?.['type'] === 'text' && typeof only['text'] === 'string' ? only['text'] : next, typing);
  };
  return (
    <div className="flex flex-col gap-4">
      {parts.map((part, index) => {
        const isFile = part['type'] === 'file';
        const key = isFile ? 'file' : 'text';
        const text = part[key];
        return (
          <div key={index} className="flex items-start gap-4">
            {isFile && <Paperclip size={14} aria-hidden className="mt-[7px] shrink-0 text-muted" />}
            <div className="min-w-0 flex-1">
              <ExpressionBox
                label={isFile ? `File ${index + 1}` : 'Text'}
                multiline={!isFile}
                placeholder={isFile ? '{{ input.file }}' : 'Write what the model is to do. {{ puts in a value.'}
                value={typeof text === 'string' ? text : text === undefined ? '' : JSON.stringify(text)}
                onChange={(next, typing) => put(withItem(parts, index, { type: key, [key]: next }), typing)}
              />
              {faultsAt(several ? at + pointerPart(index) : at).map(({ message }) => (
                <p key={message} className="text-failed-text">
                  {message}
                </p>
              ))}
            </div>
            {several && !readOnly && (
              <IconButton
                label={`Remove part ${index + 1}`}
                className="w-24"
                onClick={() => put(parts.length > 1 ? withItem(parts, index, undefined) : [{ type: 'text', text: '' }])}
              >
                <X size={14} aria-hidden />
              </IconButton>
            )}
          </div>
        );
      })}
      {several && !readOnly && (
        <Button kind="quiet" className="-ml-8 self-start px-8" onClick={() => put([...parts, { type: 'text', text: '' }])}>
          <Plus size={14} aria-hidden />
          Add text
        </Button>
      )}
    </div>
  );
}

export function MessagesControl({ value, at, set }: ControlProps) {
  const { readOnly } = useForm();
  const list: JsonObject[] =
    Array.isArray(value) && value.length > 0 ? value.map((one) => (isObject(one) ? one : {})) : [{ role: 'user', content: '' }];
  const write = (next: JsonObject[], typing = false): void => set(next, typing);
  return (
    <div className="flex flex-col gap-12">
      {list.map((message, index) => {
        const here = at + pointerPart(index);
        const change = (part: JsonObject, typing = false): void =>
          write(withItem(list, index, { role: 'user', content: '', ...message, ...part }), typing);
        return (
          <div key={index} className="flex flex-col gap-4">
            <div className="flex items-center gap-4">
              <Select
                label={`Role of message ${index + 1}`}
                className="w-[116px]"
                disabled={readOnly}
                options={roles}
                value={typeof message['role'] === 'string' ? message['role'] : 'user'}
                onChange={(role) => change({ role })}
              />
              {!readOnly && (
                <span className="ml-auto flex">
                  <IconButton
                    label={`Add a file to message ${index + 1}`}
                    onClick={() => change({ content: [...partsOf(message['content']), { type: 'file', file: '' }] })}
                  >
                    <Paperclip size={14} aria-hidden />
                  </IconButton>
                  {list.length > 1 && (
                    <>
                      <IconButton label={`Move message ${index + 1} up`} disabled={index === 0} onClick={() => write(moved(list, index, index - 1))}>
                        <ChevronUp size={14} aria-hidden />
                      </IconButton>
                      <IconButton
                        label={`Move message ${index + 1} down`}
                        disabled={index === list.length - 1}
                        onClick={() => write(moved(list, index, index + 1))}
                      >
                        <ChevronDown size={14} aria-hidden />
                      </IconButton>
                      <IconButton label={`Remove message ${index + 1}`} onClick={() => write(withItem(list, index, undefined))}>
                        <X size={14} aria-hidden />
                      </IconButton>
                    </>
                  )}
                </span>
              )}
            </div>
            <Content content={message['content']} at={`${here}/content`} write={(content, typing) => change({ content }, typing)} />
          </div>
        );
      })}
      {!readOnly && (
        <Button kind="quiet" className="-ml-8 self-start px-8" onClick={() => write([...list, { role: 'user', content: '' }])}>
          <Plus size={14} aria-hidden />
          Add message
        </Button>
      )}
    </div>
  );
}
