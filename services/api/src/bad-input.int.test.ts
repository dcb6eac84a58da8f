import { afterAll, beforeAll, expect, it } from 'vitest';
import { tryBadInput } from './testing/bad-input.ts';
import { type TestApi, startTestApi } from './testing/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => api.close());

it('answers every malformed definition, file, body, place and token with a clear 4xx, and saves none of it', async () => {
  const figures = await tryBadInput(api);
  expect(figures.wrong).toEqual([]);
  expect(figures.serverErrors).toBe(0);
  expect(figures.tried).toBeGreaterThan(100);
});
