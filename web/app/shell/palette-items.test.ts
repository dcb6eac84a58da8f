import { describe, expect, it } from 'vitest';
import { type PaletteSources, paletteRows } from './palette-items.ts';

const sources: PaletteSources = {
  words: '',
  here: '/runs',
  actions: [{ label: 'Publish version 7', keys: 'p', run: () => undefined }],
  themes: [{ label: 'Use the dark theme', run: () => undefined }],
  recent: [{ to: '/workflows/1', label: 'Support triage', kind: 'Workflow' }],
  places: [
    { to: '/runs', label: 'Runs' },
    { to: '/workflows', label: 'Workflows' },
  ],
  found: [
    { to: '/workflows/1', label: 'Support triage', kind: 'Workflow' },
    { to: '/workflows/2', label: 'Triage of leads', kind: 'Workflow' },
    { to: '/runs/9', label: 'Support triage', kind: 'Run', more: '9f3a', state: 'failed' },
  ],
};
const keys = (words: string) => paletteRows({ ...sources, words }).map(({ key }) => key);

describe('palette', () => {
  it('begins with what can be done here, then what was opened last, then places; not the page at hand', () => {
    expect(keys('')).toEqual(['On this page:Publish version 7', 'recent:/workflows/1', 'place:/workflows']);
  });

  it('finds by words in any order, nothing twice, the best of each group first', () => {
    expect(keys('triage')).toEqual(['recent:/workflows/1', '/workflows/2', '/runs/9']);
    expect(keys('triage support')).toEqual(['recent:/workflows/1', '/runs/9']);
    expect(keys('dark')).toEqual(['Appearance:Use the dark theme']);
    expect(keys('version pub')).toEqual(['On this page:Publish version 7']);
    expect(keys('nothing of the kind')).toEqual([]);
  });
});
