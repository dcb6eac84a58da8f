/** Older definitions brought to the present version. There is only version 1, so this only says no clearly. */
import { DefinitionError } from './faults.ts';
import { isRecord, own } from './pointer.ts';

/** Answers the definition in the present version. Throws DefinitionError `definition.version` for versions this hub does not know. */
export function migrate(json: unknown): unknown {
  const version = own(json, 'schemaVersion');
  if (version === 1) return json;
  const found = isRecord(json) ? JSON.stringify(version ?? null) : 'no object';
  throw new DefinitionError(
    'definition.version',
    `This hub reads schemaVersion 1, not ${found}. Export the workflow again from a hub of this version.`,
  );
}
