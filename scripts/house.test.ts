/** Rules of the house that lint cannot say (07). Each failure names the file and what to do. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ActionSpec, checkDraftParams, connectorManifests, errorCodes as activityCodes, modelCatalogue } from '@hub/activities/catalogue';
import { permissions, routes } from '@hub/contract';
import { nodeKinds, triggerTypes } from '@hub/dag/catalogue';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { environmentFor } from './bootstrap/hub-environment.mjs';
import { environments, variables } from './docs/environment.ts';
import { generated } from './docs/generated.ts';
import { errorCatalogues } from './docs/reference.ts';
import { findCodes, unenumerated } from './house/codes.ts';
import { importsOf, intruders, loadedBy } from './house/imports.ts';
import { mutableState } from './house/mutable-state.ts';
import { root } from './house/planted.ts';
import { entriesOf, isTest, packages, read, sources, sourcesIn, tracked } from './house/tree.ts';

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
    const bad = tracked
      .filter((file) => !/\.(csv|png|woff2)$/.test(file))
      .filter((file) => {
        const text = read(file);
        return (
          hosts.some((host) => text.includes(host)) ||
          (file !== 'scripts/house.test.ts' && text.split('\n').some((line) => paths.test(line) && !/https?:\/\//.test(line)))
        );
      });
    expect(bad).toEqual([]);
  });

  it('leave nothing for later without saying so', () => {
    const marks = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].map((mark) => `\\b${mark}\\b`).join('|'));
    expect(sources.filter((file) => marks.test(read(file)))).toEqual([]);
  });
});

describe('walls', () => {
  it('are all part of npm test, and npm test is what .ci/run runs', () => {
    for (const tool of ['oxlint', 'biome', 'depcruise', 'knip', 'typecheck', 'vitest'])
      expect(read('scripts/bootstrap/test.mjs')).toContain(`'${tool}'`);
    expect(read('.ci/run')).toContain('npm test');
  });

  it('are passed by with a reason only, and types never', () => {
    const marks = sources.flatMap((file) =>
      read(file)
        .split('\n')
        .filter((line) => new RegExp('(oxlint|eslint|biome)-' + '(disable|ignore)').test(line) && !/ -- \S.{10}/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(marks).toEqual([]);
    const unchecked = new RegExp('@ts-' + '(ignore|nocheck|expect-error)');
    expect(sources.filter((file) => unchecked.test(read(file)))).toEqual([]);
  });
});

describe('the environment', () => {
  it('is read in env.ts files, the launcher and the scripts only', () => {
    const allowed =
      /(^|\/)env(\.server)?\.ts$|\/hostile-[a-z]+\.ts$|^scripts\/|\.config\.ts$|\.(test|e2e)\.tsx?$|\/testing\/|\/main\.ts$|^db\/(migrate|seed\/main|seed\/env)\.ts$/;
    expect(sources.filter((file) => /process\.env\b/.test(read(file)) && !allowed.test(file))).toEqual([]);
  });

  it('has help and an example for each variable (describe: "<help>, e.g. <example>")', () => {
    expect(
      variables()
        .filter(({ help, example }) => help.length < 5 || example === '')
        .map(({ name }) => name),
    ).toEqual([]);
  });

  it('is handed by the launcher to each process that asks for it', () => {
    const all = Object.fromEntries(variables().map(({ name }) => [name, 'x']));
    const missing = (['api', 'worker', 'migrate', 'seed'] as const).flatMap((name) => {
      const given = environmentFor(name, all, all);
      return Object.keys(environments[name]?.shape ?? {})
        .filter((variable) => given[variable] === undefined)
        .map((variable) => `${name}: ${variable}`);
    });
    expect(missing).toEqual([]);
  });

  it('of the launcher is in its table (scripts/docs/launcher-env.ts) or its own affair', () => {
    const own = ['PATH', 'HOME', 'TERM', 'XDG_CACHE_HOME', 'HUB_LAUNCHER_OUTER', 'HUB_TEST_STACK'];
    const known = new Set([...variables().map(({ name }) => name), ...own]);
    const named = sourcesIn('scripts/bootstrap/').flatMap(({ text }) =>
      [...text.matchAll(/\benv\.([A-Z][A-Z0-9_]+)\b/g)].map(([, name = '']) => name),
    );
    expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('every package', () => {
  it.each(packages)('%s has a README of at most two screens', (folder) => {
    const file = join(folder, 'README.md');
    expect(tracked, `${file} is missing: purpose, door, one example, how to test`).toContain(file);
    expect(read(file).split('\n').length, `${file} is too long`).toBeLessThanOrEqual(120);
  });

  it.each(packages)('%s pins exact versions', (folder) => {
    const manifest = JSON.parse(read(`${folder}/package.json`)) as {
      dependencies?: Record<string, string>;
      devDependencies?: Record<string, string>;
    };
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^(\d|catalog:|workspace:)/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('is reached by its name and its exports, never by a path into it', () => {
    expect(intruders(sourcesIn('services/', 'activities/', 'workflows/', 'db/', 'web/'), packages)).toEqual([]);
    // The generators hold imports of what they write; proofs use the cases and kits of a package's own tests.
    const inTemplates = /^scripts\/new\/|\/(test|testing)\/|hostile/;
    expect(intruders(sourcesIn('scripts/'), packages).filter((one) => !inTemplates.test(one))).toEqual([]);
  });

  it('is type-checked', () => {
    const unchecked = packages.filter(
      (folder) => tracked.includes(`${folder}/tsconfig.json`) && !read(`${folder}/package.json`).includes('"typecheck"'),
    );
    expect(unchecked).toEqual([]);
  });
});

describe('doors that must stay light', () => {
  /** Where a workspace specifier leads, by the exports of its package. */
  const resolve = (specifier: string): string | null => {
    const [, name = '', door = ''] = /^(@hub\/[^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
    const folder = packages.find((one) => (JSON.parse(read(`${one}/package.json`)) as { name: string }).name === name);
    if (folder === undefined) return null;
    const { exports = {} } = JSON.parse(read(`${folder}/package.json`)) as { exports?: Record<string, string> };
    const target = exports[door === '' ? '.' : `./${door}`];
    return target === undefined ? null : join(folder, target);
  };
  const loaded = (door: string): string[] => [...loadedBy(door, read, resolve)].map(([specifier, file]) => `${specifier} (${file})`);

  it('the activities catalogue loads zod and parsers, no builtin and no SDK: API and browser read it', () => {
    expect(loaded('activities/src/catalogue.ts').filter((one) => /^(node:|undici|openai|@anthropic-ai|@temporalio|tinypool)/.test(one))).toEqual([]);
  });

  it('the contract loads zod only', () => {
    expect(loaded('services/contract/src/index.ts').filter((one) => !one.startsWith('zod '))).toEqual([]);
  });

  it('the workflow bundle loads @temporalio/workflow only', () => {
    expect(loaded('workflows/runtime/src/index.ts').filter((one) => !one.startsWith('@temporalio/workflow '))).toEqual([]);
  });
});

