import { describe, expect, it } from 'vitest';
import { farSideOf, firesBetween, isFire, nextFires, phraseOf, readPhrase, readRule, scheduleWords, temporalSpec } from './index.ts';

const ruleOf = (config: Record<string, unknown>) => {
  const { rule, faults } = readRule(config);
  if (rule === null) throw new Error(JSON.stringify(faults));
  return rule;
};
const faultOf = (config: Record<string, unknown>) =>
  readRule(config)
    .faults.map(({ path, message }) => `${path} ${message}`)
    .join('; ');

describe('a schedule', () => {
  it('says what is wrong, and where', () => {
    expect(faultOf({ cron: '* * * *' })).toMatch(/^\/cron wants five fields .* not 4$/);
    expect(faultOf({ cron: '0 0 9 * * 1' })).toContain('for seconds use every');
    expect(faultOf({ cron: '61 * * * *' })).toBe('/cron minute: "61" is not a minute (0 to 59)');
    expect(faultOf({ cron: '0 25 * * 8' })).toContain('weekday: "8"');
    expect(faultOf({ cron: '0 0 31 2 *' })).toContain('would never fire');
    expect(faultOf({ cron: '0 9 * * 5-1' })).toContain('goes backwards');
    expect(faultOf({ cron: '*/0 * * * *' })).toContain('is no step');
    expect(faultOf({ cron: '@dialy' })).toContain('@daily');
    expect(faultOf({ cron: '0 9 * * *', timeZone: 'Europe/Berln' })).toContain('/timeZone');
    expect(faultOf({ every: '500ms' })).toContain('/every is between 1s');
    expect(faultOf({ every: '1500ms' })).toContain('whole number of seconds');
    expect(faultOf({ cron: '0 9 * * *', every: '5m' })).toContain('one of the three');
    expect(faultOf({})).toContain('one of the three');
    expect(faultOf({ every: '5m', calendar: { times: ['07:00'] } })).toContain('one of the three');
    expect(faultOf({ calendar: { times: ['24:00'], days: [0], weekdays: ['mo'], dates: ['2026-02-30'] } })).toBe(
      '/calendar/times are times of the day such as 07:00 or 18:30; /calendar/dates are days such as 2026-12-24; /calendar/weekdays are sun, mon, tue, wed, thu, fri, sat; /calendar/days are numbers from 1 to 31, or -1 for the last day of the month',
    );
    expect(faultOf({ every: '5m', catchUpWindow: '1s' })).toContain('/catchUpWindow');
  });

  it('fires on a day that fits either day field, as cron has it', () => {
    const times = firesBetween(ruleOf({ cron: '0 0 1 * 1' }), new Date('2027-02-01T00:00:00Z'), new Date('2027-03-08T00:00:00Z'), 100);
    expect(times.map((at) => at.toISOString().slice(5, 10))).toEqual(['02-01', '02-08', '02-15', '02-22', '03-01', '03-08']);
  });

  it('loses no time and fires none twice when the clocks change', () => {
    const daily = ruleOf({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' });
    expect(nextFires(daily, new Date('2027-03-27T12:00:00Z'), 2).map((at) => at.toISOString())).toEqual([
      '2027-03-28T01:00:00.000Z',
      '2027-03-29T00:30:00.000Z',
    ]);
    expect(nextFires(daily, new Date('2027-10-30T12:00:00Z'), 2).map((at) => at.toISOString())).toEqual([
      '2027-10-31T00:30:00.000Z',
      '2027-11-01T01:30:00.000Z',
    ]);
    expect(isFire(daily, new Date('2027-10-31T01:30:00Z'))).toBe(false);
    const hourly = ruleOf({ cron: '5 * * * *', timeZone: 'Europe/Berlin' });
    expect(firesBetween(hourly, new Date('2027-10-30T22:00:00Z'), new Date('2027-10-31T04:00:00Z'), 100)).toHaveLength(6);
  });

  it('counts an interval from 1970, both ends of a window included, and stops one above the limit', () => {
    const rule = ruleOf({ every: '15m' });
    expect(nextFires(rule, new Date('2027-01-01T00:15:00Z'), 1)[0]?.toISOString()).toBe('2027-01-01T00:30:00.000Z');
    expect(firesBetween(rule, new Date('2027-01-01T00:00:00Z'), new Date('2027-01-01T01:00:00Z'), 100)).toHaveLength(5);
    expect(firesBetween(rule, new Date('2027-01-01T00:00:00Z'), new Date('2028-01-01T01:00:00Z'), 100)).toHaveLength(101);
  });

  it('has a jitter of 30 s, but at most a tenth of the time between two fires', () => {
    expect(ruleOf({ cron: '0 7 * * *' }).jitterMs).toBe(30_000);
    expect(ruleOf({ cron: '* * * * *' }).jitterMs).toBe(6_000);
    expect(ruleOf({ every: '10s' }).jitterMs).toBe(1_000);
    expect(ruleOf({ cron: '0 7 * * *', jitter: '2m' }).jitterMs).toBe(120_000);
  });

  it('gives Temporal single times around a change of clocks, and UTC where it fires every hour of every day', () => {
    const now = new Date('2026-11-22T00:00:00Z');
    expect(
      temporalSpec(ruleOf({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' }), now).intervals?.map(({ every }) => new Date(every).toISOString()),
    ).toEqual(['2027-03-28T01:00:00.000Z', '2027-10-31T00:30:00.000Z']);
    expect(temporalSpec(ruleOf({ cron: '*/5 * * * *', timeZone: 'Europe/Berlin' }), now)).toMatchObject({ timezone: 'UTC' });
    expect(temporalSpec(ruleOf({ cron: '0 9 1 3,9 *', timeZone: 'UTC' }), now).calendars?.[0]?.month).toEqual(['MARCH', 'SEPTEMBER']);
  });

  it('is nothing in Temporal when its config cannot be read any more', () => {
    expect(farSideOf({ type: 'schedule', config: { cron: 'x' }, paused: false }, new Date()).kind).toBe('none');
    expect(farSideOf(null, new Date()).kind).toBe('none');
  });

  it('is fired late by Temporal too, so that a missed time is written down here; of missed polls only the last comes', () => {
    const window = (type: string, config: Record<string, unknown>) => farSideOf({ type, config, paused: false }, new Date());
    expect(window('schedule', { every: '1m', catchUpWindow: '10s' })).toMatchObject({ catchUpMs: 3_610_000, overlap: 'ALLOW_ALL' });
    expect(window('poll', { every: '5m' })).toMatchObject({ catchUpMs: 300_000, overlap: 'SKIP' });
    expect(window('poll', { every: '1s' })).toMatchObject({ catchUpMs: 10_000 });
  });
});

describe('a calendar', () => {
  const timesOf = (calendar: object, from: string, count: number, timeZone = 'UTC') =>
    nextFires(ruleOf({ calendar, timeZone }), new Date(from), count).map((at) => at.toISOString().slice(0, 16));

  it.each([
    ['the first Monday of a month', { weekdays: ['mon'], days: [1, 2, 3, 4, 5, 6, 7] }, ['2027-01-04T07:00', '2027-02-01T07:00', '2027-03-01T07:00']],
    ['the last day of a month', { days: [-1] }, ['2027-01-31T07:00', '2027-02-28T07:00', '2027-03-31T07:00']],
    ['the end of a quarter', { days: [-1], months: [3, 6] }, ['2027-03-31T07:00', '2027-06-30T07:00', '2028-03-31T07:00']],
    [
      'weekdays without holidays',
      { weekdays: ['fri', 'mon'], except: ['2027-01-01', '2027-01-08'] },
      ['2027-01-04T07:00', '2027-01-11T07:00', '2027-01-15T07:00'],
    ],
    ['a pattern and dates', { weekdays: ['sun'], dates: ['2027-01-06', '2026-12-24'] }, ['2027-01-03T07:00', '2027-01-06T07:00', '2027-01-10T07:00']],
    ['a day that comes every four years', { days: [29], months: [2] }, ['2028-02-29T07:00', '2032-02-29T07:00', '2036-02-29T07:00']],
    ['every day', {}, ['2027-01-01T07:00', '2027-01-02T07:00', '2027-01-03T07:00']],
  ])('%s', (_name, days, wanted) => {
    expect(timesOf({ times: ['07:00'], ...days }, '2026-12-31T12:00:00Z', 3)).toEqual(wanted);
  });

  it('fires at its times in its zone, in order, and keeps to the rule of clocks', () => {
    expect(timesOf({ times: ['18:30', '00:15'], weekdays: ['fri'] }, '2027-01-01T00:00:00Z', 3, 'Pacific/Auckland')).toEqual([
      '2027-01-01T05:30',
      '2027-01-07T11:15',
      '2027-01-08T05:30',
    ]);
    expect(timesOf({ times: ['02:30'] }, '2027-03-27T12:00:00Z', 2, 'Europe/Berlin')).toEqual(['2027-03-28T01:00', '2027-03-29T00:30']);
    expect(timesOf({ times: ['02:30'] }, '2027-10-30T12:00:00Z', 2, 'Europe/Berlin')).toEqual(['2027-10-31T00:30', '2027-11-01T01:30']);
  });

  it('of dates ends with its last one, which still counts as its time when it has come', () => {
    const rule = ruleOf({ calendar: { times: ['07:00'], dates: ['2026-12-24', '2026-12-31'] } });
    expect(nextFires(rule, new Date('2026-12-24T07:00:00Z'), 5).map((at) => at.toISOString())).toEqual(['2026-12-31T07:00:00.000Z']);
    expect(isFire(rule, new Date('2026-12-31T07:00:00Z'))).toBe(true);
    expect(isFire(rule, new Date('2026-12-25T07:00:00Z'))).toBe(false);
    expect(nextFires(rule, new Date('2026-12-31T07:00:00Z'), 5)).toEqual([]);
    expect(
      farSideOf({ type: 'schedule', config: { calendar: { times: ['07:00'], dates: ['2020-01-01'] } }, paused: false }, new Date()),
    ).toMatchObject({
      nextFireAt: null,
    });
  });

  it('is said in words', () => {
    const calendar = {
      times: ['18:30', '07:00'],
      weekdays: ['mon', 'fri'],
      days: [1, -1],
      months: [3],
      dates: ['2026-12-24'],
      except: ['2026-12-25'],
    };
    expect(scheduleWords(ruleOf({ calendar, timeZone: 'Europe/Berlin' }))).toBe(
      'At 07:00 and 18:30, Monday and Friday, on day 1 and the last day of the month, in March; also on 2026-12-24; not on 2026-12-25, Europe/Berlin',
    );
    expect(scheduleWords(ruleOf({ calendar: { times: ['09:00'] } }))).toBe('At 09:00, every day, UTC');
    expect(phraseOf(ruleOf({ calendar: { times: ['09:00'] } }))).toBeNull();
  });
});

describe('words', () => {
  it.each([
    ['every weekday at 9', { cron: '0 9 * * 1-5' }],
    ['every 15 minutes', { every: '15m' }],
    ['Every day at 7:30 pm', { cron: '30 19 * * *' }],
    ['every hour', { every: '1h' }],
    ['Mondays and Fridays at 18:00', { cron: '0 18 * * 1,5' }],
    ['every monday, wednesday and friday at 9am', { cron: '0 9 * * 1,3,5' }],
    ['every month on the 1st at noon', { cron: '0 12 1 * *' }],
    ['on the 1st of every month at noon', { cron: '0 12 1 * *' }],
    ['the 15th at 8:30', { cron: '30 8 15 * *' }],
    ['weekends at 10', { cron: '0 10 * * 0,6' }],
    ['daily', { cron: '0 0 * * *' }],
    ['at 12am', null],
    ['every blue moon', null],
    ['every day at 25', null],
    ['every day at 13pm', null],
  ])('%s', (text, meant) => {
    expect(readPhrase(text)).toEqual(meant);
  });

  it('of a rule are read back as the same rule', () => {
    for (const config of [
      { cron: '0 9 * * 1-5' },
      { every: '15m' },
      { every: '1d' },
      { cron: '5 18 * * 1,5' },
      { cron: '30 6 15 * *' },
      { cron: '0 0 * * 0,6' },
    ]) {
      const rule = ruleOf(config);
      const phrase = phraseOf(rule);
      const back = readPhrase(phrase ?? '');
      expect(back === null ? null : { ...ruleOf(back) }, phrase ?? '').toMatchObject(
        config.every === '1d' ? {} : { cron: rule.cron, everyMs: rule.everyMs },
      );
    }
    expect(phraseOf(ruleOf({ cron: '*/7 3 * 2 *' }))).toBeNull();
  });

  it('are for people', () => {
    expect(scheduleWords(ruleOf({ cron: '0 9 * * 1-5', timeZone: 'Europe/Berlin' }))).toBe('At 09:00, Monday through Friday, Europe/Berlin');
    expect(scheduleWords(ruleOf({ every: '90m' }))).toBe('Every 90 minutes');
  });
});
