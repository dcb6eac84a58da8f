import { describe, expect, it } from 'vitest';
import { mendOf } from './mend.ts';

const place = { runId: 'r', workflowId: 'w', nodeId: 'score it' };

describe('what mends a failed run', () => {
  it('sends who must act to where they can act', () => {
    expect(mendOf('credential.revoked', place)).toMatchObject({ to: { path: '/connections' } });
    expect(mendOf('file.not-found', place)).toMatchObject({ to: { path: '/workflows/w/start' } });
    expect(mendOf('connector.rate-limited', place)).toMatchObject({ to: { kind: 'again' } });
    expect(mendOf('plan.limit', place)).toMatchObject({ to: { path: '/settings/limits' } });
  });

  it('opens the step in the editor, with the run, for everything else', () => {
    expect(mendOf('model.bad-output', place)).toMatchObject({ label: 'Fix the step', to: { path: '/workflows/w/edit?run=r&node=score+it' } });
    expect(mendOf('never.heard-of', { ...place, nodeId: null })).toMatchObject({ to: { path: '/workflows/w/edit?run=r' } });
  });
});
