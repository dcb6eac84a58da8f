/** What a card says, without what it does: drawn by the server and on the canvas alike. */
import clsx from 'clsx';
import { TextCursorInput, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { NodeIcon } from '../../run/node-icon.tsx';
import { triggerWords } from '../model/trigger-words.ts';

interface CardFaceProps {
  type: string;
  words: string;
  disabled: boolean;
  /** Seen from further away: the name alone. */
  large?: boolean;
  children: ReactNode;
}

/** Icon, name (`children`) and what it does in words. */
export function CardFace({ type, words, disabled, large = false, children }: CardFaceProps) {
  return (
    <>
      <span className="flex size-32 shrink-0 items-center justify-center rounded-control bg-hover">
        <NodeIcon type={type} size={large ? 20 : 16} />
      </span>
      <span className={clsx('min-w-0 flex-1', disabled && 'text-muted')}>
        {children}
        {!large && (
          <span className="block truncate text-12 text-muted" title={words}>
            {disabled ? 'Disabled, passes through' : words}
          </span>
        )}
      </span>
    </>
  );
}

/** How the name of a step is written there. */
export const nameClass = (large: boolean): string => clsx('font-semibold', large ? 'line-clamp-2 text-18 leading-[22px]' : 'block truncate');

export function StartFace({ triggers, fields = 0 }: { triggers: readonly string[]; fields?: number }) {
  const words = triggers.length === 0 ? 'By hand or API' : triggers.map(triggerWords).join(', ');
  return (
    <>
      <span className="flex size-[40px] shrink-0 items-center justify-center rounded-round bg-ink text-paper">
        <Zap size={16} aria-hidden />
      </span>
      <span className="min-w-0">
        <span className="block font-semibold">Start</span>
        <span className="block truncate text-12 text-muted" title={words}>
          {words}
        </span>
        {fields > 0 && (
          <span className="flex items-center gap-4 text-12 leading-[12px] text-muted">
            <TextCursorInput size={11} aria-hidden />
            {fields} {fields === 1 ? 'input' : 'inputs'}
          </span>
        )}
      </span>
    </>
  );
}
