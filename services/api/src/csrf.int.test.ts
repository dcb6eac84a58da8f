import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tryCsrf } from './testing/csrf.ts';
import { floodRates, held, tryFloods } from './testing/floods.ts';
import { type TestApi, startTestApi } from './testing/harness.ts';

describe('requests that another site causes (S10)', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(async () => api.close());

  it('are refused on every unsafe route and on the live channel, whatever they carry', async () => {
    const figures = await tryCsrf(api);
    expect(figures.wrong).toEqual([]);
    expect(figures.refused).toBe(figures.tried);
    expect(figures.tried).toBeGreaterThan(200);
  });
});

describe('floods (S14)', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ rates: floodRates });
  });
  afterAll(async () => api.close());

  it('are held within a tenth of each limit, and nobody else feels them', async () => {
    const figures = await tryFloods(api);
    expect(figures.filter((figure) => !held(figure))).toEqual([]);
  });
});
