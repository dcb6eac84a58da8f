/** Records as HubSpot has them and as steps see them. */
import type { Json } from '@hub/dag/planner';

interface VendorRecord {
  id: string;
  properties: { [name: string]: string | null };
  createdAt: Date;
  updatedAt: Date;
  archived?: boolean;
}

export interface CrmRecord extends Record<string, Json> {
  id: string;
  properties: { [name: string]: string | null };
  createdAt: string;
  updatedAt: string;
  archived: boolean;
  /** Time of the last change and id: rises with every change, so that a poll trigger misses none and takes none twice. */
  change: string;
}

/** Ids are numbers; with zeros before them they are in order as texts too. */
const idDigits = 20;

type Given = Readonly<Record<string, string | number | boolean | null>>;

/** A record for the output of a step. */
export function toRecord({ id, properties, createdAt, updatedAt, archived }: VendorRecord): CrmRecord {
  const changed = instant(updatedAt);
  return {
    id,
    properties: { ...properties },
    createdAt: instant(createdAt),
    updatedAt: changed,
    archived: archived ?? false,
    change: `${changed} ${id.padStart(idDigits, '0')}`,
  };
}

/** HubSpot's values are texts; an empty one empties the property. */
export function toValues(given: Given): { [name: string]: string } {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value === null ? '' : String(value)]));
}

/** The SDK makes a date of what it finds; of nothing it makes an invalid one. */
const instant = (date: Date): string => (Number.isNaN(date.getTime()) ? '' : date.toISOString());

/** The property that tells when a record was last changed. */
export const changedProperty = (object: string): string => (object === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate');

/**
 * Rows in order of their last change that were cut at a limit, without the last moment: more of it may be to come, in any order, and who goes on from there reads it whole.
 * A moment that fills all of them stays.
 */
export function wholeMoments(rows: CrmRecord[]): CrmRecord[] {
  const last = rows.at(-1)?.updatedAt;
  const whole = rows.filter(({ updatedAt }) => updatedAt !== last);
  return whole.length === 0 ? rows : whole;
}
