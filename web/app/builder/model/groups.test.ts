import { applyOperation, type Definition, type Operation } from '@hub/dag';
import { describe, expect, it } from 'vitest';
import { align } from './align.ts';
import { boundsOf, firstView, inSight } from './first-view.ts';
import { addGroup, changeGroup, groupBox, groupsOf, hiddenInGroups, removeGroups, whyNoGroup } from './groups.ts';
import { boxesOf } from './size.ts';
import { shapeOf } from './value-shape.ts';

const node = (id: string, parent?: string) => ({
  id,
  type: parent === undefined && id === 'loop' ? 'loop' : 'merge',
  config: {},
  ...(parent === undefined ? {} : { parent }),
});
const plain: Definition = {
  schemaVersion: 1,
  nodes: [node('a'), node('b'), node('loop'), node('x', 'loop')],
  edges: [{ from: 'a', to: 'b' }],
  ui: { nodes: { a: { x: 0, y: 0 }, b: { x: 300, y: 100 }, loop: { x: 700, y: 0 }, x: { x: 24, y: 60 } } },
};
const apply = (definition: Definition, operation: Operation): Definition => {
  const applied = applyOperation(definition, operation);
  if (!applied.ok) throw new Error(applied.fault.message);
  return applied.definition;
};

describe('groups of the canvas', () => {
  it('frame steps of one loop, each in one group, and stand around them', () => {
    const one = apply(plain, addGroup(plain, ['a', 'b']).operation);
    expect(groupsOf(one)).toMatchObject([{ id: 'g1', nodes: ['a', 'b'], collapsed: false }]);
    expect(groupBox(groupsOf(one)[0] ?? { id: '', label: '', nodes: [], collapsed: false }, boxesOf(one))).toMatchObject({
      x: -16,
      y: -44,
      width: 564,
    });
    const two = apply(one, addGroup(one, ['b']).operation);
    expect(groupsOf(two).map(({ nodes }) => nodes)).toEqual([['a'], ['b']]);
    expect(whyNoGroup(plain, ['a', 'x'])).toMatch(/same loop/);
    expect(whyNoGroup(plain, [])).not.toBeNull();
  });

  it('follow a step that is renamed, lose one that is removed, and go with their last', () => {
    const grouped = apply(plain, addGroup(plain, ['a', 'b']).operation);
    const renamed = apply(grouped, { op: 'rename-node', id: 'a', to: 'first' });
    expect(groupsOf(renamed)[0]?.nodes).toEqual(['first', 'b']);
    const fewer = apply(renamed, { op: 'remove-nodes', ids: ['b'] });
    expect(groupsOf(fewer)[0]?.nodes).toEqual(['first']);
    expect(groupsOf(apply(fewer, { op: 'remove-nodes', ids: ['first'] }))).toEqual([]);
  });

  it('hide their steps with all in them when they are folded, and leave the steps when they are taken away', () => {
    const grouped = apply(plain, addGroup(plain, ['loop']).operation);
    expect([...hiddenInGroups(grouped).keys()]).toEqual([]);
    const folded = apply(grouped, changeGroup(grouped, 'g1', { collapsed: true }));
    expect([...hiddenInGroups(folded).keys()].sort()).toEqual(['loop', 'x']);
    const gone = apply(folded, removeGroups(folded, new Set(['g1'])));
    expect(gone.nodes).toHaveLength(4);
    expect(groupsOf(gone)).toEqual([]);
  });

  it('are read tolerantly: unknown steps and wrong shapes are left out', () => {
    const odd = {
      ...plain,
      ui: { ...plain.ui, groups: [null, 3, { nodes: 'a' }, { nodes: ['nobody'] }, { nodes: ['a', 'x', 7] }] },
    } as unknown as Definition;
    expect(groupsOf(odd)).toEqual([{ id: 'g4', label: '', nodes: ['a'], collapsed: false }]);
  });
});

describe('setting steps in line', () => {
  it('takes the outermost edge, or equal gaps of at least 32', () => {
    expect(align(plain, boxesOf(plain), ['a', 'b'], 'top')?.operations).toEqual([
      { op: 'move-nodes', positions: { a: { x: 0, y: 0 }, b: { x: 300, y: 0 } } },
    ]);
    expect(align(plain, boxesOf(plain), ['a', 'b'], 'down')?.operations).toEqual([
      { op: 'move-nodes', positions: { a: { x: 0, y: 0 }, b: { x: 300, y: 104 } } },
    ]);
    expect(align(plain, boxesOf(plain), ['a'], 'top')).toBeNull();
  });
});

describe('the first view', () => {
  it('shows all of it where that can be read, else begins at Start', () => {
    const canvas = { width: 1072, height: 719 };
    const small: Definition = { ...plain, nodes: [node('a')] };
    const view = firstView(small, boxesOf(small), canvas);
    const bounds = boundsOf(small, boxesOf(small));
    expect(view.zoom).toBe(1);
    expect(Math.round(view.x + bounds.x)).toBe(Math.round((canvas.width - bounds.width) / 2));
    const wide: Definition = { ...plain, ui: { nodes: { ...(plain.ui?.['nodes'] as object), loop: { x: 9000, y: 0 } } } };
    expect(firstView(wide, boxesOf(wide), canvas).zoom).toBeCloseTo(0.72);
    expect([...inSight(wide, boxesOf(wide), firstView(wide, boxesOf(wide), canvas), canvas).keys()]).toEqual(['a', 'b']);
  });
});

describe('what a value is made of', () => {
  it('lists each field once, with its kinds, how often it is filled and an example', () => {
    const lines = shapeOf({
      rows: [
        { id: 1, text: 'late' },
        { id: 2, text: null },
        { id: 3, tags: ['a'] },
      ],
      total: 3,
    });
    expect(lines.map(({ path, type, filled }) => [path, type, filled && `${filled.there}/${filled.of}`])).toEqual([
      ['', 'object', null],
      ['rows', 'list of 3', null],
      ['rows[].id', 'number', '3/3'],
      ['rows[].text', 'text or nothing', '1/3'],
      ['rows[].tags', 'list or nothing', '1/3'],
      ['rows[].tags[]', 'text', '1/1'],
      ['total', 'number', null],
    ]);
    expect(lines[3]?.example).toBe('late');
  });
});
