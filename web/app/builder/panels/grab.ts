/** Puts the name of a value into a drag: a field takes it as an expression, anything else as text. */
import type { DragEvent } from 'react';
import { expressionType } from '../../ui/form/types.ts';

export function grab(event: DragEvent, path: string): void {
  event.dataTransfer.setData(expressionType, path);
  event.dataTransfer.setData('text/plain', `{{ ${path} }}`);
  event.dataTransfer.effectAllowed = 'copy';
}
