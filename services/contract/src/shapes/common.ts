/** Shapes that every resource shares. */
import { z } from 'zod';

/** UUID of any resource. */
export const id = z.uuid().meta({ description: 'UUID of the resource.' });
/** An instant in UTC, ISO 8601. */
export const instant = z.iso.datetime({ offset: true }).meta({ description: 'ISO 8601 instant.' });
/** Any JSON value. */
export const jsonValue = z.unknown().meta({ description: 'Any JSON value.' });
export const jsonObject = z.record(z.string(), z.unknown());

/** Numbers that a 32-bit column holds. */
export const maxInteger = 2_147_483_647;
/** A version number, from 1. */
export const versionNumber = z.number().int().min(1).max(maxInteger);

export const idParams = z.strictObject({ id });

/** Query of a list: newest first, `cursor` as the answer before gave it. */
export const page = {
  cursor: z.string().max(500).optional().meta({ description: '`nextCursor` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(200).optional().meta({ description: 'Items per page, 1 to 200; default 50.' }),
};
export const pageQuery = z.strictObject(page);

/** A list: `{ items, nextCursor }`; `nextCursor` is null on the last page. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** One fault of a request or definition: where, which rule, in words. */
export const fault = z.object({
  path: z.string().meta({ description: 'JSON pointer into the body or definition (or `query/x`, `params/x`, `headers/x`).' }),
  code: z.string(),
  message: z.string(),
  nodeId: z.string().nullish().meta({ description: 'The node of a definition at fault.' }),
});
export type Fault = z.output<typeof fault>;

/** RFC 9457 problem; every answer >= 400 is one, as application/problem+json. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string().meta({ description: 'Stable dotted code; compare this, never the text.' }),
    detail: z.string(),
    remedy: z.string().optional().meta({ description: 'What to do about it, in a sentence.' }),
    errors: z.array(fault).optional(),
    current: z
      .object({ revision: z.number().int(), updatedAt: instant, updatedBy: z.object({ id, name: z.string() }).nullable() })
      .optional()
      .meta({ description: 'With `request.stale`: what is stored now, and who saved it.' }),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem+json.' });
export type Problem = z.output<typeof problem>;
