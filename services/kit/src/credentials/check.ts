/** Values against their kind, and where they may go. */
import { schemaOf } from './field.ts';
import type { CredentialKindSpec } from './kinds.ts';

/** Faults of `values` for a kind, by field and without quoting a value; or the values with their fallbacks. */
export function checkCredentialValues(
  kind: CredentialKindSpec,
  values: Readonly<Record<string, string>>,
): { ok: true; values: Record<string, string> } | { ok: false; faults: { field: string; message: string }[] } {
  // A form sends an empty text for a field left alone.
  const given = Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== '' || kind.fields.some((field) => field.name === name && field.required)),
  );
  const parsed = schemaOf(kind.fields).safeParse(given);
  if (!parsed.success)
    return {
      ok: false,
      faults: parsed.error.issues.flatMap((issue) =>
        faultsOf(kind, given, issue.path.map(String), issue.code === 'unrecognized_keys' ? issue.keys : []),
      ),
    };
  if (kind.refine !== undefined && !kind.refine.holds(parsed.data))
    return { ok: false, faults: [{ field: kind.fields[0]?.name ?? '', message: kind.refine.message }] };
  return { ok: true, values: parsed.data };
}

function faultsOf(
  kind: CredentialKindSpec,
  given: Readonly<Record<string, string>>,
  path: string[],
  unknown: string[],
): { field: string; message: string }[] {
  if (unknown.length > 0) return unknown.map((field) => ({ field: field.slice(0, 60), message: `${kind.title} has no such value` }));
  const field = kind.fields.find(({ name }) => name === path[0]);
  const what = field === undefined ? 'the values' : field.label;
  const missing = field !== undefined && given[field.name] === undefined;
  return [{ field: field?.name ?? '', message: missing ? `${what} is missing` : `${what} cannot be used${field?.help ? `: ${field.help}` : ''}` }];
}

/** Where values of this kind may be sent; `given` are the hosts its owner named. Null: its owner must name some. */
export function hostsOfKind(
  kind: CredentialKindSpec,
  values: Readonly<Record<string, string>>,
  given: readonly string[] | undefined,
): string[] | null {
  if (kind.hosts === 'nowhere') return [];
  const { hosts } = kind;
  if (typeof hosts === 'function' && kind.hostsFixed === true) return hosts(values);
  if (given !== undefined && given.length > 0) return [...given];
  if (hosts === 'given') return null;
  return typeof hosts === 'function' ? hosts(values) : [...hosts];
}
