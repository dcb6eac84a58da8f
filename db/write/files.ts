import { asTeam, isUuid, type Sql } from '../database.ts';

/** The handle goes; its content goes with the next sweep unless another file or a run needs it. False: there is none. */
export async function deleteFile(sql: Sql, team: string, id: string): Promise<boolean> {
  if (!isUuid(id)) return false;
  return asTeam(sql, team, async (tx) => {
    const gone = await tx`delete from files where team_id = ${team} and id = ${id} returning id`;
    await tx`delete from blob_refs where team_id = ${team} and owner_kind = 'file' and owner_id = ${id}`;
    return gone.length > 0;
  });
}

/** The files that came with the request which started this run, or which it was told of, are its own from here: they end with it. */
export async function adoptFiles(sql: Sql, team: string, run: string, ids: string[]): Promise<void> {
  await asTeam(sql, team, (tx) => tx`update files set run_id = ${run} where team_id = ${team} and id = any(${ids}::uuid[]) and run_id is null`);
}
