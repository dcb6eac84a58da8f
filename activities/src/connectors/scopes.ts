import { findConnector } from './catalogue.ts';

/** Scopes that a connector's actions and pickers need and `granted` lacks; none where the vendor names no scopes. */
export function missingScopes(connector: string, granted: readonly string[] | null): string[] {
  const manifest = findConnector(connector);
  // A vendor whose answer has another form names none either.
  if (!Array.isArray(granted) || manifest === null) return [];
  const wanted = new Set([...Object.values(manifest.actions).flatMap((action) => action.scopes ?? []), ...(manifest.scopes ?? [])]);
  return [...wanted].filter((scope) => !scope.split('|').some((one) => granted.includes(one))).map((scope) => scope.split('|')[0] ?? scope);
}
