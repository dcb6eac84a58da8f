/** Where the hub is whose run is rebuilt. */
import { readEnv } from '@hub/kit';
import { z } from 'zod';

const schema = z.object({
  DATABASE_URL: z.url(),
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  HUB_CODEC_KEYS: z.string().min(1),
});

export function readRebuildEnv(source: Record<string, string | undefined> = process.env): z.output<typeof schema> {
  return readEnv(schema, source);
}
