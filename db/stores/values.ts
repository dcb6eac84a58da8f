import type { Json } from '@hub/dag/planner';
import type { StoredText } from './blobs.ts';

/** A stored value as the database's functions take it. */
export function ofValue({ text, blob, bytes, preview }: StoredText): Json {
  return bytes === null ? null : { text, blob, bytes, preview };
}
