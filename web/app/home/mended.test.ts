import { expect, it } from 'vitest';
import { mendedRuns } from './mended.ts';

const run = (id: string, status: string, retryOf: string | null = null) => ({ id, status, retryOf });

it('a run is mended once a run that continues it, or continues that one, has completed', () => {
  const chain = [
    run('c', 'completed', 'b'),
    run('b', 'failed', 'a'),
    run('a', 'failed'),
    run('y', 'failed', 'x'),
    run('x', 'failed'),
    run('z', 'completed'),
  ];
  expect([...mendedRuns(chain)]).toEqual(['b', 'a']);
  expect([...mendedRuns([run('c', 'completed', 'b')])]).toEqual(['b']);
});
