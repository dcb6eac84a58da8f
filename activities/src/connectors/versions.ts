/** What published definitions notice of an action: its params and its output, without the words. Kept in versions.json, so that a change without a new version is seen. */
import { createHash } from 'node:crypto';

import { z } from 'zod';

import { connectorManifests } from './catalogue.ts';
import type { ActionSpec, ConnectorManifest } from './types.ts';

/** Words and looks: they may change at any time. */
const words = new Set(['$schema', 'title', 'description', 'ui', 'examples']);

/** `connector.action@version` to a short hash, of every version that the catalogue knows. */
export function actionFingerprints(): Record<string, string> {
  const all = Object.values(connectorManifests as Record<string, ConnectorManifest>).flatMap((manifest) => {
    const earlier = Object.values(manifest.earlier ?? {}).flatMap((versions) => Object.values(versions));
    return [...Object.values(manifest.actions), ...earlier].map((spec): [string, string] => [
      `${manifest.id}.${spec.id}@${spec.version}`,
      fingerprintOf(spec),
    ]);
  });
  return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of one version of an action. */
export function fingerprintOf({ params, output, literalParams }: ActionSpec): string {
  const given = bare(z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }));
  const text = JSON.stringify([given, bare(output.schema), literalParams.toSorted()]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Keys in order, words left out; the names of properties are no words. */
function bare(schema: unknown, names = false): unknown {
  if (Array.isArray(schema)) return schema.map((one) => bare(one));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => names || !words.has(key))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, bare(value, !names && (key === 'properties' || key === '$defs'))]),
  );
}
