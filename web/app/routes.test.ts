import { readFileSync } from 'node:fs';
import type { RouteConfigEntry } from '@react-router/dev/routes';
import { describe, expect, it } from 'vitest';
import routes from './routes.ts';

function urls(entries: readonly RouteConfigEntry[], parent = ''): string[] {
  return entries.flatMap((entry) => {
    const path = entry.path ? `${parent}/${entry.path}` : parent;
    const inner = urls(entry.children ?? [], path);
    const own = entry.index || (entry.path && !entry.children?.some((child) => child.index)) ? [`${path || '/'} -> ${entry.file}`] : [];
    return [...own, ...inner];
  });
}

const files = (entries: readonly RouteConfigEntry[]): string[] => entries.flatMap((entry) => [entry.file, ...files(entry.children ?? [])]);

describe('the map of URLs', () => {
  it('is what bookmarks and mails rely on', () => {
    expect(urls(routes).sort()).toMatchSnapshot();
  });

  it('gives every page words for its errors below the frame, and every tab its own, so that the rail and the head stay', () => {
    const silent = (entries: readonly RouteConfigEntry[], told: boolean): string[] =>
      entries.flatMap(({ file, children }) => {
        const text = readFileSync(new URL(file, import.meta.url), 'utf8');
        const frame = file.startsWith('shell/');
        const tells = /ErrorBoundary/.test(text);
        const isPage = !frame && file.endsWith('.tsx');
        return [...(isPage && !tells && !told ? [file] : []), ...silent(children ?? [], told || (file === 'pages/settings/settings.tsx' && tells))];
      });
    const inShell = routes.find(({ file }) => file === 'shell/shell.tsx');
    expect(silent(inShell?.children ?? [], false)).toEqual([]);
  });

  it('names files that exist, each once', () => {
    const all = files(routes);
    for (const file of all) expect(() => readFileSync(new URL(file, import.meta.url))).not.toThrow();
    expect(new Set(all).size).toBe(all.length);
  });
});
