import { expect, test } from 'vitest';
import { isWithin, pageOf, placeName, places } from './places.ts';

test.each([
  ['/', '/'],
  ['/runs', '/runs'],
  ['/runs/1/events', '/runs/1'],
  ['/workflows/1/triggers/2', '/workflows/1'],
  ['/workflows/1/edit', '/workflows/1/edit'],
  ['/settings/members', '/settings'],
])('%s is of the page %s', (path, page) => expect(pageOf(path)).toBe(page));

test('an address belongs to a place by its first part, and some to none', () => {
  expect(['/', '/runs/1', '/approvals', '/runs-of-mine', '/dev/ui'].map(placeName)).toEqual(['Home', 'Runs', 'Approvals', '', '']);
});

test.each([
  ['/', ['Home']],
  ['/runs/1', ['Runs']],
  ['/inbox', ['Inbox']],
  ['/approvals', ['Inbox']],
  ['/approvals/1', ['Inbox']],
  ['/runs-of-mine', []],
])('at %s the rail lights %j', (path, lit) => expect(places.filter((place) => isWithin(place, path)).map(({ label }) => label)).toEqual(lit));
