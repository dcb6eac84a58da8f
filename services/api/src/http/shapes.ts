/** From rows as db reads them to the contract's shapes: instants as text, our own casing, nothing more than the contract names. */
import type { NodeRow, Run, RunSummary } from '@hub/contract';

/** ISO text of an instant that the driver gives as Date or text; null stays null. */
export function instantOf(value: Date | string | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return (value instanceof Date ? value : new Date(value)).toISOString();
}

/** As `instantOf`, for columns that are never null. */
export function instant(value: Date | string): string {
  return instantOf(value) ?? '';
}

export type { NodeRow, Run, RunSummary };
