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
    change: `${changed} ${id}`,
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
