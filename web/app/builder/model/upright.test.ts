import type { Definition } from '@hub/dag';
import { describe, expect, it } from 'vitest';
import { firstView, phoneCanvas } from './first-view.ts';
import { tidy } from './layout.ts';
import { notesOf } from './notes.ts';
import { boxesOf, cardHeight, cardWidth, startPlace } from './size.ts';
import { shownOf, uprightOf } from './upright.ts';

const definition = {
  schemaVersion: 1,
  name: 'Reviews',
  nodes: [
    { id: 'read', type: 'data_source', config: {} },
    { id: 'ask', type: 'condition', config: {} },
    { id: 'yes', type: 'transform', config: {} },
    { id: 'no', type: 'transform', config: {} },
  ],
  edges: [
    { from: 'read', to: 'ask' },
    { from: 'ask', fromPort: 'true', to: 'yes' },
    { from: 'ask', fromPort: 'false', to: 'no' },
  ],
  ui: {
    nodes: { read: { x: 900, y: 12 } },
    notes: [{ id: 'n1', x: -500, y: 0, w: 240, h: 80, text: 'Why' }],
    groups: [{ id: 'g1', label: 'G', nodes: ['read'] }],
  },
} as unknown as Definition;
const places = tidy(definition, 'tall');
const shown = uprightOf(definition, places);
const boxes = boxesOf(shown);

describe('the graph from top to bottom', () => {
  it('puts each step below the one before it, branches in the order of their ports', () => {
    const y = (id: string): number => boxes.get(id)?.y ?? Number.NaN;
    expect(y('ask')).toBeGreaterThan(y('read') + cardHeight);
    expect(y('yes')).toBeGreaterThan(y('ask') + cardHeight);
    expect(y('no')).toBe(y('yes'));
    expect(boxes.get('yes')?.x).toBeLessThan(boxes.get('no')?.x ?? 0);
  });
  it('stands Start above the first step, notes below all, and leaves frames out', () => {
    expect(startPlace(shown, boxes).y).toBeLessThan(boxes.get('read')?.y ?? 0);
    expect(shown.ui?.['groups']).toEqual([]);
    expect(shown.ui?.['notes']).toMatchObject([{ id: 'n1', text: 'Why' }]);
    expect(notesOf(shown)[0]?.y).toBeGreaterThan((boxes.get('no')?.y ?? 0) + cardHeight);
  });
  it('leaves what is saved as it is', () => {
    expect(definition.ui).toMatchObject({ nodes: { read: { x: 900, y: 12 } }, groups: [{ id: 'g1' }] });
    expect(shownOf({ definition, upright: null })).toBe(definition);
    expect(shownOf({ definition, upright: places })).toBe(shownOf({ definition, upright: places }));
  });
  it('fits its width into a phone', () => {
    const view = firstView(shown, boxes, phoneCanvas, true);
    for (const box of boxes.values()) {
      expect(box.x * view.zoom + view.x).toBeGreaterThanOrEqual(0);
      expect((box.x + cardWidth) * view.zoom + view.x).toBeLessThanOrEqual(phoneCanvas.width);
    }
  });
});
