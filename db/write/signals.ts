/**
 * What is said to runs from outside. Each is one transaction that writes a message; afterwards the caller calls `deliver` of the inbox for the
 * run named in the answer.
 */
import { randomUUID } from 'node:crypto';
import { signalKey } from '@hub/kit/crypto';
import { asTeam, callOnce, isUuid, one, type Sql } from '../database.ts';
import { type BlobKey, storeText } from '../stores/blobs.ts';
import { ofValue } from '../stores/values.ts';
import { cleanJson } from '../text.ts';

interface Stored {
  blobKey: BlobKey;
}

export interface NewSignal {
  team: string;
  name: string;
  /** Any JSON value; null: reaches any wait of the name. */
  key?: unknown;
  /** JSON text; null: none. */
  payloadText: string | null;
  messageId: string;
}

export type SignalOutcome = 'accepted' | 'repeated' | 'ended' | 'full' | 'not-found';

/** To one run: kept there until a step takes it, at most 1,000. */
export async function sendSignal(
  sql: Sql,
  { blobKey }: Stored,
  { team, run, name, key, path, payloadText, messageId }: NewSignal & { run: string; path?: string | undefined },
): Promise<{ outcome: SignalOutcome }> {
  if (!isUuid(run)) return { outcome: 'not-found' };
  const payload = ofValue(await storeText(sql, blobKey, team, { kind: 'run', id: run }, payloadText));
  const record = cleanJson({ name, key: signalKey(key), path: path ?? null, messageId, payload });
  const row = one(
    await callOnce(
      () =>
        sql<
          { answer: { outcome: SignalOutcome } }[]
        >`select hub_signal_run(${team}::uuid, ${run}::uuid, ${sql.json(record as never)}::jsonb) as answer`,
    ),
  );
  return row.answer;
}

export type DeliverOutcome = { outcome: 'delivered' | 'repeated'; run: string } | { outcome: 'held' | 'full' };

/**
 * To whichever run waits longest for the name (and key); with none it is held for 24 hours (at most 1,000 a team), and the next such wait takes it, with
 * the files that came with it (`files`).
 */
export async function deliverSignal(
  sql: Sql,
  { blobKey }: Stored,
  { team, workflowId, name, key, payloadText, messageId, files = [] }: NewSignal & { workflowId?: string | null; files?: string[] },
): Promise<DeliverOutcome> {
  // The blob of a held payload has no owner: it stays as long as the signal is held.
  const owner = randomUUID();
  const payload = await storeText(sql, blobKey, team, { kind: 'run', id: owner }, payloadText);
  const record = cleanJson({ workflowId: workflowId ?? null, name, key: signalKey(key), messageId, files, payload: ofValue(payload) });
  const row = one(
    await callOnce(() => sql<{ answer: DeliverOutcome }[]>`select hub_deliver_signal(${team}::uuid, ${sql.json(record as never)}::jsonb) as answer`),
  );
  if (payload.blob !== null) {
    const run = 'run' in row.answer ? row.answer.run : null;
    await asTeam(sql, team, async (tx) => {
      if (run !== null)
        await tx`insert into blob_refs (team_id, blob_id, owner_kind, owner_id) values (${team}, ${payload.blob}, 'run', ${run}) on conflict do nothing`;
      await tx`delete from blob_refs where team_id = ${team} and owner_kind = 'run' and owner_id = ${owner}`;
    });
  }
  return row.answer;
}

export interface NewAnswer {
  team: string;
  run: string;
  nodeId: string;
  path?: string | undefined;
  decision: string;
  /** JSON text of the form, or of the output that is given by hand. */
  payloadText: string | null;
  messageId: string;
  /** The approval that whoever answers was checked against, and no other is answered; null: none was found. */
  approvalId?: string | null;
  /** Address of who answers, as others see it. */
  by: string | null;
  userId?: string | null;
}

export interface AnswerOutcome {
  outcome: 'accepted' | 'repeated' | 'ended' | 'not-waiting' | 'answered' | 'path-needed' | 'wrong-decision' | 'not-found';
  path?: string;
  decision?: string;
}

