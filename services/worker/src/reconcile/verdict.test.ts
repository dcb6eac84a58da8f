import { describe, expect, it } from 'vitest';
import { verdictOf } from './verdict.ts';

describe('what is done about an open row', () => {
  it('is nothing while Temporal has the run open, under whatever name', () => {
    for (const far of ['RUNNING', 'CONTINUED_AS_NEW', 'PAUSED']) expect(verdictOf('running', far)).toBeNull();
  });

  it('is nothing where a run that has its slot is not in Temporal yet: the sweep starts it', () => {
    expect(verdictOf('starting', null)).toBeNull();
    expect(verdictOf('waiting', null)).toMatchObject({ found: 'lost', status: 'failed', error: { code: 'run.lost' } });
  });

  it('names the end that Temporal gave, with the words of whoever terminated it', () => {
    expect(verdictOf('starting', 'TERMINATED', 'by hand')?.error).toMatchObject({
      code: 'run.terminated',
      message: expect.stringContaining('by hand') as string,
    });
    expect(verdictOf('running', 'TIMED_OUT')).toMatchObject({ status: 'timed_out', found: 'timed-out' });
    expect(verdictOf('running', 'CANCELLED')).toMatchObject({ status: 'cancelled', error: null });
    expect(verdictOf('running', 'COMPLETED')).toMatchObject({ status: 'failed', error: { code: 'run.end-unrecorded' } });
  });
});
