import { describe, expect, it } from 'vitest';
import { withText } from './fix-field.server.ts';

describe('putting one field right', () => {
  const node = { id: 'file', config: { params: { name: '{{ input.gone }}', to: ['a', 'b'], often: 3 } } };

  it('changes the text at the place, and nothing of what was given', () => {
    const before = structuredClone(node);
    expect(withText(node, ['config', 'params', 'name'], 'report')).toEqual({
      ...node,
      config: { params: { ...node.config.params, name: 'report' } },
    });
    expect(withText(node, ['config', 'params', 'to', '1'], 'c')).toMatchObject({ config: { params: { to: ['a', 'c'] } } });
    expect(node).toEqual(before);
  });

  it('is null where no text stands there', () => {
    for (const parts of [['config', 'params', 'often'], ['config', 'params', 'to'], ['config', 'gone'], ['config', 'params', 'to', '9'], []])
      expect(withText(node, parts, 'x')).toBeNull();
    expect(withText(undefined, ['config'], 'x')).toBeNull();
    expect(withText({}, ['__proto__', 'x'], 'x')).toBeNull();
  });
});
