import { afterAll, beforeAll, describe, it } from 'vitest';

import { mysqlServer } from '../sql/testing/servers.ts';
import { sqlCases } from '../sql/testing/suite.ts';
import type { SqlServer } from '../sql/testing/suite.ts';

// There is no MySQL or MariaDB among npm packages that a test could start: the suite runs where TEST_MYSQL_OWNER_URL names one.
const { TEST_MYSQL_OWNER_URL: ownerUrl = '' } = process.env;
const server: { real: Awaited<ReturnType<typeof mysqlServer>> | null } = { real: null };
const late = new Proxy({ connector: 'mysql' } as SqlServer, {
  get: (target, name) => Reflect.get(server.real ?? target, name) as unknown,
});

describe.skipIf(ownerUrl === '')('MySQL (TEST_MYSQL_OWNER_URL)', () => {
  beforeAll(async () => {
    server.real = await mysqlServer(ownerUrl);
  });
  afterAll(() => server.real?.close());

  for (const one of sqlCases(late)) it(`${one.action}: ${one.name}`, one.run);
});