describe('workflow code', () => {
  it('has no module-level state that changes (04, rule 8)', () => {
    // A memo by identity of the plan: it holds nothing but what the plan says, and goes with it.
    const memos = ['workflows/dag/src/planner/plan-index.ts: known'];
    expect(mutableState(sourcesIn('workflows/runtime/src/', 'workflows/dag/src/planner/')).filter((one) => !memos.includes(one))).toEqual([]);
  });
});

describe('folders are the catalogue', () => {
  it('connectors', () => {
    const folders = entriesOf('activities/src/connectors').filter((name) => tracked.includes(`activities/src/connectors/${name}/manifest.ts`));
    expect(folders).toEqual(Object.keys(connectorManifests).toSorted());
  });

  it.each(Object.entries(connectorManifests))('actions of %s', (id, manifest) => {
    expect(manifest.id).toBe(id);
    expect(entriesOf(`activities/src/connectors/${id}/actions`)).toEqual(Object.keys(manifest.actions).toSorted());
    for (const [action, spec] of Object.entries(manifest.actions)) {
      expect(spec.id).toBe(action);
      expect(tracked, 'every action has a test').toContain(`activities/src/connectors/${id}/actions/${action}/run.test.ts`);
    }
  });

  it('node kinds: every file of kinds/ is registered', () => {
    const imported = importsOf(read('workflows/dag/src/kinds/index.ts')).map((from) => basename(from));
    const declaring = sourcesIn('workflows/dag/src/kinds/').filter(({ text }) => /^export const \w+: Kind = /m.test(text));
    expect(declaring.map(({ file }) => basename(file)).filter((name) => !imported.includes(name))).toEqual([]);
  });

  it('routes: every group of the contract and of the API is registered, and every route has one handler', () => {
    const groups = (folder: string): string[] => entriesOf(folder).filter((name) => name.endsWith('.ts') && name !== 'index.ts' && !isTest(name));
    for (const folder of ['services/contract/src/routes', 'services/api/src/routes']) {
      const imported = importsOf(read(`${folder}/index.ts`)).map((from) => basename(from));
      expect(
        groups(folder).filter((name) => name !== 'examples.ts' && !imported.includes(name)),
        folder,
      ).toEqual([]);
    }
    const handled = sourcesIn('services/api/src/').flatMap(({ text }) => [...text.matchAll(/\bhandle\(\s*\w+,\s*'(\w+)'/g)].map(([, id = '']) => id));
    expect(handled.toSorted()).toEqual(Object.keys(routes).toSorted());
  });

  it('pages: every file of web/app/pages is on the map, and the map leads to files that are there', () => {
    const map = [...read('web/app/routes.ts').matchAll(/'((?:pages|shell)\/[^']+)'/g)].map(([, file = '']) => `web/app/${file}`);
    // What a page is made of may lie beside it; what exports a default is a page.
    const pages = sourcesIn('web/app/pages/').filter(({ text }) =>
      /^export default function|^export (async )?(function|const) (loader|action)\b/m.test(text),
    );
    expect(pages.map(({ file }) => file).filter((file) => !map.includes(file))).toEqual([]);
    expect(map.filter((file) => !tracked.includes(file))).toEqual([]);
  });

  it('migrations are numbered without gaps', () => {
    const names = readdirSync(join(root, 'db/migrations'))
      .filter((name) => name.endsWith('.sql'))
      .toSorted();
    expect(names.map((name) => name.slice(0, 4))).toEqual(names.map((_, n) => String(n + 1).padStart(4, '0')));
  });

  it.each(['scripts/proof', 'scripts/bench'])('%s: every entry of the list is there, every file is on the list', (folder) => {
    const listed = [...read(`${folder}/main.ts`).matchAll(/import\('\.\/([^']+)'\)/g)].map(([, file = '']) => file);
    const there = entriesOf(folder).filter((name) => name.endsWith('.ts') && !isTest(name));
    expect(
      listed.filter((file) => !there.includes(file)),
      'listed, not there',
    ).toEqual([]);
    const used = new Set(
      sourcesIn(`${folder}/`).flatMap(({ file, text }) =>
        importsOf(text)
          .filter((from) => from.startsWith('.'))
          .map((from) => join(dirname(file), from)),
      ),
    );
    expect(
      there.filter((file) => file !== 'main.ts' && !used.has(join(folder, file))),
      'there, not listed',
    ).toEqual([]);
  });
});

/** Names of entries whose help or example is missing or empty. */
const without = (entries: [string, { help?: string; example?: unknown }][]): string[] =>
  entries.filter(([, { help, example }]) => !help || help.length < 8 || example === undefined || example === '').map(([name]) => name);

describe('help and an example', () => {
  it('stand at every node kind and trigger', () => {
    expect(without([...nodeKinds, ...triggerTypes].map((one) => [one.type, one]))).toEqual([]);
  });

  it('stand at every action and connector, and the example fits the action', () => {
    const manifests = Object.values(connectorManifests);
    expect(manifests.filter(({ title, help }: { title: string; help: string }) => title === '' || help.length < 8).map(({ id }) => id)).toEqual([]);
    const actions = manifests.flatMap(({ id, actions }) => Object.values(actions).map((action) => [`${id}.${action.id}`, action] as const));
    expect(without(actions.map(([name, action]) => [name, action]))).toEqual([]);
    // As at publish: a value may be a template.
    expect(actions.filter(([, action]) => checkDraftParams(action as ActionSpec, action.example.params).length > 0).map(([name]) => name)).toEqual(
      [],
    );
  });

  it('help stands at every param of an action', () => {
    const silent = Object.values(connectorManifests).flatMap(({ id, actions }) =>
      Object.values(actions).flatMap(({ id: action, params }) => {
        const { properties = {} } = z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }) as {
          properties?: Record<string, { description?: string }>;
        };
        return Object.entries(properties)
          .filter(([, { description }]) => !description)
          .map(([name]) => `${id}.${action}: ${name}`);
      }),
    );
    expect(silent).toEqual([]);
  });

  it('stand at every model', () => {
    expect(modelCatalogue.length).toBeGreaterThan(0);
    expect(
      modelCatalogue.filter(({ title, help, example }) => title === '' || help.length < 8 || example.messages.length === 0).map(({ id }) => id),
    ).toEqual([]);
  });

  it('stand at every error code', () => {
    expect(Object.values(errorCatalogues).flatMap((codes) => without(Object.entries(codes)))).toEqual([]);
  });

  it('stand at every route and permission', () => {
    const shown = Object.entries(routes).map(
      ([name, { help, example, summary }]) =>
        [name, { help: summary.length > 3 ? help : '', example }] as [string, { help: string; example: unknown }],
    );
    expect(without(shown)).toEqual([]);
    expect(Object.entries(permissions).filter(([, help]) => help.length < 8)).toEqual([]);
  });
});

