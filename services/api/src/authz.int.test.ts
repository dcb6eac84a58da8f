import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableGaps, tryForeignIds, tryMatrix } from './testing/authz.ts';
import { type TestApi, startTestApi } from './testing/harness.ts';

describe('authorisation (S1)', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(async () => api.close());

  it('has a line in the table for every route and a route for every line', () => {
    expect(tableGaps(api)).toEqual([]);
  });

  it('allows and refuses every role on every route as the table says', async () => {
    const { tried, wrong } = await tryMatrix(api, await api.makeTeam());
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(500);
  });

  it('answers 404 to every id of another team and changes nothing there', async () => {
    const { tried, wrong } = await tryForeignIds(api);
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(40);
  });

  it('refuses to start with a route that declares no access', async () => {
    await expect(
      startTestApi({ deps: {} }).then(async (other) => {
        try {
          other.app.get('/undeclared', async () => 'x');
        } finally {
          await other.close();
        }
      }),
    ).rejects.toThrow();
  });
});
