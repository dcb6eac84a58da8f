import type { ActionRun } from '../../../types.ts';
import { withSlack } from '../../client.ts';
import type { findUserSpec } from './spec.ts';

/** Answers `{ found, id, name }`. */
export const runFindUser: ActionRun<typeof findUserSpec> = (context) =>
  withSlack(context, async (client) => {
    const found = await client.users.lookupByEmail({ email: context.params.email }).catch((error: unknown) => {
      if ((error as { data?: { error?: string } }).data?.error === 'users_not_found') return null;
      throw error;
    });
    const user = found?.user;
    return { output: { found: user !== undefined, id: user?.id ?? null, name: user?.real_name ?? user?.name ?? null } };
  });
