/** The only place of this package that reads the environment: for the two commands `db/migrate.ts` and `db/seed/main.ts`. */
import { z } from 'zod';

const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL');

/** What `db/migrate.ts` reads. */
export const migrateEnv = z.object({
  DATABASE_OWNER_URL: databaseUrl.describe(
    'the database as role hub_owner, for migrations and the seed only, e.g. postgres://hub_owner:password@127.0.0.1:5432/hub',
  ),
});

/** What `db/seed/main.ts` reads. */
export const seedEnv = z.object({
  ...migrateEnv.shape,
  HUB_DEMO_EMAIL: z.email().describe('the demo person of a first start, e.g. demo@example.com'),
  HUB_DEMO_PASSWORD: z.string().min(8).describe('password of the demo person, e.g. 16 random characters'),
  HUB_DEMO_API_KEY: z
    .string()
    .regex(/^hub_[\w-]{43}$/, 'must be hub_ and 43 characters of base64url')
    .describe('API key of the demo team, e.g. hub_<43 characters of base64url>'),
});

/** URL of the owner's login, for migrations and the seed only. */
export function ownerUrl(): string {
  return read(migrateEnv).DATABASE_OWNER_URL;
}

/** What the seed needs: the owner's login and the demo person with its key. */
export function seedSettings(): { ownerUrl: string; email: string; password: string; apiKey: string } {
  const env = read(seedEnv);
  return { ownerUrl: env.DATABASE_OWNER_URL, email: env.HUB_DEMO_EMAIL, password: env.HUB_DEMO_PASSWORD, apiKey: env.HUB_DEMO_API_KEY };
}

/** All faults together, never a value. */
function read<T>(schema: z.ZodType<T>): T {
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Settings of the database are missing or wrong:\n${faults.join('\n')}`);
}
