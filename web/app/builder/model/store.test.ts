import type { Definition } from '@hub/dag';
import { describe, expect, test } from 'vitest';
import { findEntries, pickEntries } from './catalogue.ts';
import { copyText, paste } from './clipboard.ts';
import { addNode, dropNodes, edgeOf, insertExisting, removeNodes, renameNode } from './edits.ts';
import { whyNoEdge } from './graph.ts';
import { tidy } from './layout.ts';
import { slug } from './names.ts';
import { addNote, notesOf } from './notes.ts';
import { boxesOf, loopAt } from './size.ts';
import { boxesNow, createBuilder, travel } from './store.ts';

const base: Definition = {
  schemaVersion: 1,
  nodes: [
    { id: 'read', type: 'data_source', label: 'Read', config: { connector: 'file', action: 'read-rows', credentialId: 'secret-id' } },
    { id: 'each', type: 'loop', label: 'Each', config: { mode: 'for_each', items: '{{ nodes.read.output.rows }}' } },
    { id: 'ask', type: 'prompt', label: 'Ask', parent: 'each', config: { model: 'demo/rules', messages: [{ role: 'user', content: '{{ item }}' }] } },
    { id: 'out', type: 'output', label: 'Out', config: { name: 'r', value: '{{ nodes.each.output }}' } },
  ],
  edges: [
    { from: 'read', to: 'each' },
    { from: 'each', to: 'out' },
  ],
  ui: { nodes: { read: { x: 0, y: 0 }, each: { x: 300, y: 0 }, ask: { x: 24, y: 52 }, out: { x: 700, y: 0 } } },
};
const entry = (key: string) => {
  const found = pickEntries([]).find((each) => each.key === key);
  if (!found) throw new Error(`no entry ${key}`);
  return found;
};
const open = (definition = base) => {
  let at = 0;
  const store = createBuilder({ definition, now: () => at });
  return { store, wait: (ms: number) => (at += ms), state: () => store.getState() };
};

describe('undo and redo', () => {
  test('each edit is one step; typing in one field within a moment is one too', () => {
    const { store, state, wait } = open();
    const type = (content: string) => state().edit({ op: 'set-config', id: 'ask', config: { content } }, { merge: 'ask/content' });
    type('a');
    wait(300);
    type('ab');
    wait(300);
    type('abc');
    wait(5000);
    type('abcd');
    travel(store, 'undo');
    expect(state().definition.nodes[2]?.config).toEqual({ content: 'abc' });
    travel(store, 'undo');
    expect(state().definition).toBe(base);
    travel(store, 'redo');
    travel(store, 'redo');
    expect(state().definition.nodes[2]?.config).toEqual({ content: 'abcd' });
  });

  test('moving the selection is no step, and what is gone after undo is not selected', () => {
    const { store, state } = open();
    const added = addNode(state().definition, boxesNow(state()), entry('merge'), { at: { x: 900, y: 0 } });
    state().edit(added);
    expect([...state().selected]).toEqual([added.id]);
    state().select(['read']);
    state().select([added.id]);
    travel(store, 'undo');
    expect([...state().selected]).toEqual([]);
    expect(state().definition).toBe(base);
  });

  test('a refused edit changes nothing and says why', () => {
    const { state } = open();
    expect(state().edit({ op: 'connect', edge: { from: 'read', to: 'each' } })).toMatch(/there already/);
    expect(state().definition).toBe(base);
  });
});

