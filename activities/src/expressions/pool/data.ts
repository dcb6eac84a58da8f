/** From refs and texts to what expressions see. */
import type { ReadRef, StepError } from '@hub/dag/planner';

import type { ContextWire, NodeWire } from '../context.ts';
import type { DataWire } from './jobs.ts';
import { refKey } from './jobs.ts';

/** The JSON text behind a ref; `null` where the ref itself says so. Undefined: it was not sent. */
export function textOf(ref: ReadRef, texts: Record<string, string>): string | undefined {
  if (ref.as === 'null') return 'null';
  if (ref.as === 'error') return JSON.stringify(ref.error ?? null);
  const key = refKey(ref);
  return Object.hasOwn(texts, key) ? texts[key] : undefined;
}

export function contextOf(data: DataWire): ContextWire {
  const nodes: Record<string, NodeWire> = {};
  for (const ref of data.reads) {
    const text = textOf(ref, data.texts);
    if (text !== undefined) nodes[ref.id] = nodeWire(text, ref.as === 'error' ? undefined : ref.error);
  }
  return { values: data.values, nodes };
}

export function nodeWire(output: string, error: StepError | undefined): NodeWire {
  return error === undefined ? { output } : { output, error };
}
