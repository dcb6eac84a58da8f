import { describe, expect, it } from 'vitest';
import { filtersOf, viewsOf } from './views.ts';

describe('views of a list', () => {
  it('reads its own cookie and takes anything else for none', () => {
    const kept = encodeURIComponent(JSON.stringify([['Failing', 'health=failing'], 'nonsense', [1, 2]]));
    expect(viewsOf(`a=1; hub-views-workflows=${kept}`, 'workflows')).toEqual([{ name: 'Failing', search: 'health=failing' }]);
    expect(viewsOf(`hub-views-workflows=${kept}`, 'runs')).toEqual([]);
    expect(viewsOf('hub-views-runs=%7Bbroken', 'runs')).toEqual([]);
    expect(viewsOf('hub-views-runs=%', 'runs')).toEqual([]);
  });

  it('compares addresses by their filters, whatever their order and page', () => {
    const names = ['status', 'q'];
    expect(filtersOf(new URLSearchParams('q=a&status=failed&cursor=x'), names)).toBe('status=failed&q=a');
    expect(filtersOf(new URLSearchParams('status=&cursor=x'), names)).toBe('');
  });
});
