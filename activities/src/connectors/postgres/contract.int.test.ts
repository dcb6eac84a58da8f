import { afterAll, beforeAll, describe, it } from 'vitest';

import { postgresServer } from '../sql/testing/servers.ts';
import { sqlCases } from '../sql/testing/suite.ts';
import type { SqlServer } from '../sql/testing/suite.ts';

// The suite on the project's own PostgreSQL; `npm run proof -- mysql` has it on a MySQL or MariaDB.
const { TEST_DATABASE_OWNER_URL: ownerUrl = '', TEST_DATABASE_APP_URL: appUrl = '' } = process.env;
const server: { real: Awaited<ReturnType<typeof postgresServer>> | null } = { real: null };
const late = new Proxy({ connector: 'postgres' } as SqlServer, {
  get: (target, name) => Reflect.get(server.real ?? target, name) as unknown,
});

beforeAll(async () => {
  server.real = await postgresServer(ownerUrl, appUrl);
});
afterAll(() => server.real?.close());

describe('PostgreSQL', () => {
  for (const one of sqlCases(late)) it(`${one.action}: ${one.name}`, one.run);
});