/** To a step that waits for a person. Only the first answer counts; a repeat by the same message id answers as the first time. */
export async function answerWait(
  sql: Sql,
  { blobKey }: Stored,
  { team, run, payloadText, path, userId, ...rest }: NewAnswer,
): Promise<AnswerOutcome> {
  if (!isUuid(run)) return { outcome: 'not-found' };
  const payload = ofValue(await storeText(sql, blobKey, team, { kind: 'run', id: run }, payloadText));
  const record = cleanJson({ ...rest, path: path ?? null, userId: userId ?? null, payload });
  const row = one(
    await callOnce(
      () => sql<{ answer: AnswerOutcome }[]>`select hub_answer_wait(${team}::uuid, ${run}::uuid, ${sql.json(record as never)}::jsonb) as answer`,
    ),
  );
  return row.answer;
}

export interface SteerOutcome {
  outcome: 'accepted' | 'ended' | 'not-begun' | 'not-found';
  status?: 'running' | 'waiting';
}

/** Pause and resume. */
export async function steerRun(sql: Sql, team: string, run: string, kind: 'pause' | 'resume', userId: string | null): Promise<SteerOutcome> {
  if (!isUuid(run)) return { outcome: 'not-found' };
  const row = one(
    await callOnce(() => sql<{ answer: SteerOutcome }[]>`select hub_steer_run(${team}::uuid, ${run}::uuid, ${kind}, ${userId}::uuid) as answer`),
  );
  return row.answer;
}

export interface ResumeRead {
  team: string;
  run: string;
  nodeId: string;
  path: string;
  kind: 'wait' | 'approval';
  approvalId: string | null;
  state: 'open' | 'used' | 'expired';
  title: string | null;
}

/** What a one-time link leads to; null where no wait of this token was ever open. `tokenHash` is the SHA-256 of the token. */
export async function readResume(sql: Sql, tokenHash: Buffer): Promise<ResumeRead | null> {
  const [place] = await callOnce(() => sql<{ team: string; run: string; path: string }[]>`select team, run, path from hub_find_wait(${tokenHash})`);
  if (place === undefined) return null;
  const [row] = await asTeam(
    sql,
    place.team,
    (tx) => tx<Omit<ResumeRead, 'team'>[]>`
    select w.run_id as run, w.node_id as "nodeId", w.path, case when w.reason = 'approval' then 'approval' else 'wait' end as kind, a.id as "approvalId", a.title,
      case when w.answered_n is not null then 'used' when w.closed_at is null then 'open'
        when a.status in ('approved', 'rejected') or exists (select from run_messages m where m.team_id = w.team_id and m.run_id = w.run_id and m.taken_path = w.path) then 'used'
        else 'expired' end as state
    from run_waits w left join approvals a on a.team_id = w.team_id and a.run_id = w.run_id and a.path = w.path and a.attempt = w.attempt
    where w.team_id = ${place.team} and w.token_hash = ${tokenHash}`,
  );
  return row === undefined ? null : { team: place.team, ...row };
}

/** Lets a wait go on by its link, once. Approvals are answered, not resumed: `gone`. */
export async function useResume(
  sql: Sql,
  { blobKey }: Stored,
  tokenHash: Buffer,
  payloadText: string | null,
): Promise<{ outcome: 'released'; team: string; run: string } | { outcome: 'used' | 'expired' | 'gone' }> {
  const found = await readResume(sql, tokenHash);
  if (found === null || found.kind === 'approval') return { outcome: 'gone' };
  if (found.state !== 'open') return { outcome: found.state };
  const { team, run, path } = found;
  const payload = ofValue(await storeText(sql, blobKey, team, { kind: 'run', id: run }, payloadText));
  const row = one(
    await callOnce(
      () => sql<{ answer: { outcome: 'released' | 'used' | 'expired' | 'gone' } }[]>`
      select hub_resume_wait(${team}::uuid, ${run}::uuid, ${path}, ${tokenHash}, ${sql.json({ payload } as never)}::jsonb) as answer`,
    ),
  );
  return row.answer.outcome === 'released' ? { outcome: 'released', team, run } : { outcome: row.answer.outcome };
}

/** How many runs stand above a run. */
export async function readRunDepth(sql: Sql, team: string, run: string): Promise<number> {
  const row = one(await callOnce(() => sql<{ depth: number }[]>`select coalesce(hub_run_depth(${team}::uuid, ${run}::uuid), 0) as depth`));
  return row.depth;
}
