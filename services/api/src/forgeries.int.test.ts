import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tryForgeries } from './testing/forgeries.ts';
import { startTestApi, type TestApi } from './testing/harness.ts';

describe('webhook forgeries (S6)', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it('are refused, sixteen kinds against four providers, and what the providers really send is taken', async () => {
    const { wrong, ...figures } = await tryForgeries(api);
    expect(wrong).toEqual([]);
    expect(figures).toEqual({ kinds: 16, tried: 64, refused: 64, genuine: 40, accepted: 40 });
  });
});
