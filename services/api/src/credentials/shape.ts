/** A credential as everybody of the team may see it: never a value. */
import type { Credential } from '@hub/contract';
import type { CredentialRead } from '@hub/db/read';
import { credentialDaysBefore as daysBefore } from '@hub/db/write';
import { credentialKind } from '@hub/kit/credentials';
import { instant, instantOf } from '../http/shapes.ts';

/** An end that is put off by itself is nobody's worry. */
const endOf = (row: CredentialRead): string | null =>
  row.endsAt ?? (row.refreshable || credentialKind(row.kind)?.grant !== 'authorization-code' ? null : row.expiresAt);

function warningOf(end: string | null): Credential['expiryWarning'] {
  if (end === null) return null;
  const leftMs = Date.parse(end) - Date.now();
  return leftMs <= 0 ? 'ended' : leftMs < daysBefore * 86_400_000 ? 'soon' : null;
}

/** Its answer. */
export function credentialShape(row: CredentialRead): Credential {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    allowedHosts: row.allowedHosts,
    status: row.status as Credential['status'],
    statusReason: row.statusReason,
    account: row.account,
    scopes: row.scopes,
    expiresAt: instantOf(endOf(row)),
    expiryWarning: warningOf(endOf(row)),
    usableBy: row.usableBy === 'people' ? 'people' : 'team',
    users: row.users,
    revision: row.rowVersion,
    lastUsedAt: instantOf(row.lastUsedAt),
    createdAt: instant(row.createdAt),
    updatedAt: instant(row.updatedAt),
  };
}
