// What vitest's JSON report and the checks add up to. Nothing may vanish: a file that did not load, a skipped test and an error outside of any test count as failures,
// and a test that passed only at its second try is named with what it said at the first.

/**
 * @typedef {{ passed: number, failed: number, problems: string[], unsteady: string[] }} Count
 * @typedef {{ status: string, fullName?: string, title?: string, failureMessages?: string[] }} Assertion
 * @typedef {{ name: string, status: string, message?: string, assertionResults?: Assertion[] }} TestFile
 * @typedef {{ success?: boolean, testResults?: TestFile[] }} Report
 */

/**
 * @param {Report | undefined} report undefined when vitest wrote none
 * @param {number | string} exitCode
 * @returns {Count}
 */
export function countReport(report, exitCode) {
  /** @type {Count} */
  const count = { passed: 0, failed: 0, problems: [], unsteady: [] };
  for (const file of report?.testResults ?? []) addFile(count, file);
  if (report === undefined) problem(count, 'vitest wrote no report');
  else if (count.passed + count.failed === 0) problem(count, 'vitest found no test');
  else if (exitCode !== 0 && count.failed === 0)
    problem(count, `vitest ended with ${exitCode} although every test passed (an error outside of a test; it stands above)`);
  return count;
}

/** @param {Count} count @param {TestFile} file */
function addFile(count, file) {
  const tests = file.assertionResults ?? [];
  for (const test of tests) {
    const name = `${file.name} > ${test.fullName ?? test.title ?? '?'}`;
    if (test.status === 'passed') {
      count.passed += 1;
      const first = test.failureMessages?.[0];
      if (first !== undefined) count.unsteady.push(`${name}: ${firstLine(first)}`);
    } else problem(count, test.status === 'failed' ? name : `${name} (did not run: ${test.status})`);
  }
  if (file.status === 'failed' && !tests.some((test) => test.status === 'failed'))
    problem(count, `${file.name} (${firstLine(file.message) || 'did not load'})`);
}

/** @param {Count} count @param {string} text */
function problem(count, text) {
  count.failed += 1;
  count.problems.push(text);
}

/** @param {string | undefined} text */
function firstLine(text) {
  return text?.trim().split('\n')[0] ?? '';
}

/**
 * @param {Count[]} counts
 * @returns {Count}
 */
export function sum(counts) {
  return {
    passed: counts.reduce((total, count) => total + count.passed, 0),
    failed: counts.reduce((total, count) => total + count.failed, 0),
    problems: counts.flatMap((count) => count.problems),
    unsteady: counts.flatMap((count) => count.unsteady),
  };
}

/** @param {Count} count */
export function closingLine(count) {
  return `${count.passed} passed, ${count.failed} failed`;
}
