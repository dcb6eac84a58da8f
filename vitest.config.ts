import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '**/dist/**', '**/build/**', '.tools/**', '.data/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
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
          testTimeout: 120_000,
          globalSetup: ['scripts/bootstrap/e2e-stack.mjs'],
        },
      },
    ],
  },
});
