/** All that publishing would refuse: the definition's own faults, credentials of others, triggers the plan lacks. Changes nothing and calls nobody. */
import type { Fault } from '@hub/contract';
import type { Definition } from '@hub/dag';
import type { Sql } from '@hub/db';
import { listCredentials } from '@hub/db/read';
import type { TeamAccess } from '../plugins/app/caller.ts';
import { check, credentialFaults, namedCredentials } from './definition.ts';
import { scheduleFaults } from '../triggers/faults.ts';
import { triggerFaults } from './plan-limits.ts';

/** Ids of the team's usable credentials; nothing is read where the definition names none. */
async function usableCredentials(sql: Sql, team: string, definition: Definition): Promise<Set<string>> {
  const known = new Set<string>();
  if (namedCredentials(definition).length === 0) return known;
  for (let cursor: string | undefined; ; ) {
    const page = await listCredentials(sql, team, { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    for (const row of page.items) if (row.status === 'active') known.add(row.id);
    if (page.nextCursor === null) return known;
    cursor = page.nextCursor;
  }
}

/** Faults of the credentials that a definition names: not the team's, not usable any more, or not the caller's to use. */
export async function credentialFaultsOf(sql: Sql, team: TeamAccess, definition: Definition): Promise<Fault[]> {
  return credentialFaults(definition, await usableCredentials(sql, team.id, definition), team.permissions.has('credential.use'));
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
