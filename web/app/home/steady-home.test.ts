import { describe, expect, it } from 'vitest';
import type { ListedRun } from '../run/strips.server.ts';
import type { Need } from './needs-you.tsx';
import { followHome, type HomeData, takeHome, toldHome } from './steady-home.ts';

const run = (id: string, status: string): ListedRun => ({ id, status }) as ListedRun;
const need = (id: string): Need => ({ id, title: id, body: '', link: null, at: '', isQuestion: true, isFailure: false });
const home = (data: Partial<HomeData>): HomeData => ({ needs: [], needing: [], now: [], ended: [], spend: null, partial: false, ...data });
const partsOf = ({ needing, now, ended }: HomeData) =>
  [needing, now, ended].map((runs) => runs.map(({ id, status }) => `${id} ${status}`).join(', '));

describe('home', () => {
  it('changes a run where it stands, though it belongs to another part now', () => {
    const before = takeHome(home({ now: [run('b', 'running')], ended: [run('a', 'completed')] }));
    const held = followHome(before, home({ ended: [run('b', 'failed'), run('a', 'completed')] }));
    expect(partsOf(held.shown)).toEqual(['', 'b failed', 'a completed']);
    expect([held.freshRuns, held.freshNeeds, held.untold]).toEqual([0, 0, []]);
    expect(partsOf(takeHome(held.latest).shown)).toEqual(['', '', 'b failed, a completed']);
  });

  it('lets what is new wait, and keeps what was seen to', () => {
    const before = takeHome(home({ needs: [need('q')], now: [run('a', 'running')] }));
    const held = followHome(before, home({ needs: [need('r')], now: [run('c', 'queued'), run('b', 'running'), run('a', 'running')] }));
    expect([held.freshNeeds, held.freshRuns, [...held.gone]]).toEqual([1, 2, ['q']]);
    expect(held.shown.needs.map(({ id }) => id)).toEqual(['q']);
    expect(partsOf(held.shown)).toEqual(['', 'a running', '']);
  });

  it('takes what comes where there was nothing, and nothing away where a part was not read', () => {
    expect(partsOf(followHome(takeHome(home({})), home({ now: [run('a', 'running')] })).shown)[1]).toBe('a running');
    const held = followHome(takeHome(home({ now: [run('a', 'running')] })), home({ partial: true }));
    expect([partsOf(held.shown)[1], held.shown.partial, held.untold]).toEqual(['a running', false, []]);
  });

  it('puts in what was read by itself', () => {
    const held = followHome(takeHome(home({ now: [run('a', 'running')], ended: [run('b', 'failed')] })), home({ ended: [run('b', 'failed')] }));
    expect(held.untold).toEqual(['a']);
    expect(partsOf(toldHome(held, [run('a', 'cancelled')]).shown)).toEqual(['', 'a cancelled', 'b failed']);
  });
});