describe('edits', () => {
  test('a node put after another is connected and reads it', () => {
    const { state } = open();
    const added = addNode(base, boxesNow(state()), entry('transform'), { at: { x: 0, y: 0 }, from: { id: 'read', port: 'out' } });
    state().edit(added);
    expect(state().definition.nodes.at(-1)?.config).toEqual({ expression: 'nodes.read.output' });
    expect(state().definition.edges).toContainEqual({ from: 'read', to: added.id });
  });

  test('a condition put into an edge goes on by its port true', () => {
    const { state } = open();
    const added = addNode(base, boxesNow(state()), entry('condition'), { at: { x: 0, y: 0 }, edge: { from: 'read', to: 'each' } });
    state().edit(added);
    expect(state().definition.edges).toEqual([
      { from: 'each', to: 'out' },
      { from: 'read', to: added.id },
      { from: added.id, fromPort: 'true', to: 'each' },
    ]);
  });

  test('removing a node of a chain closes the chain', () => {
    const { state } = open();
    state().edit(removeNodes(base, ['each']));
    expect(state().definition.nodes.map(({ id }) => id)).toEqual(['read', 'out']);
    expect(state().definition.edges).toEqual([{ from: 'read', to: 'out' }]);
  });

  test('renaming makes the id from the label, and what reads it follows', () => {
    const { state } = open();
    state().edit(renameNode(base, 'read', 'Read reviews, fast!') ?? { operations: [] });
    expect(state().definition.nodes[0]).toMatchObject({ id: 'read_reviews_fast', label: 'Read reviews, fast!' });
    expect(state().definition.nodes[1]?.config['items']).toBe('{{ nodes.read_reviews_fast.output.rows }}');
    expect(slug('  ÄÖ 3 ')).toBe('ao_3');
    expect(slug('true')).toBe('step_true');
    expect(slug('***')).toBeNull();
  });

  test('dragging into a loop sets the parent and drops edges that would cross its border; dragging out as well', () => {
    const boxes = boxesOf(base);
    const { state } = open();
    state().edit(dropNodes(base, boxes, { out: { x: 340, y: 120 } }));
    expect(state().definition.nodes[3]?.parent).toBe('each');
    expect(state().definition.edges).toEqual([{ from: 'read', to: 'each' }]);
    state().edit(dropNodes(state().definition, boxesNow(state()), { out: { x: 24, y: 900 } }));
    expect(state().definition.nodes[3]?.parent).toBeUndefined();
  });

  test('a loose node dropped on an edge is put into it', () => {
    const loose: Definition = { ...base, nodes: [...base.nodes, { id: 'm', type: 'merge', config: { mode: 'append' } }] };
    const edit = insertExisting(loose, 'm', { from: 'read', to: 'each' });
    const { state } = open(loose);
    state().edit(edit ?? { operations: [] });
    expect(state().definition.edges).toContainEqual({ from: 'read', to: 'm' });
    expect(state().definition.edges).toContainEqual({ from: 'm', to: 'each' });
  });

  test.each([
    ['a circle', { from: 'out', to: 'read' }, /circle/],
    ['the border of a loop', { from: 'read', to: 'ask' }, /border/],
    ['itself', { from: 'read', to: 'read' }, /itself/],
    ['the same again', { from: 'read', to: 'each' }, /already/],
  ])('an edge to %s is refused', (_what, edge, why) => {
    expect(whyNoEdge(base, edge)).toMatch(why);
  });
});

describe('copy and paste', () => {
  test('the text is readable JSON without credentials; a paste gets free ids and keeps what is read inside', () => {
    const boxes = boxesOf(base);
    const text = copyText(base, boxes, ['read', 'each']) ?? '';
    expect(text).not.toContain('secret-id');
    expect(JSON.parse(text)).toMatchObject({ hub: 'nodes', edges: [{ from: 'read', to: 'each' }] });
    const pasted = paste(base, text, { x: 0, y: 500 }, null);
    if (!pasted.ok) throw new Error(pasted.message);
    const { state } = open();
    expect(state().edit(pasted.edit)).toBeNull();
    const made = state().definition.nodes.slice(4);
    expect(made.map(({ id, parent }) => [id, parent])).toEqual([
      ['read_2', undefined],
      ['each_2', undefined],
      ['ask_2', 'each_2'],
    ]);
    expect(made[1]?.config['items']).toBe('{{ nodes.read_2.output.rows }}');
    expect(pasted.edit.select).toEqual(['read_2', 'each_2']);
  });

  test('a whole definition can be pasted; other text is refused with a sentence', () => {
    expect(paste({ schemaVersion: 1, nodes: [] }, JSON.stringify(base), { x: 0, y: 0 }, null).ok).toBe(true);
    expect(paste(base, 'hello', { x: 0, y: 0 }, null)).toMatchObject({ ok: false });
    expect(paste(base, '{"hub":"nodes","nodes":[{"id":"a"}]}', { x: 0, y: 0 }, null)).toMatchObject({ ok: false });
  });

  test('ids of the pasted sheet never meet half way', () => {
    const sheet = JSON.stringify({
      hub: 'nodes',
      nodes: [
        { id: 'out', type: 'merge', config: {} },
        { id: 'out_2', type: 'merge', config: {} },
      ],
    });
    const pasted = paste(base, sheet, { x: 0, y: 0 }, null);
    expect(pasted.ok && pasted.edit.select).toEqual(['out_3', 'out_2']);
  });
});

