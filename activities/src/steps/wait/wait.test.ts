import type { Json } from '@hub/dag/planner';
import { describe, expect, it } from 'vitest';

import { approvalStep } from '../approval/park.ts';
import type { OpenInput, Opening, ParkStep } from '../park-step.ts';
import { waitStep } from './park.ts';

const now = Date.UTC(2026, 0, 1);
const open = async (step: ParkStep, config: Record<string, Json>, filled: Record<string, Json> = {}): Promise<Opening> =>
  await step.open({
    config,
    filled: { ...(step.toFill(config) as object), ...filled },
    team: 't',
    run: 'r',
    path: 'w',
    now,
    deps: {} as OpenInput['deps'],
  });

describe('what a wait and an approval fill', () => {
  it('takes lengths from templates, and fills neither the signal’s name nor the form', async () => {
    expect(waitStep.toFill({ signal: 's', key: '{{ input.k }}', timeout: '{{ input.t }}' })).toEqual({
      key: '{{ input.k }}',
      timeout: '{{ input.t }}',
    });
    expect(approvalStep.toFill({ title: 't', form: {} })).toEqual({ title: 't' });
    expect(await open(waitStep, { for: '{{ input.t }}' }, { for: '5m' })).toMatchObject({ facts: { at: now + 300_000 } });
    expect(await open(waitStep, { signal: 's', timeout: '{{ input.t }}' }, { timeout: '1h' })).toMatchObject({ facts: { at: now + 3_600_000 } });
    expect(await open(waitStep, { until: '2026-01-01T12:00', timeZone: '{{ input.z }}' }, { timeZone: 'Europe/Berlin' })).toMatchObject({
      facts: { at: now + 11 * 3_600_000 },
    });
  });

  it.each<[Json, string]>([
    [null, 'wait.bad-duration'],
    [5, 'wait.bad-duration'],
    ['five minutes', 'wait.bad-duration'],
    ['9999d', 'wait.too-long'],
  ])('refuses %j where a length is due', async (value, code) => {
    await expect(open(waitStep, { for: '{{ input.t }}' }, { for: value })).rejects.toMatchObject({ code });
    await expect(open(waitStep, { signal: 's', timeout: '{{ input.t }}' }, { timeout: value })).rejects.toMatchObject({ code });
    await expect(open(approvalStep, { title: 't', timeout: '{{ input.t }}' }, { timeout: value })).rejects.toMatchObject({ code });
  });

  it('refuses a time zone that a template got wrong', async () => {
    const config = { until: '2026-01-01T12:00', timeZone: '{{ input.z }}' };
    await expect(open(waitStep, config, { timeZone: 'Berlin' })).rejects.toMatchObject({ kind: 'user', code: 'wait.zone' });
  });
});

describe('who is asked', () => {
  const asked = async (approvers: Json): Promise<unknown> => {
    const opening = await open(approvalStep, { title: 't', approvers: ['{{ input.who }}'] }, { approvers });
    return 'facts' in opening ? opening.approval?.approvers : null;
  };

  it('is everybody only where the step names nobody', async () => {
    expect(await open(approvalStep, { title: 't' })).toMatchObject({ approval: { approvers: [] } });
    expect(await asked(['ada@example.com', ' admin '])).toEqual(['ada@example.com', 'admin']);
    expect(await asked([['a@example.com', 'b@example.com']])).toEqual(['a@example.com', 'b@example.com']);
  });

  it.each<[Json]>([[[null]], [['']], [[[]]], [[5]], [[Array.from({ length: 51 }, () => 'a@example.com')]]])(
    'refuses what a template made of it: %j',
    async (approvers) => {
      await expect(asked(approvers)).rejects.toMatchObject({ code: 'approval.bad-approvers' });
    },
  );

  it('is not reminded every second, whatever a template gives', async () => {
    expect(await open(approvalStep, { title: 't', remindEvery: '{{ input.r }}' }, { remindEvery: '1s' })).toMatchObject({
      facts: { remindMs: 60_000 },
    });
  });
});
