/** What steps read of their run. */
import type { IterationValue, RunFacts, RunStore, StoredValue } from '@hub/activities/ports';
import type { Json } from '@hub/dag/planner';
import { BugError, UserError } from '@hub/kit/errors';
import { callAgain, isUuid, readAsTeam, type Sql } from '../database.ts';
import { textOf } from './blobs.ts';

interface ValueRow {
  text: string | null;
  blob: string | null;
}

export function stepReads(sql: Sql): Pick<RunStore, 'facts' | 'definition' | 'outputs' | 'sameStep'> {
  const read = async (team: string, row: ValueRow) => (await textOf(sql, team, row.text, row.blob)) ?? 'null';
  return {
    facts: (team, run) => readFacts(sql, team, run),

    async definition(team, versionId) {
      const [row] = await callAgain(() =>
        readAsTeam<{ definition: Json }>(
          sql,
          team,
          sql`select definition from workflow_versions where team_id = acting.team and id = ${versionId}::uuid`,
        ),
      );
      if (row === undefined) throw new BugError('run.no-version', 'The version of a run is not there.');
      return row.definition;
    },

    async outputs(team, run, paths, mostBytes = Infinity) {
      const rows = await callAgain(
        () => sql<(ValueRow & { path: string; bytes: number | null })[]>`
        select path, output_text as text, output_blob as blob, output_bytes::float8 as bytes from hub_outputs(${team}::uuid, ${run}::uuid, ${paths}::text[])`,
      );
      const found = new Map<string, StoredValue>();
      for (const { path, text, blob, bytes } of rows) {
        const tooLarge = (bytes ?? 0) > mostBytes;
        found.set(path, tooLarge ? { path, outputText: null, tooLarge } : { path, outputText: await textOf(sql, team, text, blob) });
      }
      return found;
    },

    async sameStep(team, runs, path, key) {
      interface SameRow extends ValueRow {
        run_id: string;
        at: Date;
        port: string | null;
        tokens: number | null;
        cost_usd: string | null;
      }
      const [row] = await callAgain(
        () => sql<SameRow[]>`
        select run_id, at, port, output_text as text, output_blob as blob, tokens, cost_usd from hub_same_step(${team}::uuid, ${runs}::uuid[], ${path}, ${key})`,
      );
      if (row === undefined) return null;
      const from = { runId: row.run_id, at: row.at.toISOString(), tokens: row.tokens, costUsd: row.cost_usd === null ? null : Number(row.cost_usd) };
      return { port: row.port ?? 'out', outputText: await read(team, row), from };
    },
  };
}

/** What loops ask of their items and iterations: a page at a time. */
export function loopReads(sql: Sql): Pick<RunStore, 'loopPages' | 'loopPage' | 'loopResults'> {
  return {
    async loopPages(team, run, path) {
      const [row] = await callAgain(() => sql<{ pages: number[] }[]>`select pages from hub_loop_pages(${team}::uuid, ${run}::uuid, ${path})`);
      if (row === undefined) throw new BugError('run.no-such-loop', `The loop ${path} has not been opened.`);
      return row.pages;
    },

    async loopPage(team, run, path, page) {
      const [row] = await callAgain(
        () => sql<(ValueRow & { part: Buffer | null })[]>`
        select items_text as text, items_blob as blob, part from hub_loop_page(${team}::uuid, ${run}::uuid, ${path}, ${page + 1}::int)`,
      );
      if (row === undefined) throw new BugError('run.no-such-loop', `The loop ${path} has not been opened.`);
      return row.part === null ? ((await textOf(sql, team, row.text, row.blob)) ?? '[]') : `[${row.part.toString('utf8')}]`;
    },

    async loopResults(team, run, { loopPath, sink, rows, kept, from, to }) {
      const found = await callAgain(
        () => sql<(ValueRow & { index: number; dropped: boolean })[]>`
        select index, value_text as text, value_blob as blob, dropped
        from hub_loop_results(${team}::uuid, ${run}::uuid, ${loopPath}, ${sink}, ${rows}, ${kept}, ${from}::int, ${to}::int)`,
      );
      // A value in a blob is read when its turn comes: they may be large, all of them.
      return found.map(({ index, dropped, text, blob }): IterationValue => ({ index, dropped, read: () => textOf(sql, team, text, blob) }));
    },
  };
}

/** What many items that share an activity ask, and what a step that is told to stop does. */
export function itemReads(sql: Sql): Pick<RunStore, 'itemsOver' | 'isPaused' | 'cancelAge'> {
  return {
    async itemsOver(team, run, { loopPath, step, from, to }) {
      const found = await callAgain(
        () => sql<{ index: number; has_row: boolean; has_result: boolean }[]>`
        select * from hub_items_over(${team}::uuid, ${run}::uuid, ${loopPath}, ${step}, ${from}::int, ${to}::int)`,
      );
      const rows = new Set(found.flatMap(({ index, has_row }) => (has_row ? [index] : [])));
      const results = new Set(found.flatMap(({ index, has_result }) => (has_result ? [index] : [])));
      return { rows, results };
    },

    async isPaused(team, run) {
      const [row] = await callAgain(() => sql<{ paused: boolean }[]>`select hub_is_paused(${team}::uuid, ${run}::uuid) as paused`);
      return row?.paused ?? false;
    },

    async cancelAge(team, run) {
      const [row] = await callAgain(() => sql<{ age: number | null }[]>`select hub_cancel_age(${team}::uuid, ${run}::uuid) as age`);
      return row?.age ?? null;
    },
  };
}

async function readFacts(sql: Sql, team: string, run: string): Promise<RunFacts> {
  interface FactsRow {
    root_run: string;
    workflow_id: string;
    workflow_name: string;
    version: number | null;
    version_id: string;
    input_text: string | null;
    input_blob: string | null;
    trigger: Json;
    vars: Record<string, Json>;
    started_at: Date;
    pinned: Record<string, Json>;
    generations: RunFacts['generations'];
    same_as: RunFacts['sameAs'];
    under_way: boolean;
    continues: boolean;
  }
  const [row] = isUuid(team) && isUuid(run) ? await callAgain(() => sql<FactsRow[]>`select * from hub_facts(${team}::uuid, ${run}::uuid)`) : [];
  if (row === undefined) throw new UserError('run.gone', 'There is no such run.', { status: 404 });
  return {
    team,
    run,
    rootRun: row.root_run,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    version: row.version ?? 0,
    versionId: row.version_id,
    inputText: (await textOf(sql, team, row.input_text, row.input_blob)) ?? 'null',
    trigger: row.trigger,
    vars: row.vars,
    startedAt: row.started_at.toISOString(),
    pinned: row.pinned,
    generations: row.generations,
    sameAs: row.same_as,
    underWay: row.under_way,
    continues: row.continues,
  };
}
