import { expect, it } from 'vitest';
import { attemptsOf, type History } from './history.ts';

/** A step's activity: scheduled with this input, given out so often. */
function given(eventId: number, input: object, attempt: number): NonNullable<History['events']> {
  const data = Buffer.from(JSON.stringify(input));
  return [
    { eventId, activityTaskScheduledEventAttributes: { activityType: { name: 'runStep' }, input: { payloads: [{ data }] } } },
    { eventId: eventId + 1, activityTaskStartedEventAttributes: { scheduledEventId: eventId, attempt } },
  ] as unknown as NonNullable<History['events']>;
}

it('counts attempts over every execution of a chain, and those that failed as tries before', async () => {
  const chain = [
    { events: [...given(5, { path: 'a' }, 2), ...given(7, { path: 'b', triedBefore: 1 }, 1)] },
    { events: given(5, { path: 'a' }, 1) },
  ] as unknown as History[];
  expect([...(await attemptsOf(chain))]).toEqual([
    ['a', 3],
    ['b', 2],
  ]);
});

it('leaves out what it cannot read', async () => {
  const sealed = [{ events: given(5, { path: 7 }, 1) }] as unknown as History[];
  expect((await attemptsOf(sealed)).size).toBe(0);
});
