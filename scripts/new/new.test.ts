/** The generators are tried for real: into a copy of the repository, which must then pass types, lint, format, the house test and the generated tests. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlantedTree } from '../house/planted.ts';
import { root } from '../house/planted.ts';
import { run } from './cli.ts';
import { addEntry, addImport } from './edit.ts';
import { Refusal, namesOf } from './plan.ts';
import { copyRepository } from './testing/copy.ts';

/** For what runs a compiler or test runner, on a machine that does other things too. */
const timeout = 180_000;
let copy: PlantedTree;
beforeAll(() => {
  copy = copyRepository('new');
});
afterAll(() => copy.remove());

/** As main.ts does it, in this process. */
function make(...args: string[]): { made: boolean; output: string } {
  try {
    return { made: true, output: run([...args, '--root', copy.dir]) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { made: false, output: error.message };
  }
}
const text = (file: string): string => readFileSync(join(copy.dir, file), 'utf8');

describe('a generator', () => {
  it.each([
    ['connector', 'Price List', 'is no name'],
    ['connector', '../escape', 'is no name'],
    ['connector', 'http', 'exists already'],
    ['node', 'merge', 'exists already'],
    ['node', 'loop_', 'is no name'],
    ['node', 'evaluate', 'already'],
    ['node', 'default', 'has a meaning of its own'],
    ['route', 'variables', 'exists already'],
    ['route', 'reports --access root', 'is no name'],
    ['page', 'files', 'exists already'],
    ['page', 'sign-in', 'has a place'],
    ['table', 'reports', 'There is no generator'],
    ['page', '', 'Give one name'],
  ])('refuses %s "%s" and writes nothing', (what, name, why) => {
    const { made, output } = make(what, name);
    expect(output).toContain(why);
    expect(made).toBe(false);
    expect(existsSync(join(copy.dir, `web/app/pages/${name}.test.ts`))).toBe(false);
  });

  it('says no as a program does: in words, with exit code 1', () => {
    const done = spawnSync(process.execPath, [join(root, 'scripts/new/main.ts'), 'page', 'files', '--root', copy.dir], { encoding: 'utf8' });
    expect(done.stderr).toBe('web/app/pages/files.tsx exists already: choose another name.\n');
    expect(done.status).toBe(1);
  });

  it('says with --dry-run what it would do, and does nothing', () => {
    const before = text('web/app/routes.ts');
    const { made, output } = make('page', 'dry', '--dry-run');
    expect(made).toBe(true);
    expect(output).toContain('+ web/app/pages/dry.tsx');
    expect(existsSync(join(copy.dir, 'web/app/pages/dry.tsx'))).toBe(false);
    expect(text('web/app/routes.ts')).toBe(before);
  });
});

describe('what is generated', () => {
  const steps = [
    {
      args: ['connector', 'price-list', '--action', 'read-prices'],
      file: 'activities/src/connectors/catalogue.ts',
      registered: "'price-list': priceListManifest,",
    },
    { args: ['node', 'round-up'], file: 'workflows/dag/src/kinds/index.ts', registered: 'round_up: roundUpKind,' },
    { args: ['route', 'price-lists', '--access', 'workflow.read'], file: 'services/api/src/routes/index.ts', registered: 'priceListsRoutes,' },
    { args: ['page', 'price-lists'], file: 'web/app/routes.ts', registered: "route('price-lists', 'pages/price-lists.tsx')," },
  ];
  it.each(steps)('$args is registered once', ({ args, file, registered }) => {
    const { made, output } = make(...args);
    expect(output).toMatch(/Next:\n {2}1\. /);
    expect(made).toBe(true);
    expect(text(file).split(registered).length - 1).toBe(1);
    expect(make(...args).made, 'a second time is refused').toBe(false);
  });

  it('says who may call a new route', () => {
    expect(text('services/api/authz-table.md')).toContain(
      '| listPriceLists | GET /api/v1/price-lists | no | yes | yes | yes | yes | yes | by scope |',
    );
  });

  // With the API's sources those of contract, dag and db are checked too; its types alone (better-auth's) are 13 s of a core.
  it.each(['activities', 'services/api'])('%s still compiles', { timeout }, (folder) => {
    const { code, output } = copy.run('tsc', ['-p', folder]);
    expect(output).toBe('');
    expect(code).toBe(0);
  });

  it('web still compiles', { timeout }, () => {
    const typegen = spawnSync(join(root, 'web/node_modules/.bin/react-router'), ['typegen'], { cwd: join(copy.dir, 'web'), encoding: 'utf8' });
    expect(typegen.status, typegen.stderr).toBe(0);
    expect(copy.run('tsc', ['-p', 'web']).output).toBe('');
  });

  it('passes its own tests and those of the catalogues', { timeout }, () => {
    const files = [
      'activities/src/connectors/price-list',
      'activities/src/steps/round-up',
      'web/app/pages/price-lists.test.ts',
      'services/contract/src/routes.test.ts',
    ];
    const { code, output } = copy.run('vitest', ['run', '--project', 'unit', ...files]);
    expect(output).toMatch(/Test Files\S* .*4 passed/);
    expect(code, output).toBe(0);
  });

  it('passes lint, format, import rules and the house test', { timeout }, () => {
    spawnSync('git', ['init', '-q'], { cwd: copy.dir });
    const made = [
      'activities/src/connectors/price-list',
      'activities/src/steps/round-up',
      'workflows/dag/src/kinds/round-up.ts',
      'services/contract/src/routes/price-lists.ts',
      'web/app/pages/price-lists.tsx',
    ];
    expect(copy.run('oxlint', ['--deny-warnings', ...made]).output).toContain('Found 0 warnings and 0 errors');
    const format = copy.run('biome', [
      'format',
      ...made,
      'services/api/src/routes/price-lists.ts',
      'services/api/src/routes/index.ts',
      'workflows/dag/src/kinds/index.ts',
    ]);
    expect(format.code, format.output).toBe(0);
    const imports = copy.run('depcruise', [
      '--output-type',
      'err',
      '--config',
      '.dependency-cruiser.cjs',
      'services',
      'activities',
      'workflows',
      'web',
    ]);
    expect(imports.output).not.toMatch(/price-list|round-up/);
    const house = copy.run('vitest', [
      'run',
      '--project',
      'unit',
      'scripts/house.test.ts',
      '-t',
      'folders are the catalogue (connectors|actions|node kinds|routes|pages)|help and an example',
    ]);
    expect(house.code, house.output).toBe(0);
  });
});

describe('edits', () => {
  it('put an import in order and an entry last', () => {
    const before = "import { z } from 'zod';\nimport { a } from './a.ts';\nimport { c } from './c.ts';\n\nexport const all = { a, c };\n";
    expect(addEntry(addImport(before, "import { b } from './b.ts';"), 'all = {', 'b')).toBe(
      "import { z } from 'zod';\nimport { a } from './a.ts';\nimport { b } from './b.ts';\nimport { c } from './c.ts';\n\nexport const all = { a, c, b };\n",
    );
  });

  it('refuse where the place is not found', () => {
    expect(() => addEntry('nothing', 'all = {', 'b')).toThrow(/was not found/);
    expect(() => addImport('nothing', "import { b } from './b.ts';")).toThrow(/No import/);
  });

  it('know every casing', () => {
    expect(namesOf('price-list')).toEqual({ kebab: 'price-list', snake: 'price_list', camel: 'priceList', pascal: 'PriceList', title: 'Price list' });
  });
});
