import { describe, expect, it } from 'vitest';
import { foldEvents, type LoggedEvent, scopeOf } from './fold.ts';

let seq = 0;
const event = (type: string, path: string | null = null, refs: object = {}): LoggedEvent => {
  seq += 1;
  return { seq, at: new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString(), type, path, refs };
};
const step = (status: string, path: string, attempt = 1, more: object = {}): LoggedEvent =>
  event(`step.${status}`, path, { nodeId: /([a-z]+)(\[\d+\])?$/.exec(path)?.[1], attempt, ...more });

describe('a run at a moment', () => {
  it('is what its events up to then say: status, attempts, money', () => {
    const log = [
      event('run.starting'),
      event('run.running'),
      step('running', 'a'),
      step('failed', 'a', 1, { code: 'x.y', tokens: 5, costUsd: 0.5 }),
      step('running', 'a', 2),
      step('completed', 'a', 2, { port: 'out', tokens: 7, costUsd: 0.25 }),
      event('run.waiting', null, { reason: 'approval' }),
      event('run.signal', null, { name: 'go' }),
      event('run.completed'),
    ];
    const at = (n: number) => foldEvents(log.slice(0, n));
    expect(at(0).run()).toMatchObject({ seq: 0, status: 'queued', at: null });
    expect(at(4).step('a')).toMatchObject({ status: 'failed', attempt: 1, code: 'x.y' });
    expect(at(4).visible('')).toEqual([]);
    expect(at(5).nodes(['a', 'b'])).toMatchObject([
      { nodeId: 'a', status: 'running', attempts: 2, tokens: 5, completedAt: null },
      { nodeId: 'b', status: 'queued', attempts: 0 },
    ]);
    expect(at(6).visible('')).toMatchObject([{ path: 'a', attempt: 2, port: 'out' }]);
    expect(at(8).run()).toMatchObject({ status: 'waiting', statusReason: 'approval', steps: 2, tokens: 12, costUsd: 0.75 });
    expect(at(9).run()).toMatchObject({ status: 'completed', statusReason: null });
    expect(at(9).nodes(['b'])[0]?.status).toBe('skipped');
  });

  it('shows an iteration its own values and those around it, and no other iteration’s', () => {
    const fold = foldEvents([
      step('completed', 'before'),
      step('running', 'l'),
      step('completed', 'l[0].b'),
      step('completed', 'l[1].b'),
      step('completed', 'l[1].m[0].c'),
      step('completed', 'each[3]'),
    ]);
    const seen = (scope: string) => fold.visible(scope).map(({ path }) => path);
    expect(seen('')).toEqual(['before']);
    expect(seen('l[1]')).toEqual(['before', 'l[1].b']);
    expect(seen('l[1].m[0]')).toEqual(['before', 'l[1].b', 'l[1].m[0].c']);
    expect(seen('each[3]')).toEqual(['before', 'each[3]']);
    expect(fold.nodes(['l', 'b'])).toMatchObject([
      { status: 'running', items: 2 },
      { status: 'completed', counts: { completed: 2 }, items: 2 },
    ]);
    expect(scopeOf('l[1].m[0].c')).toBe('l[1].m[0]');
  });

  it('has kept steps from the moment they were kept', () => {
    const log = [event('run.starting'), event('run.kept', null, { rows: 1 }), step('completed', 'b')];
    const kept = [{ path: 'a', nodeId: 'a', attempt: 3, port: 'out' }];
    expect(foldEvents(log.slice(0, 1), kept).step('a')).toBeNull();
    expect(foldEvents(log, kept).nodes(['a', 'b'])).toMatchObject([
      { status: 'completed', kept: true, attempts: 1 },
      { status: 'completed', kept: false },
    ]);
  });
});
