import type { PlanNode } from '@hub/dag/planner';
import { describe, expect, it } from 'vitest';
import { Placement } from './placement.ts';

const node = (id: string, more: Partial<PlanNode> = {}): PlanNode => ({ id, type: 'data_source', idempotent: true, ...more }) as PlanNode;

function placement(carried?: string[]): { place: Placement } {
  return { place: new Placement(carried) };
}

describe('where a step runs', () => {
  it('tries one short read to ask, never several, and then only what the worker called quick', () => {
    const { place } = placement();
    expect(place.takes([node('a'), node('b')])).toBe(false);
    expect(place.takes([node('a')])).toBe(true);
    place.learn({ quick: ['a', 'b'] });
    expect(place.takes([node('a'), node('b')])).toBe(true);
    expect(place.takes([node('a'), node('c')])).toBe(false);
    place.learn({ notQuick: 'a' });
    expect(place.takes([node('a')])).toBe(false);
  });

  it('never tries an effect, a model call, code, or anything that must not be done twice', () => {
    const { place } = placement(['a']);
    for (const type of ['action', 'prompt', 'code', 'notify'] as const) expect(place.takes([node('a', { type })])).toBe(false);
    expect(place.takes([node('a', { idempotent: false })])).toBe(false);
    expect(place.takes([null])).toBe(false);
    expect(place.takes([])).toBe(false);
  });

  it('ends a row after twenty tries or three seconds, until an ordinary activity has begun', () => {
    const { place } = placement(['a']);
    for (let n = 0; n < 20; n += 1) expect(place.takes([node('a')])).toBe(true);
    expect(place.takes([node('a')])).toBe(false);
    place.endRow();
    expect(place.takes([node('a')])).toBe(true);
    place.learn({ ms: 3_001 });
    expect(place.takes([node('a')])).toBe(false);
    place.endRow();
    expect(place.takes([node('a')])).toBe(true);
  });

  it('asks at first and after twenty ordinary reads, and carries what it was told', () => {
    const { place } = placement();
    expect([place.asks(node('a', { type: 'prompt' })), place.asks(node('a')), place.asks(node('a'))]).toEqual([false, true, false]);
    place.learn({ quick: ['b', 'a'] });
    const asked = Array.from({ length: 21 }, () => place.asks(node('a')));
    expect(asked.indexOf(true)).toBe(20);
    expect(place.carry()).toEqual(['a', 'b']);
    expect(placement().place.carry()).toBeUndefined();
  });
});
