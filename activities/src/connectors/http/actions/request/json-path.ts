import type { Json } from '@hub/dag/planner';

/** The value at a dotted path of own names and indexes, or undefined. */
export function at(value: Json, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((from, name) => {
    if (Array.isArray(from)) return /^\d+$/.test(name) ? from[Number(name)] : undefined;
    return typeof from === 'object' && from !== null && Object.hasOwn(from, name) ? from[name] : undefined;
  }, value);
}
