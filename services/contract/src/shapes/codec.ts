/** Temporal's own protocol for a codec server: payloads as protobuf's JSON has them, bytes in base64. */
import { z } from 'zod';

const base64 = z.string().regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'base64');
const payload = z
  .object({ metadata: z.record(z.string().max(100), base64).optional(), data: base64.optional() })
  .meta({ id: 'TemporalPayload', description: 'One payload of a Temporal history.' });

export const codecPayloads = z.strictObject({ payloads: z.array(payload).max(10_000) }).meta({ id: 'TemporalPayloads' });
export type CodecPayloads = z.output<typeof codecPayloads>;
