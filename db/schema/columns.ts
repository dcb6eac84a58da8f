/** Column shapes that every table shares. The SQL migrations are the truth; `schema.int.test.ts` holds these objects to them. */
import { sql } from 'drizzle-orm';
import { bigint, customType, timestamp, uuid } from 'drizzle-orm/pg-core';

export const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
export const newId = () => uuid('id').notNull().default(sql`uuidv7()`);
export const teamId = () => uuid('team_id').notNull();
/** An instant with time zone. */
export const at = (name: string) => timestamp(name, { withTimezone: true });
export const createdAt = () => at('created_at').notNull().defaultNow();
export const updatedAt = () => at('updated_at').notNull().defaultNow();
export const count64 = (name: string) => bigint(name, { mode: 'number' });
