import { describe, expect, it } from 'vitest';
import { closingLine, countReport, sum } from './test-count.mjs';

const file = (name: string, ...statuses: string[]) => ({
  name,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status, n) => ({ status, fullName: `test ${n}` })),
});

describe('the count of a test report', () => {
  it('adds up over files', () => {
    const count = countReport({ testResults: [file('a', 'passed', 'passed'), file('b', 'passed', 'failed')] }, 1);
    expect(count).toEqual({ passed: 3, failed: 1, problems: ['b > test 1'], unsteady: [] });
    expect(closingLine(count)).toBe('3 passed, 1 failed');
  });

  it.each(['pending', 'skipped', 'todo'])('takes a test that is %s as failed: nothing is skipped silently', (status) => {
    expect(countReport({ testResults: [file('a', 'passed', status)] }, 0)).toEqual({
      passed: 1,
      failed: 1,
      problems: [`a > test 1 (did not run: ${status})`],
      unsteady: [],
    });
  });

  it('takes a file that did not load as failed', () => {
    const broken = { name: 'c', status: 'failed', message: 'Cannot find module x\n at y', assertionResults: [] };
    expect(countReport({ testResults: [file('a', 'passed'), broken] }, 1)).toMatchObject({
      passed: 1,
      failed: 1,
      problems: ['c (Cannot find module x)'],
    });
  });

  it('takes an error outside of any test, no test at all and no report as failed', () => {
    expect(countReport({ testResults: [file('a', 'passed')] }, 1).failed).toBe(1);
    expect(countReport({ testResults: [] }, 0).failed).toBe(1);
    expect(countReport(undefined, 'SIGKILL').failed).toBe(1);
  });

  it('names a test that passed at its second try, with what it said at the first', () => {
    const shaky = {
      name: 'd',
      status: 'passed',
      assertionResults: [{ status: 'passed', fullName: 'test 0', failureMessages: ['Error: too late\n at x'] }],
    };
    expect(countReport({ testResults: [shaky] }, 0)).toEqual({ passed: 1, failed: 0, problems: [], unsteady: ['d > test 0: Error: too late'] });
  });

  it('sums over steps', () => {
    expect(
      sum([
        { passed: 2, failed: 0, problems: [], unsteady: ['y'] },
        { passed: 1, failed: 1, problems: ['x'], unsteady: [] },
      ]),
    ).toEqual({ passed: 3, failed: 1, problems: ['x'], unsteady: ['y'] });
  });
});
