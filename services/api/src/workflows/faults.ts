/** All that publishing would refuse: the definition's own faults, credentials of others, triggers the plan lacks. Changes nothing and calls nobody. */
import type { Fault } from '@hub/contract';
import type { Definition } from '@hub/dag';
import type { Sql } from '@hub/db';
import { type CredentialRead, readCredentials, readNamed } from '@hub/db/read';
import { UserError } from '@hub/kit/errors';
import type { TeamAccess } from '../plugins/app/caller.ts';
import { check, credentialFaults, namedCredentials } from './definition.ts';
import { scheduleFaults } from '../triggers/faults.ts';
import { triggerFaults } from './plan-limits.ts';
import { referencesOf } from './portable.ts';

/** May the caller have this credential sent, as far as its owner said who may? Whoever can change it may. */
const isUsable = ({ usableBy, users }: CredentialRead, team: TeamAccess): boolean =>
  usableBy === 'team' || (team.userId !== null && users.includes(team.userId)) || team.permissions.has('credential.write');

/**
 * Refuses to call a vendor for a form or a test with a credential that is for certain people: what it shows would be theirs to see (05, rule 8).
 * @throws UserError 403 `credential.not-yours`. One that is not there is left to whoever opens it.
 */
export async function refuseForeignUse(sql: Sql, team: TeamAccess, credentialId: string): Promise<void> {
  const row = (await readCredentials(sql, team.id, [credentialId])).get(credentialId);
  if (row === undefined || isUsable(row, team)) return;
  throw new UserError('credential.not-yours', `"${row.name}" may be used by certain people only, and you are not one of them.`, { status: 403 });
}

/** Faults of the credentials that a definition names: not the team's, not connected, or not the caller's to use. */
export async function credentialFaultsOf(sql: Sql, team: TeamAccess, definition: Definition): Promise<Fault[]> {
  const ids = namedCredentials(definition).flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  const rows = [...(await readCredentials(sql, team.id, [...new Set(ids)])).values()];
  const known = rows.map((row) => [row.id, { name: row.name, status: row.status, mine: isUsable(row, team) }] as const);
  return credentialFaults(definition, new Map(known), team.permissions.has('credential.use'));
}

/** Workflows and files that a definition names and the team has not. Warnings: what needs one fails when it runs, and an import may be published step by step. */
async function missingReferences(sql: Sql, team: string, definition: Definition): Promise<Fault[]> {
  const named = referencesOf(definition).filter(({ kind }) => kind !== 'credential');
  if (named.length === 0) return [];
  const of = (wanted: 'workflow' | 'file'): string[] => named.flatMap(({ kind, value }) => (kind === wanted ? [value] : []));
  const known = await readNamed(sql, team, { credentials: [], workflows: of('workflow'), files: of('file') });
  return named
    .filter(({ kind, value }) => !known.has(`${kind} ${value}`))
    .map(({ kind, path, nodeId }) => ({
      path,
      nodeId: nodeId === '' ? null : nodeId,
      code: `${kind}.not-found`,
      message: `There is no such ${kind} in this team, so this will fail when it runs. Choose another.`,
    }));
}

/** Errors and warnings, each with node and JSON pointer. */
export async function faultsOf(sql: Sql, team: TeamAccess, definition: Definition): Promise<{ errors: Fault[]; warnings: Fault[] }> {
  const { faults, warnings } = check(definition);
  const errors = [
    ...faults,
    ...(await credentialFaultsOf(sql, team, definition)),
    ...triggerFaults(team.plan, definition),
    ...scheduleFaults(definition),
  ];
  return { errors, warnings: [...warnings, ...(await missingReferences(sql, team.id, definition))] };
}
