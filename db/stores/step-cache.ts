/** The worker's StepCacheStore (activities/src/ports.ts) on PostgreSQL: one round trip per method, values over 32 KB add theirs. */
import type { StepCacheStore } from '@hub/activities/ports';
import { callAgain, type Sql } from '../database.ts';
import { textOf } from './blobs.ts';

interface CachedRow {
  run_id: string;
  port: string | null;
  output_text: string | null;
  output_blob: string | null;
  tokens_used: number | null;
  cost_usd: string | null;
  created_at: Date;
}

/** See the port for what each method promises. */
export function createStepCache(sql: Sql): StepCacheStore {
  return {
    async find(team, key) {
      const [row] = await callAgain(() => sql<CachedRow[]>`select * from hub_cached_step(${team}::uuid, ${key})`);
      if (row === undefined) return null;
      const outputText = (await textOf(sql, team, row.output_text, row.output_blob)) ?? 'null';
      const costUsd = row.cost_usd === null ? null : Number(row.cost_usd);
      return { port: row.port ?? 'out', outputText, from: { runId: row.run_id, at: row.created_at.toISOString(), tokens: row.tokens_used, costUsd } };
    },

    async keep({ team, run, path, key, workflowId, nodeId, ttlMs }) {
      await callAgain(
        () => sql`select hub_cache_step(${team}::uuid, ${run}::uuid, ${path}, ${key}, ${workflowId}::uuid, ${nodeId}, ${Math.round(ttlMs)}::bigint)`,
      );
    },
  };
}