describe('places', () => {
  test('a loop is as large as its body, and is found at its inside', () => {
    const boxes = boxesOf(base);
    expect(boxes.get('each')).toEqual({ x: 300, y: 0, width: 320, height: 164 });
    expect(loopAt(base, boxes, { x: 400, y: 100 }, new Set())).toBe('each');
    expect(loopAt(base, boxes, { x: 400, y: 100 }, new Set(['each']))).toBeNull();
  });

  test('tidy puts every node right of what it follows, bodies inside their loop, and nothing on another', () => {
    const places = tidy(base);
    expect(Object.keys(places).sort()).toEqual(['ask', 'each', 'out', 'read']);
    expect((places['read']?.x ?? 0) < (places['each']?.x ?? 0) && (places['each']?.x ?? 0) < (places['out']?.x ?? 0)).toBe(true);
    expect(places['ask']).toEqual({ x: 24, y: 52 });
    const many: Definition = {
      schemaVersion: 1,
      nodes: Array.from({ length: 60 }, (_, n) => ({ id: `n${n}`, type: 'merge', config: {} })),
      edges: Array.from({ length: 59 }, (_, n) => edgeOf(`n${Math.floor(n / 2)}`, 'out', `n${n + 1}`)),
    };
    const boxes = [...boxesOf(many, tidy(many)).values()];
    const hits = boxes.flatMap((a, i) =>
      boxes.slice(i + 1).filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
    );
    expect(hits).toEqual([]);
  });

  test('a new node never hides another', () => {
    const added = addNode(base, boxesOf(base), entry('merge'), { at: { x: 10, y: 10 } });
    const first = added.operations[0];
    expect(first?.op === 'add-node' && (first.position?.y ?? 0) >= 72).toBe(true);
  });

  test('notes live in the layout', () => {
    const { operation, id } = addNote(base, { x: 5.4, y: 6 }, 'why');
    const { state } = open();
    state().edit(operation);
    expect(notesOf(state().definition)).toEqual([{ id, x: 5, y: 6, w: 240, h: 120, text: 'why' }]);
  });
});

test('the picker finds by label, by other words and by help, labels first', () => {
  const entries = pickEntries([
    {
      id: 'http',
      title: 'HTTP',
      help: '',
      actions: [
        {
          id: 'request',
          title: 'Send a request',
          help: 'Calls an API.',
          kind: 'either',
          params: { properties: { method: {} } },
          example: { params: {} },
          credentialKinds: [],
        },
      ],
    },
    {
      id: 'data',
      title: 'Data hygiene',
      help: '',
      actions: ['Validate rows', 'Split rows'].map((title) => ({
        id: title.toLowerCase().replace(' ', '-'),
        title,
        help: 'Rows.',
        kind: 'either',
        params: { properties: { source: {} } },
        example: { params: {} },
        credentialKinds: [],
      })),
    },
  ]);
  // What works on rows whichever way they come stands in the list once, under its own name, without a method.
  const hygiene = entries.filter(({ key }) => key.includes('.data.'));
  expect(hygiene.map(({ label, config }) => [label, config['params']])).toEqual([
    ['Data hygiene: validate rows', {}],
    ['Data hygiene: split rows', {}],
  ]);
  expect(findEntries(entries, 'gpt')[0]?.key).toBe('prompt');
  expect(findEntries(entries, 'filter')[0]?.key).toBe('transform.filter');
  expect(
    findEntries(entries, 'http')
      .map(({ key }) => key)
      .slice(0, 2),
  ).toEqual(['data_source.http.request', 'action.http.request']);
  expect(findEntries(entries, 'zzz')).toEqual([]);
});
