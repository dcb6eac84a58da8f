/** The only place of this package that reads the environment: for the two commands `db/migrate.ts` and `db/seed/main.ts`. */
import { z } from 'zod';

const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL');

/** URL of the owner's login, for migrations and the seed only. */
export function ownerUrl(): string {
  return read(z.object({ DATABASE_OWNER_URL: databaseUrl })).DATABASE_OWNER_URL;
}

/** What the seed needs: the owner's login and the demo person with its key. */
export function seedSettings(): { ownerUrl: string; email: string; password: string; apiKey: string } {
  const env = read(
    z.object({
      DATABASE_OWNER_URL: databaseUrl,
      HUB_DEMO_EMAIL: z.email(),
      HUB_DEMO_PASSWORD: z.string().min(8),
      HUB_DEMO_API_KEY: z.string().regex(/^hub_[\w-]{43}$/, 'must be hub_ and 43 characters of base64url'),
    }),
  );
  return { ownerUrl: env.DATABASE_OWNER_URL, email: env.HUB_DEMO_EMAIL, password: env.HUB_DEMO_PASSWORD, apiKey: env.HUB_DEMO_API_KEY };
}

/** All faults together, never a value. */
function read<T>(schema: z.ZodType<T>): T {
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Settings of the database are missing or wrong:\n${faults.join('\n')}`);
}
