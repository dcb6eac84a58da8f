/** All that publishing would refuse: the definition's own faults, credentials of others, triggers the plan lacks. Changes nothing and calls nobody. */
import type { Fault } from '@hub/contract';
import type { Definition } from '@hub/dag';
import type { Sql } from '@hub/db';
import { readCredentials } from '@hub/db/read';
import type { TeamAccess } from '../plugins/app/caller.ts';
import { check, credentialFaults, namedCredentials } from './definition.ts';
import { scheduleFaults } from '../triggers/faults.ts';
import { triggerFaults } from './plan-limits.ts';

/** Faults of the credentials that a definition names: not the team's, not connected, or not the caller's to use. */
export async function credentialFaultsOf(sql: Sql, team: TeamAccess, definition: Definition): Promise<Fault[]> {
  const ids = namedCredentials(definition).flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  const rows = [...(await readCredentials(sql, team.id, [...new Set(ids)])).values()];
  const known = rows.map(({ id, name, status, usableBy, users }) => {
    const mine = usableBy === 'team' || (team.userId !== null && users.includes(team.userId)) || team.permissions.has('credential.write');
    return [id, { name, status, mine }] as const;
  });
  return credentialFaults(definition, new Map(known), team.permissions.has('credential.use'));
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
  return { errors, warnings };
}
