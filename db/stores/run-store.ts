/** The worker's RunStore (activities/src/ports.ts) on PostgreSQL. One round trip per method; values over 32 KB add the write of their blob. */
import type { BegunAttempt, EndAttempt, PureRow, RunStore, Warning } from '@hub/activities/ports';
import type { PendingRow } from '@hub/dag/planner';
import { BugError, errorCode } from '@hub/kit/errors';
import { callAgain, one, type Sql } from '../database.ts';
import type { RunNotifier } from '../live/notifier.ts';
import { cleanJson } from '../text.ts';
import { finishRun } from '../write/finish-run.ts';
import { type BlobKey, type StoredText, storeText } from './blobs.ts';
import { stepReads } from './step-reads.ts';
import { ofValue } from './values.ts';

export interface RunStoreOptions {
  blobKey: BlobKey;
  /** Told of every run after each commit. */
  notifier?: RunNotifier | undefined;
}

interface Begun {
  attempt: number;
  failed: number;
  lost: number;
  done: boolean;
  done_port: string | null;
}
/** See the port for what each method promises. A run of another team is `run.gone`, as one that never was. */
export function createRunStore(sql: Sql, options: RunStoreOptions): RunStore {
  const { blobKey, notifier } = options;
  const store = (team: string, run: string, text: string | null) => storeText(sql, blobKey, team, { kind: 'run', id: run }, text);
  const noted = <T>(team: string, run: string, result: T): T => {
    notifier?.note(team, run);
    return result;
  };

  const pureRecords = async (team: string, run: string, rows: PureRow[]): Promise<object[]> => {
    const records: object[] = [];
    for (const row of rows) {
      const [input, output] = [await store(team, run, row.inputText), await store(team, run, row.outputText)];
      records.push({ ...endJson(row, input, output), startedAt: row.startedAt, completedAt: row.completedAt });
    }
    return records;
  };

  return {
    ...stepReads(sql),

    async begin(attempt) {
      const { team, run } = attempt;
      return ended(async () => {
        const row = one(
          await callAgain(
            () => sql<Begun[]>`
          select * from hub_begin_attempt(${team}::uuid, ${run}::uuid, ${attempt.nodeId}, ${attempt.nodeType}, ${attempt.path}, ${attempt.iteration}::int, ${sql.json(pending(attempt.rows))}::jsonb)`,
          ),
        );
        return noted(team, run, begun(row));
      }, goneAttempt);
    },

    async end(end) {
      const { team, run } = end;
      const [input, output] = [await store(team, run, end.inputText), await store(team, run, end.outputText)];
      const record = { ...endJson(end, input, output), calls: end.modelCalls, tokens: end.tokens, costUsd: end.costUsd, model: end.model };
      await callAgain(() => sql`select hub_end_attempt(${team}::uuid, ${run}::uuid, ${sql.json(cleanJson(record) as never)}::jsonb)`);
      noted(team, run, undefined);
    },

    async writePure(team, run, rows, rowsPending) {
      const records = await pureRecords(team, run, rows);
      return ended(async () => {
        await callAgain(
          () => sql`
          select hub_write_pure(${team}::uuid, ${run}::uuid, ${sql.json(cleanJson(records) as never)}::jsonb, ${sql.json(pending(rowsPending))}::jsonb)`,
        );
        return noted(team, run, true);
      }, false);
    },

    async writeChunk(team, run, chunk) {
      const results: object[] = [];
      for (const { index, valueText } of chunk.results) {
        const value = await store(team, run, valueText);
        results.push({ index, text: value.text, blob: value.blob, dropped: valueText === null });
      }
      const records = await pureRecords(team, run, chunk.rows);
      return ended(async () => {
        await callAgain(
          () => sql`
          select hub_write_chunk(${team}::uuid, ${run}::uuid, ${chunk.loopPath}, ${sql.json(cleanJson(records) as never)}::jsonb, ${sql.json(pending(chunk.pending))}::jsonb,
            ${sql.json(pending(chunk.recovered))}::jsonb, ${sql.json(cleanJson(results) as never)}::jsonb)`,
        );
        return noted(team, run, true);
      }, false);
    },

    async openLoop(row) {
      const { team, run } = row;
      const items = await store(team, run, row.itemsText);
      return ended(async () => {
        const opened = one(
          await callAgain(
            () => sql<Begun[]>`
          select * from hub_open_loop(${team}::uuid, ${run}::uuid, ${row.nodeId}, ${row.nodeType}, ${row.path}, ${row.iteration}::int, ${sql.json(pending(row.rows))}::jsonb,
            ${row.count}::int, ${items.text}, ${items.blob}::uuid)`,
          ),
        );
        return noted(team, run, begun(opened));
      }, goneAttempt);
    },

    async saveIteration(team, run, path, valueText) {
      const [, loop, index] = /^(.+)\[(\d+)\]$/.exec(path) ?? [];
      if (loop === undefined) throw new BugError('run.bad-path', `Not the path of an iteration: ${path}`);
      const value = await store(team, run, valueText);
      await callAgain(
        () => sql`select hub_save_iteration(${team}::uuid, ${run}::uuid, ${loop}, ${Number(index)}::int, ${value.text}, ${value.blob}::uuid)`,
      );
    },

    async writeRows(team, run, rows) {
      await callAgain(() => sql`select hub_write_rows(${team}::uuid, ${run}::uuid, ${sql.json(pending(rows))}::jsonb)`);
      noted(team, run, undefined);
    },

    async finish(end) {
      const result = await finishRun(sql, { blobKey }, end);
      noted(end.team, end.run, undefined);
      for (const next of result.start) notifier?.note(next.team, next.run);
      return result;
    },
  };
}

const goneAttempt: BegunAttempt = { attempt: 0, failed: 0, lost: 0, gone: true };

function begun(row: Begun): BegunAttempt {
  const { attempt, failed, lost, done, done_port } = row;
  return { attempt, failed, lost, gone: false, ...(done ? { done: { port: done_port } } : {}) };
}

/** The value for "the run has ended" instead of its error. */
async function ended<T>(call: () => Promise<T>, gone: T): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (errorCode(error) === 'run.gone') return gone;
    throw error;
  }
}

function pending(rows: PendingRow[]): never {
  return cleanJson(rows) as never;
}

function endJson(
  end: Omit<EndAttempt, 'team' | 'run' | 'status'> & { status: EndAttempt['status'] | PureRow['status'] },
  input: StoredText,
  output: StoredText,
): object {
  const { nodeId, nodeType, path, iteration, attempt, status, port, error } = end;
  const cleaned: Warning[] = output.changed
    ? [{ code: 'value.cleaned', message: 'The output held U+0000 or half a character; these are kept as U+FFFD.' }]
    : [];
  return {
    nodeId,
    nodeType,
    path,
    iteration,
    attempt,
    status,
    port,
    error,
    input: ofValue(input),
    output: ofValue(output),
    warnings: [...end.warnings, ...cleaned],
  };
}
