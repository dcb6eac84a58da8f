import { describe, expect, it } from 'vitest';
import { type Fresh, type LiveEvent, patchViews, withEvent } from './live-patch.ts';
import { nodeViews } from './model.ts';
import { readDefinition } from './definition.ts';

const definition = readDefinition({
  nodes: [
    { id: 'a', type: 'merge', config: {} },
    { id: 'l', type: 'loop', config: {} },
    { id: 'b', type: 'merge', parent: 'l', config: {} },
  ],
});
const views = nodeViews(definition, [], 'running');
const event = (seq: number, status: string, over: Partial<LiveEvent> = {}): LiveEvent => ({
  type: 'event',
  seq,
  at: '2026-11-22T10:00:00.000Z',
  event: `step.${status}`,
  nodeId: 'a',
  path: 'a',
  iteration: null,
  attempt: 1,
  status,
  refs: {},
  ...over,
});
const all = (...events: LiveEvent[]): Fresh => events.reduce(withEvent, {});
const stateOf = (fresh: Fresh, from = views) => patchViews(from, fresh).find(({ id }) => id === 'a');

describe('a state drawn from its event', () => {
  it('is that of the newest event, whatever order they come in', () => {
    expect(stateOf(all(event(1, 'running')))?.state).toBe('running');
    expect(stateOf(all(event(2, 'completed', { refs: { port: 'true' } }), event(1, 'running')))).toMatchObject({
      state: 'completed',
      port: 'true',
      idle: false,
    });
  });

  it('never goes back behind what the page has read, but follows another attempt', () => {
    const read = patchViews(views, all(event(2, 'completed')));
    expect(stateOf(all(event(1, 'running')), read)?.state).toBe('completed');
    const failed = patchViews(views, all(event(2, 'failed')));
    expect(stateOf(all(event(3, 'running', { attempt: 2 })), failed)?.state).toBe('running');
  });

  it('leaves items of loops, other events and unknown steps to the next reading', () => {
    const fresh = all(
      event(1, 'completed', { nodeId: 'b', path: 'l[0].b', iteration: 0 }),
      event(2, 'running', { event: 'run.running', nodeId: null, path: null }),
      event(3, 'lost'),
    );
    expect(fresh).toEqual({});
    expect(patchViews(views, fresh)).toBe(views);
  });
});
