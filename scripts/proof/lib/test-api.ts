/** A proof against a whole API on throw-away servers: started, handed over, taken down. */
import { type TestApi, startTestApi } from '@hub/api/testing';
import { startTestStack } from '../../bootstrap/test-stack.mjs';

/** Runs `work` with an API of its own; PostgreSQL is real, Temporal a recorder. */
export async function withTestApi<T>(options: Parameters<typeof startTestApi>[0], work: (api: TestApi) => Promise<T>): Promise<T> {
  const servers = await startTestStack({ postgres: true, temporal: false });
  try {
    Object.assign(process.env, servers.environment);
    const api = await startTestApi(options);
    try {
      return await work(api);
    } finally {
      await api.close();
    }
  } finally {
    await servers.stop();
  }
}
