import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const dist = join(import.meta.dirname, '..', 'dist');
const serverAssets = join(dist, 'server', 'assets');

interface Manifest {
  entry: { module: string; imports: string[] };
  routes: Record<string, { module: string; imports?: string[]; parentId?: string }>;
}

/** React Router's own list of which scripts a route needs, as the server build carries it. */
async function readManifest(): Promise<Manifest> {
  const file = readdirSync(serverAssets).find((name) => /^server-build-.*\.js$/.test(name)) ?? '';
  const built = (await import(/* @vite-ignore */ pathToFileURL(join(serverAssets, file)).href)) as Record<string, { assets?: Manifest }>;
  const found = Object.values(built).find((each) => each.assets)?.assets;
  if (!found) throw new Error('The server build carries no manifest.');
  return found;
}

/** Gzipped kB of all scripts that a route loads before it can be used. */
function kilobytes(manifest: Manifest, routeId: string): number {
  const files = new Set([manifest.entry.module, ...manifest.entry.imports]);
  for (let id: string | undefined = routeId; id; id = manifest.routes[id]?.parentId) {
    const route = manifest.routes[id];
    for (const file of [route?.module, ...(route?.imports ?? [])]) if (file) files.add(file);
  }
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, 'client', file))).length, 0) / 1000;
}

/** A script with all it imports at once. */
function closure(file: string, seen: Set<string>): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(dist, 'client', file), 'utf8');
  for (const [, name] of text.matchAll(/\bfrom\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) closure(`/assets/${name}`, seen);
  return seen;
}

/** Scripts that import one another in a circle: one of them would run before what it needs. */
function circles(): string[] {
  const assets = join(dist, 'client', 'assets');
  const needs = new Map(
    readdirSync(assets)
      .filter((file) => file.endsWith('.js'))
      .map((file) => [
        file,
        [...readFileSync(join(assets, file), 'utf8').matchAll(/\b(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)].map(([, name]) => name ?? ''),
      ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, way: string[]): void => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(' -> '));
    if (way.includes(file) || done.has(file)) return;
    for (const next of needs.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of needs.keys()) walk(file, []);
  return found;
}

/** The largest chunk of a name, since an icon may have the same: `/assets/check-Abc12345.js`. */
function chunkOf(name: string): string {
  const assets = join(dist, 'client', 'assets');
  const found = readdirSync(assets)
    .filter((file) => new RegExp(`^${name}-[\\w-]{8}\\.js$`).test(file))
    .sort((a, b) => statSync(join(assets, b)).size - statSync(join(assets, a)).size);
  if (!found[0]) throw new Error(`There is no chunk ${name}.`);
  return `/assets/${found[0]}`;
}

// Without a build there is nothing to weigh: `npm test` builds before it tests.
describe.skipIf(!existsSync(serverAssets))('JavaScript per route', () => {
  it('stays under 150 kB gzipped for lists and for the run page without its canvas', async () => {
    const manifest = await readManifest();
    const lists = [
      'pages/home',
      'pages/workflows/list',
      'pages/runs/list',
      'pages/inbox',
      'pages/files',
      'pages/templates/list',
      'pages/settings/members',
      'pages/settings/audit',
    ];
    const sizes = lists.map((id) => ({ id, kB: Math.round(kilobytes(manifest, id)) }));
    expect(sizes.filter(({ kB }) => kB > 150)).toEqual([]);
    expect(sizes.every(({ kB }) => kB > 50)).toBe(true);
    const run = ['pages/runs/graph', 'pages/runs/timeline'].map((id) => ({ id, kB: Math.round(kilobytes(manifest, id)) }));
    expect(run.filter(({ kB }) => kB > 150)).toEqual([]);
    console.info('JavaScript per route, kB gzipped:', [...sizes, ...run].map(({ id, kB }) => `${id} ${kB}`).join(', '));
  });

  it('comes in scripts that never import one another in a circle', () => {
    expect(circles()).toEqual([]);
  });

  it('stays under 400 kB gzipped for the builder with its canvas', async () => {
    const kB = Math.round(kilobytes(await readManifest(), 'pages/workflows/edit'));
    console.info(`The builder: ${kB} kB gzipped`);
    expect(kB).toBeLessThanOrEqual(400);
    expect(kB).toBeGreaterThan(150);
  });

  it('stays under 400 kB gzipped for the builder with its canvas, its check and the form of a step open', async () => {
    const manifest = await readManifest();
    const route = manifest.routes['pages/workflows/edit'];
    const first = [manifest.entry.module, ...manifest.entry.imports, ...(route ? [route.module, ...(route.imports ?? [])] : [])];
    const files = new Set<string>();
    for (const file of [...first, ...['check', 'parameters-tab'].map(chunkOf)]) closure(file, files);
    const size = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, 'client', file))).length, 0) / 1000;
    console.info(`JavaScript of the open builder: ${Math.round(size)} kB gzipped`);
    expect(size).toBeLessThan(400);
  });
});
