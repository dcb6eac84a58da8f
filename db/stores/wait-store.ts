/** The worker's WaitStore (activities/src/wait-ports.ts) on PostgreSQL: one round trip per method, values over 32 KB add theirs. */
import type { Json, StepError } from '@hub/dag/planner';
import type { ClosedWait, EndedWait, WaitStore } from '@hub/activities/wait-ports';
import { errorCode } from '@hub/kit/errors';
import { callAgain, one, type Sql } from '../database.ts';
import type { RunNotifier } from '../live/notifier.ts';
import { cleanJson } from '../text.ts';
import { type BlobKey, storeText, textOf } from './blobs.ts';
import { ofValue } from './values.ts';

export interface WaitStoreOptions {
  blobKey: BlobKey;
  notifier?: RunNotifier | undefined;
  /** Tells Temporal what was said to a run; never throws. */
  tell: (ref: { team: string; run: string }) => Promise<void>;
}

type Opened = { done: string } | { failed: StepError } | { facts: never; tell: boolean };
interface Ended {
  outcome: 'ended';
  status: 'completed' | 'failed';
  port: string;
  code: string | null;
  message: string | null;
  attempt: number;
  unused: boolean;
}
interface Closed {
  outcome: 'closed' | 'reopened' | 'gone';
  reason: ClosedWait['reason'];
  attempt: number;
  signal: boolean;
  unused: boolean;
  takenBy?: string | null;
  message?: { text: string | null; blob: string | null; decision: string | null; by: string | null; at: string };
  child?: { run: string; status: string; text: string | null; blob: string | null; code: string | null; message: string | null };
}

/** See the port for what each method promises. */
export function createWaitStore(sql: Sql, { blobKey, notifier, tell }: WaitStoreOptions): WaitStore {
  const store = (team: string, run: string, text: string | null) => storeText(sql, blobKey, team, { kind: 'run', id: run }, text);
  return {
    async open({ team, run, inputText, ...wait }) {
      const input = ofValue(await store(team, run, inputText));
      const record = cleanJson({ ...wait, input } as unknown as Json);
      try {
        const row = one(
          await callAgain(
            () => sql<{ answer: Opened }[]>`select hub_open_wait(${team}::uuid, ${run}::uuid, ${sql.json(record as never)}::jsonb) as answer`,
          ),
        );
        notifier?.note(team, run);
        if (!('facts' in row.answer)) return row.answer;
        if (row.answer.tell) await tell({ team, run });
        return { facts: row.answer.facts };
      } catch (error) {
        if (errorCode(error) === 'run.gone') return { gone: true };
        throw error;
      }
    },

    async close(team, run, path, by) {
      const row = one(
        await callAgain(() => sql<{ answer: Closed | Ended }[]>`select hub_close_wait(${team}::uuid, ${run}::uuid, ${path}, ${by}::int) as answer`),
      );
      if (row.answer.outcome === 'ended') return endedWait(row.answer);
      const { outcome, message, child, takenBy = null, ...rest } = row.answer;
      if (outcome === 'reopened') return { outcome, takenBy };
      if (outcome === 'gone') return { outcome };
      return {
        ...rest,
        outcome,
        ...(message === undefined ? {} : { message: { ...message, text: await textOf(sql, team, message.text, message.blob) } }),
        ...(child === undefined ? {} : { child: { ...child, text: await textOf(sql, team, child.text, child.blob) } }),
      };
    },

    async end({ team, run, outputText, ...end }) {
      const record = cleanJson({ ...end, output: ofValue(await store(team, run, outputText)) } as unknown as Json);
      await callAgain(() => sql`select hub_end_wait(${team}::uuid, ${run}::uuid, ${sql.json(record as never)}::jsonb)`);
      notifier?.note(team, run);
    },

    async remind(team, run, path) {
      await callAgain(() => sql`select hub_remind(${team}::uuid, ${run}::uuid, ${path})`);
    },

    async shown(team, run, reason) {
      await callAgain(() => sql`select hub_run_waits(${team}::uuid, ${run}::uuid, ${reason})`);
      notifier?.note(team, run);
    },

    async tell(team, run) {
      await tell({ team, run });
    },
  };
}

function endedWait({ outcome, status, port, code, message, attempt, unused }: Ended): EndedWait {
  const error = { code: code ?? 'step.failed', message: message ?? 'The step failed.', attempt };
  return { outcome, end: status === 'completed' ? { port } : { error }, unused };
}
