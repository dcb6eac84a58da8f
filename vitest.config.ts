import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '**/dist/**', '**/build/**', '.tools/**', '.data/**'],
    // Far above what anything takes: they catch what hangs. How quick things are is measured by `npm run proof` and `npm run bench`, on a machine that does nothing else.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['**/*.test.ts'], exclude: ['**/*.int.test.ts', '**/node_modules/**', '**/build/**'] },
      },
      {
        extends: true,
        // Real servers, thrown away afterwards; the tests find them by TEST_* (scripts/bootstrap/README.md).
        test: { name: 'int', include: ['**/*.int.test.ts'], fileParallelism: false, globalSetup: ['scripts/bootstrap/test-stack.mjs'] },
      },
      {
        extends: true,
        // The whole hub as `npm start` brings it up, and a real browser.
        test: {
          name: 'e2e',
          include: ['web/e2e/**/*.e2e.ts'],
          fileParallelism: false,
          globalSetup: ['scripts/bootstrap/e2e-stack.mjs'],
        },
      },
    ],
  },
});
