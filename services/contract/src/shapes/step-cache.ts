/** What the step cache keeps of a workflow. */
import { z } from 'zod';
import { id, instant, page } from './common.ts';
import { nodeIdText } from './run.ts';

export const cacheEntry = z
  .object({
    id,
    nodeId: z.string(),
    runId: id.meta({ description: 'Whose step made it; the run may be gone.' }),
    bytes: z.number().int(),
    tokens: z.number().int().nullable().meta({ description: 'What it had cost; not paid again by the steps that take it.' }),
    costUsd: z.number().nullable(),
    uses: z.number().int().meta({ description: 'How often it stood for a step.' }),
    createdAt: instant,
    expiresAt: instant,
  })
  .meta({ id: 'CacheEntry' });
export type CacheEntry = z.output<typeof cacheEntry>;

const ofNode = { nodeId: nodeIdText.optional().meta({ description: 'Of this node only.' }) };
export const cacheQuery = z.strictObject({ ...page, ...ofNode });
export const cacheClearing = z.strictObject(ofNode);
export const cacheCleared = z.object({ cleared: z.number().int() }).meta({ id: 'CacheCleared' });