describe('error codes', () => {
  const given = sourcesIn('services/', 'activities/', 'workflows/', 'db/').filter(
    ({ file }) => !/^services\/contract\/|error-codes\.ts$|\/hostile-/.test(file),
  );
  const known = new Set([
    ...Object.keys(permissions),
    'run.queued',
    'run.started',
    'run.settled',
    'run.failed',
    'step.completed',
    'credential.ended',
    'credential.ends-soon',
  ]);
  const catalogue = new Set(Object.values(errorCatalogues).flatMap((codes) => Object.keys(codes)));

  it('that the sources give are in a catalogue (error-codes.ts of the package)', () => {
    const missing = new Map(
      findCodes(given, known)
        .filter(({ code }) => !catalogue.has(code))
        .map(({ code, file }) => [code, file]),
    );
    expect(Object.fromEntries(missing)).toEqual({});
  });

  it('made from parts are in a catalogue, each or as `prefix.<part>`', () => {
    expect(unenumerated(given, catalogue)).toEqual([]);
  });

  it('of the catalogues are given somewhere', () => {
    const texts = [
      ...given.map(({ text }) => text),
      ...sourcesIn('services/contract/')
        .filter(({ file }) => !file.endsWith('error-codes.ts'))
        .map(({ text }) => text),
      ...tracked.filter((file) => file.startsWith('db/migrations/')).map(read),
    ];
    const found = new Set(findCodes(given, new Set()).map(({ code }) => code));
    const dead = [...catalogue].filter((code) => {
      if (found.has(code) || /<|xx$|^internal$/.test(code)) return false;
      const head = code.slice(0, code.indexOf('.') + 1);
      const tail = code.slice(head.length);
      const whole = texts.some((text) => text.includes(`'${code}'`));
      return !whole && !(texts.some((text) => text.includes(`\`${head}\${`)) && texts.some((text) => text.includes(`'${tail}'`)));
    });
    expect(dead).toEqual([]);
  });

  it('of the activities are all their own', () => {
    expect(Object.keys(activityCodes).length).toBeGreaterThan(0);
  });
});

describe('docs', () => {
  it.each(Object.entries(generated()))('%s is what the code says (else: node scripts/docs/main.ts)', (file, text) => {
    expect(tracked).toContain(file);
    expect(read(file) === text, `${file} is stale: run node scripts/docs/main.ts`).toBe(true);
  });

  it('are led to from the root README, which names the two commands', () => {
    expect(tracked).toContain('README.md');
    for (const text of ['npm start', 'npm test', 'docs/reference.md']) expect(read('README.md')).toContain(text);
  });
});

describe('decision notes', () => {
  it('are numbered without gaps, with a heading that says the decision', () => {
    const notes = readdirSync(join(root, 'infra/decisions'))
      .filter((name) => name.endsWith('.md') && name !== 'README.md')
      .toSorted();
    expect(notes.map((name) => name.slice(0, 3))).toEqual(notes.map((_, n) => String(n + 1).padStart(3, '0')));
    expect(notes.filter((name) => !read(`infra/decisions/${name}`).startsWith(`# ${name.slice(0, 3)} `))).toEqual([]);
  });
});
