/** The worker's RunStore (activities/src/ports.ts) on PostgreSQL. One round trip per method; values over 32 KB add the write of their blob. */
import type { BegunAttempt, EndAttempt, PureRow, RunFacts, RunStore, StoredValue, Warning } from '@hub/activities/ports';
import type { Json, PendingRow } from '@hub/dag/planner';
import { BugError, errorCode, UserError } from '@hub/kit/errors';
import { callOnce, isUuid, type Sql } from '../database.ts';
import type { RunNotifier } from '../live/notifier.ts';
import { cleanJson } from '../text.ts';
import { finishRun } from '../write/finish-run.ts';
import { type BlobKey, type StoredText, storeText, textOf } from './blobs.ts';
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
interface ValueRow {
  text: string | null;
  blob: string | null;
}

/** See the port for what each method promises. A run of another team is `run.gone`, as one that never was. */
export function createRunStore(sql: Sql, options: RunStoreOptions): RunStore {
  const { blobKey, notifier } = options;
  const store = (team: string, run: string, text: string | null) => storeText(sql, blobKey, team, { kind: 'run', id: run }, text);
  const read = async (team: string, row: ValueRow) => (await textOf(sql, team, row.text, row.blob)) ?? 'null';
  const noted = <T>(team: string, run: string, result: T): T => {
    notifier?.note(team, run);
    return result;
  };

  return {
    facts: (team, run) => readFacts(sql, team, run),

    async outputs(team, run, paths) {
      const rows = await sql<(ValueRow & { path: string })[]>`
        select path, output_text as text, output_blob as blob from hub_outputs(${team}::uuid, ${run}::uuid, ${paths}::text[])`;
      const found = new Map<string, StoredValue>();
      for (const row of rows) found.set(row.path, { path: row.path, outputText: await textOf(sql, team, row.text, row.blob) });
      return found;
    },

    async loopItems(team, run, path) {
      const [row] = await sql<ValueRow[]>`select items_text as text, items_blob as blob from hub_loop_items(${team}::uuid, ${run}::uuid, ${path})`;
      if (row === undefined) throw new BugError('run.no-such-loop', `The loop ${path} has not been opened.`);
      return read(team, row);
    },

    async begin(attempt) {
      const { team, run } = attempt;
      return ended(async () => {
        const [row] = await callOnce(() => sql<Begun[]>`
          select * from hub_begin_attempt(${team}::uuid, ${run}::uuid, ${attempt.nodeId}, ${attempt.nodeType}, ${attempt.path}, ${attempt.iteration}::int, ${sql.json(pending(attempt.rows))}::jsonb)`);
        return noted(team, run, begun(row!));
      }, goneAttempt);
    },

    async end(end) {
      const { team, run } = end;
      const [input, output] = [await store(team, run, end.inputText), await store(team, run, end.outputText)];
      const record = { ...endJson(end, input, output), calls: end.modelCalls, tokens: end.tokens, costUsd: end.costUsd, model: end.model };
      await callOnce(() => sql`select hub_end_attempt(${team}::uuid, ${run}::uuid, ${sql.json(cleanJson(record) as never)}::jsonb)`);
      noted(team, run, undefined);
    },

    async writePure(team, run, rows, rowsPending) {
      const records: object[] = [];
      for (const row of rows) {
        const [input, output] = [await store(team, run, row.inputText), await store(team, run, row.outputText)];
        records.push({ ...endJson(row, input, output), startedAt: row.startedAt, completedAt: row.completedAt });
      }
      return ended(async () => {
        await callOnce(() => sql`
          select hub_write_pure(${team}::uuid, ${run}::uuid, ${sql.json(cleanJson(records) as never)}::jsonb, ${sql.json(pending(rowsPending))}::jsonb)`);
        return noted(team, run, true);
      }, false);
    },

    async openLoop(row) {
      const { team, run } = row;
      const items = await store(team, run, row.itemsText);
      return ended(async () => {
        const [opened] = await callOnce(() => sql<Begun[]>`
          select * from hub_open_loop(${team}::uuid, ${run}::uuid, ${row.nodeId}, ${row.nodeType}, ${row.path}, ${row.iteration}::int, ${sql.json(pending(row.rows))}::jsonb,
            ${row.count}::int, ${items.text}, ${items.blob}::uuid)`);
        return noted(team, run, begun(opened!));
      }, goneAttempt);
    },

    async saveIteration(team, run, path, valueText) {
      const place = /^(.+)\[(\d+)\]$/.exec(path);
      if (place === null) throw new BugError('run.bad-path', `Not the path of an iteration: ${path}`);
      const value = await store(team, run, valueText);
      await callOnce(() => sql`select hub_save_iteration(${team}::uuid, ${run}::uuid, ${place[1]!}, ${Number(place[2])}::int, ${value.text}, ${value.blob}::uuid)`);
    },

    async iterations(team, run, loopPath) {
      const rows = await sql<(ValueRow & { index: number })[]>`
        select index, value_text as text, value_blob as blob from hub_iterations(${team}::uuid, ${run}::uuid, ${loopPath})`;
      const values: { index: number; valueText: string }[] = [];
      for (const row of rows) values.push({ index: row.index, valueText: await read(team, row) });
      return values;
    },

    async itemOutputs(team, run, loopPath, sink) {
      const rows = await sql<(ValueRow & { index: number })[]>`
        select index, output_text as text, output_blob as blob from hub_item_outputs(${team}::uuid, ${run}::uuid, ${loopPath}, ${sink})`;
      const values: { index: number; outputText: string | null }[] = [];
      for (const row of rows) values.push({ index: row.index, outputText: await textOf(sql, team, row.text, row.blob) });
      return values;
    },

    async writeRows(team, run, rows) {
      await callOnce(() => sql`select hub_write_rows(${team}::uuid, ${run}::uuid, ${sql.json(pending(rows))}::jsonb)`);
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

function endJson(end: Omit<EndAttempt, 'team' | 'run' | 'status'> & { status: EndAttempt['status'] | PureRow['status'] }, input: StoredText, output: StoredText): object {
  const { nodeId, nodeType, path, iteration, attempt, status, port, error } = end;
  const cleaned: Warning[] = output.changed ? [{ code: 'value.cleaned', message: 'The output held U+0000 or half a character; these are kept as U+FFFD.' }] : [];
  return { nodeId, nodeType, path, iteration, attempt, status, port, error, input: ofValue(input), output: ofValue(output), warnings: [...end.warnings, ...cleaned] };
}

async function readFacts(sql: Sql, team: string, run: string): Promise<RunFacts> {
  interface FactsRow {
    root_run: string; workflow_id: string; workflow_name: string; version: number | null; version_id: string; definition: Json;
    input_text: string | null; input_blob: string | null; trigger: Json; vars: Record<string, Json>; started_at: Date; pinned: Record<string, Json>;
  }
  const [row] = isUuid(team) && isUuid(run) ? await callOnce(() => sql<FactsRow[]>`select * from hub_facts(${team}::uuid, ${run}::uuid)`) : [];
  if (row === undefined) throw new UserError('run.gone', 'There is no such run.', { status: 404 });
  return {
    team, run, rootRun: row.root_run, workflowId: row.workflow_id, workflowName: row.workflow_name, version: row.version ?? 0, versionId: row.version_id,
    definition: row.definition, inputText: (await textOf(sql, team, row.input_text, row.input_blob)) ?? 'null', trigger: row.trigger, vars: row.vars,
    startedAt: row.started_at.toISOString(), pinned: row.pinned,
  };
}

