/** A sixth reader's definitions that publish refuses: one beyond each limit, and what does not belong together. What is due is taken from 03 alone. */
import { calc, check, code, edge, graph, node, type RefusedCase } from './cases.ts';
import { id63 } from './guest-values.ts';
import { type Part, each, inL } from './unseen-kit.ts';

const refused = (name: string, definition: object, ...faults: RefusedCase['refused']): RefusedCase => ({
  name: `guest: ${name}`,
  definition,
  refused: faults,
});
const config = (id: string, type: string, of: Part): Part => node(id, type, of);

export const guestRefusedCases: RefusedCase[] = [
  refused(
    'one letter too many, one below the least, one above the most',
    {
      ...graph([
        calc(`${id63}c`, '1'),
        calc('true', '1'),
        code('r', 'return 1', { retry: { initialMs: 0 } }),
        code('s', 'return 1', { retry: { maxAttempts: 0 } }),
        each([1], { concurrency: 101 }),
        calc('x', '1', inL),
        code('t', 'return 1', { timeoutMs: 0 }),
      ]),
      settings: { priority: 6, maxParallel: 0, timeoutMs: 0, overlap: 'later', onFailure: 'go on', tags: 'a' },
    },
    { path: '/nodes/0/id' },
    { path: '/nodes/1/id' },
    { node: 'r', path: '/nodes/2/retry/initialMs' },
    { node: 's', path: '/nodes/3/retry/maxAttempts' },
    { node: 'l', path: '/nodes/4/config/concurrency' },
    { node: 't', path: '/nodes/6/timeoutMs' },
    { path: '/settings/priority' },
    { path: '/settings/maxParallel' },
    { path: '/settings/timeoutMs' },
    { path: '/settings/overlap' },
    { path: '/settings/onFailure' },
    { path: '/settings/tags' },
  ),
  refused(
    'retry where it is refused, continue where there is no out, branch without its edge, an edge of error without branch',
    graph(
      [
        each([1], {}),
        calc('x', '1', inL),
        { ...config('a', 'approval', { title: 'x' }), retry: { maxAttempts: 2 } },
        { ...config('w', 'wait', { for: '1s' }), retry: {} },
        { ...check('c', 'true'), onError: { mode: 'continue' } },
        { ...calc('b', '1'), onError: { mode: 'branch' } },
        calc('e', '1'),
        calc('f', '1'),
        { ...check('g', 'true'), onError: { mode: 'fallback', value: {} } },
        { ...calc('h', '1'), onError: { mode: 'fallback' } },
      ].map((one) => (one['id'] === 'l' ? { ...one, retry: { maxAttempts: 2 } } : one)),
      [edge('e', 'error', 'f')],
    ),
    { node: 'l', path: '/nodes/0/retry' },
    { node: 'a', path: '/nodes/2/retry' },
    { node: 'w', path: '/nodes/3/retry' },
    { node: 'c', path: '/nodes/4/onError' },
    { node: 'b', path: '/nodes/5/onError' },
    { node: 'e', path: '/edges/0/fromPort' },
    { node: 'g', path: '/nodes/8/onError' },
    { node: 'h', path: '/nodes/9/onError' },
  ),
  refused(
    'conditions and cases that are none',
    graph([
      config('a', 'condition', { left: 1, op: 'like', right: 1 }),
      config('b', 'condition', { left: 1, op: 'eq' }),
      config('c', 'condition', { all: [{ left: 1, op: 'exists' }, {}] }),
      config('d', 'condition', { left: 'x', op: 'matches', right: '(' }),
      config('e', 'switch', { cases: [] }),
      config('f', 'switch', { cases: [{ port: 'error', when: { expression: 'true' } }] }),
      config('g', 'switch', {
        cases: [
          { port: 'a', when: { expression: '1 +' } },
          { port: 'a', when: { expression: '1' } },
        ],
      }),
    ]),
    { node: 'a', path: '/nodes/0/config/op' },
    { node: 'b', path: '/nodes/1/config/right' },
    { node: 'c', path: '/nodes/2/config/all/1' },
    { node: 'd', path: '/nodes/3/config/right' },
    { node: 'e', path: '/nodes/4/config/cases' },
    { node: 'f', path: '/nodes/5/config/cases/0/port' },
    { node: 'g', path: '/nodes/6/config/cases/0/when' },
    { node: 'g', path: '/nodes/6/config/cases/1/port' },
  ),
];
