/** Every file that is made from the code, with the text it should have. */
import { existsSync, readFileSync } from 'node:fs';
import { actionFingerprints } from '@hub/activities/versions';
import { envExample } from './environment.ts';
import { reference } from './reference.ts';

const versionsFile = 'activities/src/connectors/versions.json';

export function generated(): Record<string, string> {
  return { 'docs/reference.md': reference(), '.env.example': envExample(), [versionsFile]: versions() };
}

/** Versions of actions as they are on record; only new ones are added, so that running this hides no change. */
function versions(): string {
  const file = new URL(`../../${versionsFile}`, import.meta.url);
  const recorded = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const all = Object.entries({ ...actionFingerprints(), ...recorded }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`;
}
