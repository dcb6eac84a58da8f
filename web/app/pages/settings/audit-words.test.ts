import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actionWords } from './audit-words.ts';

const api = join(import.meta.dirname, '..', '..', '..', '..', 'services', 'api', 'src');

test('every action that the API writes down is said in words', () => {
  const sources = globSync('**/*.ts', { cwd: api, exclude: ['**/*.test.ts', 'testing/**'] }).map((file) => readFileSync(join(api, file), 'utf8'));
  const actions = sources.flatMap((text) => [...text.matchAll(/audit\(\s*request,\s*'([a-z-]+\.[a-z-]+)'/g)].map(([, action]) => action ?? ''));
  expect(actions.length).toBeGreaterThan(30);
  const ownWords = (action: string): boolean => actionWords(action) === actionWords(action.replace('.', ' '));
  expect(actions.filter(ownWords)).toEqual([]);
});

test('an action that came later reads as its own words', () => {
  expect(actionWords('workflow.fold-away')).toBe('Workflow fold away');
});
