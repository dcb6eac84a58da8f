/** Attempts of steps: begun, ended, or both in one. */
import type { BegunAttempt, EndAttempt, PureRow, RunStore, Warning, WholeAttempt } from '@hub/activities/ports';
import type { PendingRow } from '@hub/dag/planner';
import { errorCode } from '@hub/kit/errors';
import { callAgain, one, type Sql } from '../database.ts';
import { cleanJson } from '../text.ts';
import type { StoredText } from './blobs.ts';
import { ofValue } from './values.ts';

export interface Begun {
  attempt: number;
  failed: number;
  lost: number;
  done: boolean;
  done_port: string | null;
}

export interface StoreParts {
  store: (team: string, run: string, text: string | null) => Promise<StoredText>;
  /** A JSON array that comes element by element. */
  storeAll: (team: string, run: string, items: AsyncIterable<string>) => Promise<StoredText>;
  /** Tells the live readers, after the commit. */
  noted: <T>(team: string, run: string, result: T) => T;
}

export function attempts(sql: Sql, parts: StoreParts): Pick<RunStore, 'begin' | 'end' | 'endWithItems' | 'writeWhole' | 'writeWholes'> {
  const { store, storeAll, noted } = parts;
  const wholeRecord = async (whole: WholeAttempt): Promise<object> => ({
    ...(await recordOf(parts, whole, await store(whole.team, whole.run, whole.outputText))),
    elapsedMs: whole.elapsedMs,
  });

  const writeWhole = async (whole: WholeAttempt): Promise<BegunAttempt> => {
    const { team, run, rows } = whole;
    const record = await wholeRecord(whole);
    return ended(async () => {
      const row = one(
        await callAgain(
          () => sql<Begun[]>`
          select * from hub_whole_attempt(${team}::uuid, ${run}::uuid, ${sql.json(cleanJson(record) as never)}::jsonb, ${sql.json(pending(rows))}::jsonb)`,
        ),
      );
      return noted(team, run, begun(row));
    }, goneAttempt);
  };

  return {
    writeWhole,

    async writeWholes(wholes) {
      const [first] = wholes;
      if (first === undefined) return [];
      const { team, run } = first;
      const records = await Promise.all(wholes.map(wholeRecord));
      const paths = await ended<Set<string> | null>(async () => {
        const row = one(
          await callAgain(
            () => sql<{ paths: string[] }[]>`
            select hub_whole_attempts(${team}::uuid, ${run}::uuid, ${sql.json(cleanJson(records) as never)}::jsonb) as paths`,
          ),
        );
        return noted(team, run, new Set(row.paths));
      }, null);
      if (paths === null) return wholes.map(() => goneAttempt);
      const begunOnes: BegunAttempt[] = [];
      for (const whole of wholes) begunOnes.push(paths.has(whole.path) ? { attempt: 1, failed: 0, lost: 0, gone: false } : await writeWhole(whole));
      return begunOnes;
    },

    async begin(attempt) {
      const { team, run } = attempt;
      return ended(async () => {
        const row = one(
          await callAgain(
            () => sql<Begun[]>`
          select * from hub_begin_attempt(${team}::uuid, ${run}::uuid, ${attempt.nodeId}, ${attempt.nodeType}, ${attempt.path}, ${attempt.iteration}::int, ${sql.json(pending(attempt.rows))}::jsonb,
            false, ${attempt.elapsedMs ?? 0}::int)`,
          ),
        );
        return noted(team, run, begun(row));
      }, goneAttempt);
    },

    async end(end) {
      await writeEnd(sql, parts, end, await store(end.team, end.run, end.outputText));
    },

    async endWithItems(end, items) {
      const output = await storeAll(end.team, end.run, items);
      await writeEnd(sql, parts, end, output);
      return output.text;
    },
  };
}

async function recordOf({ store }: StoreParts, end: Omit<EndAttempt, 'outputText'>, output: StoredText): Promise<object> {
  const input = await store(end.team, end.run, end.inputText);
  return {
    ...endJson(end, input, output),
    calls: end.modelCalls,
    tokens: end.tokens,
    costUsd: end.costUsd,
    model: end.model,
    ...(end.cached ? { cached: end.cached } : {}),
    ...(end.stepKey ? { stepKey: end.stepKey } : {}),
  };
}

async function writeEnd(sql: Sql, parts: StoreParts, end: Omit<EndAttempt, 'outputText'>, output: StoredText): Promise<void> {
  const { team, run } = end;
  const record = await recordOf(parts, end, output);
  await callAgain(() => sql`select hub_end_attempt(${team}::uuid, ${run}::uuid, ${sql.json(cleanJson(record) as never)}::jsonb)`);
  parts.noted(team, run, undefined);
}

export const goneAttempt: BegunAttempt = { attempt: 0, failed: 0, lost: 0, gone: true };

export function begun(row: Begun): BegunAttempt {
  const { attempt, failed, lost, done, done_port } = row;
  return { attempt, failed, lost, gone: false, ...(done ? { done: { port: done_port } } : {}) };
}

/** The value for "the run has ended" instead of its error. */
export async function ended<T>(call: () => Promise<T>, gone: T): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (errorCode(error) === 'run.gone') return gone;
    throw error;
  }
}

export function pending(rows: PendingRow[]): never {
  return cleanJson(rows) as never;
}

export function endJson(
  end: Omit<EndAttempt, 'team' | 'run' | 'status' | 'outputText'> & { status: EndAttempt['status'] | PureRow['status'] },
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
