import { expect, test } from 'vitest';
import { answeredWords } from './words.ts';

const now = Date.parse('2026-11-23T21:00:00Z');
const at = '2026-11-23T20:00:00Z';

test.each([
  ['ada@example.com', 'Approved by you, 1 h ago'],
  ['bo@example.com', 'Approved by bo@example.com, 1 h ago'],
  ['link', 'Approved by somebody with the link, 1 h ago'],
  [null, 'Approved by somebody with the link, 1 h ago'],
])('an answer by %s', (by, words) =>
  expect(answeredWords({ status: 'approved', answer: { decision: 'approved', by, at } }, 'ada@example.com', now)).toBe(words),
);

test('without an answer, what became of it', () => expect(answeredWords({ status: 'expired', answer: null }, null)).toBe('Nobody answered in time'));
