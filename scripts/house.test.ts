/** Rules of the house that lint cannot say (07). Each failure names the file and what to do. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 20_000_000 })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const sources = tracked.filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file) && !file.endsWith('.d.ts'));
const packages = tracked.filter((file) => basename(file) === 'package.json' && file !== 'package.json').map((file) => file.replace(/\/package\.json$/, ''));

describe('files', () => {
  it('are kebab-case', () => {
    const odd = sources.filter((file) => !/^[$_.]?[a-z0-9$]+([-.][a-z0-9$]+)*\.(ts|tsx|mjs|cjs)$/.test(basename(file)));
    expect(odd).toEqual([]);
  });

  it('stop at 400 lines, tests at 700', () => {
    const long = sources.filter((file) => read(file).split('\n').length > (/\.(test|e2e)\.tsx?$/.test(file) ? 700 : 401));
    expect(long).toEqual([]);
  });

  it('hold no path of one machine and no host of a package registry', () => {
    const hosts = ['registry.npmjs' + '.org', 'proxy.golang' + '.org', 'registry.yarnpkg' + '.com', 'pypi' + '.org'];
    const paths = /(^|[\s"'`(=])\/(root|work|home\/[a-z]+)\//;
    const bad = tracked.filter((file) => !/\.(csv|png|woff2)$/.test(file)).filter((file) => {
      const text = read(file);
      return hosts.some((host) => text.includes(host)) || (file !== 'scripts/house.test.ts' && text.split('\n').some((line) => paths.test(line) && !/https?:\/\//.test(line)));
    });
    expect(bad).toEqual([]);
  });

  it('leave nothing for later without saying so', () => {
    const marks = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].map((mark) => `\\b${mark}\\b`).join('|'));
    expect(sources.filter((file) => marks.test(read(file)))).toEqual([]);
  });
});

describe('the environment', () => {
  it('is read in env.ts files, the launcher and the scripts only', () => {
    const allowed = /(^|\/)env(\.server)?\.ts$|^scripts\/|\.config\.ts$|\.(test|e2e)\.tsx?$|\/testing\/|\/e2e\/|\/main\.ts$|^db\/(migrate|seed\/main|seed\/env)\.ts$/;
    expect(sources.filter((file) => /process\.env\b/.test(read(file)) && !allowed.test(file))).toEqual([]);
  });
});

describe('every package', () => {
  it.each(packages)('%s has a README of at most two screens', (folder) => {
    const file = join(folder, 'README.md');
    expect(tracked, `${file} is missing: purpose, door, one example, how to test`).toContain(file);
    expect(read(file).split('\n').length, `${file} is too long`).toBeLessThanOrEqual(120);
  });

  it.each(packages)('%s pins exact versions', (folder) => {
    const manifest = JSON.parse(read(`${folder}/package.json`)) as { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([, version]) => !/^(\d|catalog:|workspace:)/.test(version));
    expect(loose).toEqual([]);
  });
});

describe('decision notes', () => {
  it('are numbered without gaps', () => {
    const notes = readdirSync(join(root, 'infra/decisions')).filter((name) => name.endsWith('.md') && name !== 'README.md').sort();
    expect(notes.map((name) => name.slice(0, 3))).toEqual(notes.map((_, n) => String(n + 1).padStart(3, '0')));
  });
});
