/** The walls bite: each rule of the tools is broken on purpose, in a small tree of its own, and must turn red at the very place. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCodes, unenumerated } from './house/codes.ts';
import { importsOf, intruders, loadedBy } from './house/imports.ts';
import { mutableState } from './house/mutable-state.ts';
import { type PlantedTree, plantTree, root } from './house/planted.ts';

interface Cruised {
  summary: { violations: { rule: { name: string }; from: string }[] };
}

const rules = (createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as { forbidden: { name: string }[] }).forbidden.map(
  ({ name }) => name,
);

/** One break per import rule. */
const importBreaks: Record<string, [file: string, text: string]> = {
  'no-cycle': ['db/write/a.ts', "import { b } from './b.ts';\nexport const a = (): unknown => b;\n"],
  resolved: ['activities/src/lost.ts', "export { lost } from '@hub/not-listed';\n"],
  'no-tests': ['services/api/src/uses-kit.ts', "export { kit } from './testing/kit.ts';\n"],
  'planner-alone': ['workflows/dag/src/planner/outside.ts', "export { x } from '../faults.ts';\n"],
  'planner-no-packages': ['workflows/dag/src/planner/zod.ts', "export { z } from 'zod';\n"],
  'dag-alone': ['workflows/dag/src/uses-kit.ts', "export { x } from '@hub/kit/errors';\n"],
  'dag-packages': ['workflows/dag/src/uses-ajv.ts', "export { Ajv } from 'ajv';\n"],
  'dag-no-core': ['workflows/dag/src/uses-node.ts', "export { readFileSync } from 'node:fs';\n"],
  'runtime-planner': ['workflows/runtime/src/uses-dag.ts', "export { x } from '@hub/dag';\n"],
  'runtime-packages': ['workflows/runtime/src/uses-client.ts', "export { Client } from '@temporalio/client';\n"],
  'runtime-no-core': ['workflows/runtime/src/uses-node.ts', "export { createHash } from 'node:crypto';\n"],
  kit: ['services/kit/src/uses-db.ts', "export { x } from '@hub/db';\n"],
  'errors-pure': ['services/kit/src/errors.ts', "export { inspect as x } from 'node:util';\n"],
  contract: ['services/contract/src/uses-kit.ts', "export { x } from '@hub/kit/errors';\n"],
  'contract-packages': ['services/contract/src/uses-ajv.ts', "export { Ajv } from 'ajv';\n"],
  'contract-no-core': ['services/contract/src/uses-node.ts', "export { Buffer } from 'node:buffer';\n"],
  activities: ['activities/src/uses-db.ts', "import { x } from '@hub/db';\nexport const planted = x;\n"],
  db: ['db/uses-activities.ts', "export { x } from '@hub/activities';\n"],
  api: ['services/api/src/uses-worker.ts', "export { x } from '@hub/worker';\n"],
  worker: ['services/worker/src/uses-api.ts', "export { x } from '@hub/api';\n"],
  web: ['web/app/uses-api.tsx', "export { x } from '@hub/api';\n"],
  'web-db-on-server': ['web/app/uses-db.tsx', "export { x } from '@hub/db/read';\n"],
  outbound: [
    'activities/src/connectors/shop/run.ts',
    "import { request } from 'node:https';\nimport { fetch } from 'undici';\nexport const calls = { request, fetch };\n",
  ],
  'vendor-sdks': ['activities/src/steps/asks.ts', "export { OpenAI } from 'openai';\n"],
};

/** Where the planted packages lie, and their door. */
const doors: Record<string, [folder: string, exports: Record<string, string>]> = {
  dag: ['workflows/dag', { '.': './src/index.ts', './planner': './src/planner/index.ts' }],
  kit: ['services/kit', { './errors': './src/errors.ts' }],
  db: ['db', { '.': './index.ts', './read': './read/index.ts' }],
  activities: ['activities', { '.': './src/index.ts' }],
  api: ['services/api', { '.': './src/index.ts' }],
  worker: ['services/worker', { '.': './src/index.ts' }],
};

function plantImports(tree: PlantedTree): void {
  tree.copy('.dependency-cruiser.cjs');
  for (const [name, [folder, exports]] of Object.entries(doors)) {
    tree.put(`${folder}/package.json`, JSON.stringify({ name: `@hub/${name}`, type: 'module', exports }));
    for (const target of Object.values(exports)) tree.put(join(folder, target), 'export const x = 1;\n');
    tree.link(join(tree.dir, folder), `node_modules/@hub/${name}`);
  }
  for (const name of ['zod', 'ajv', 'undici', 'openai', '@temporalio/client', '@temporalio/workflow']) {
    tree.put(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'dist/index.js' }));
    tree.put(`node_modules/${name}/dist/index.js`, 'export const x = 1;\n');
  }
  tree.put('workflows/dag/src/faults.ts', 'export const x = 1;\n');
  tree.put('db/write/b.ts', "import { a } from './a.ts';\nexport const b = (): unknown => a;\n");
  tree.put('services/api/src/testing/kit.ts', 'export const kit = 1;\n');
  for (const [file, text] of Object.values(importBreaks)) tree.put(file, text);
}

describe('import rules', () => {
  let tree: PlantedTree;
  let found: Set<string>;
  beforeAll(() => {
    tree = plantTree('imports');
    plantImports(tree);
    tree.put(
      'activities/src/fine.ts',
      "import type { Socket } from 'node:net';\nimport { z } from 'zod';\nimport { x } from '@hub/kit/errors';\nexport type Fine = [Socket, typeof z, typeof x];\n",
    );
    const { stdout, output } = tree.run('depcruise', [
      '--output-type',
      'json',
      '--config',
      '.dependency-cruiser.cjs',
      'services',
      'activities',
      'workflows',
      'web',
      'db',
    ]);
    expect(output).toContain('"violations"');
    found = new Set((JSON.parse(stdout) as Cruised).summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`));
  });
  afterAll(() => tree.remove());

  it('have a planted break each', () => {
    expect(Object.keys(importBreaks).sort()).toEqual([...rules].sort());
  });

  it.each(Object.entries(importBreaks))('%s', (rule, [file]) => {
    expect([...found]).toContain(`${rule}: ${file}`);
  });

  it('leave alone what is allowed, types included', () => {
    expect([...found].filter((one) => one.endsWith('fine.ts'))).toEqual([]);
  });

  it('are read with a TypeScript that dependency-cruiser understands (with 7 alone it passes real cycles, 08)', () => {
    const { output } = tree.run('depcruise', ['--info']);
    expect(output).toMatch(/✔ typescript\s+\S+ <7\.0\.0\s+typescript@6\./);
  });
});

/** One break per lint rule that matters most: [rule as oxlint names it, file, text]. */
const lintBreaks: [rule: string, file: string, text: string][] = [
  [
    'typescript(no-floating-promises)',
    'services/api/src/floating.ts',
    'async function save(): Promise<void> {}\nexport function close(): void {\n  save();\n}\n',
  ],
  [
    'typescript(no-misused-promises)',
    'services/api/src/misused.ts',
    'export function all(list: number[]): void {\n  list.forEach(async (n) => {\n    await Promise.resolve(n);\n  });\n}\n',
  ],
  ['typescript(no-explicit-any)', 'services/api/src/any.ts', 'export const anything = (value: any): string => String(value);\n'],
  ['typescript(no-non-null-assertion)', 'services/api/src/bang.ts', 'export const first = (list: string[]): string => list[0]!;\n'],
  [
    'typescript(switch-exhaustiveness-check)',
    'services/api/src/switch.ts',
    "export function word(one: 'a' | 'b'): number {\n  switch (one) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n",
  ],
  [
    'typescript(consistent-type-imports)',
    'services/api/src/types-as-values.ts',
    "import { Stats } from 'node:fs';\nexport const size = (stats: Stats): number => stats.size;\n",
  ],
  ['unicorn(filename-case)', 'services/api/src/BadName.ts', 'export const x = 1;\n'],
  ['import(no-default-export)', 'services/api/src/default.ts', 'export default 1;\n'],
  ['eslint(no-eval)', 'services/api/src/evil.ts', "export const evil: unknown = eval('1');\n"],
  ['eslint(no-new-func)', 'services/api/src/func.ts', "export const made = new Function('return 1');\n"],
  ['eslint(no-restricted-imports)', 'services/api/src/spawns.ts', "export { spawn } from 'node:child_process';\n"],
  [
    'eslint(no-restricted-globals)',
    'services/api/src/calls.ts',
    "export const call = async (): Promise<number> => (await fetch('https://example.com')).status;\n",
  ],
  [
    'eslint(no-restricted-properties)',
    'services/api/src/calls-by-name.ts',
    "export const call = async (): Promise<number> => (await globalThis.fetch('https://example.com')).status;\n",
  ],
  ['eslint(no-restricted-globals)', 'workflows/dag/src/planner/clock.ts', 'export const now = (): number => Date.now();\n'],
  ['eslint(no-restricted-properties)', 'workflows/dag/src/planner/chance.ts', 'export const dice = (): number => Math.random();\n'],
  ['eslint(no-restricted-globals)', 'workflows/runtime/src/reads-env.ts', "export const key = (): string | undefined => process.env['KEY'];\n"],
  ['eslint(max-lines)', 'services/api/src/long.ts', `${Array.from({ length: 401 }, (_, n) => `export const n${n} = ${n};`).join('\n')}\n`],
  [
    'eslint(max-lines-per-function)',
    'services/api/src/long-function.ts',
    `export function long(): number {\n  let n = 0;\n${'  n += 1;\n'.repeat(80)}  return n;\n}\n`,
  ],
];

describe('lint', () => {
  let tree: PlantedTree;
  let found: Set<string>;
  beforeAll(() => {
    tree = plantTree('lint');
    tree.copy('.oxlintrc.json', 'infra/config/tsconfig.base.json');
    tree.link(join(root, 'node_modules/@types'), 'node_modules/@types');
    tree.put('tsconfig.json', '{ "extends": "./infra/config/tsconfig.base.json", "include": ["."] }');
    tree.put('services/api/src/fine.ts', 'export const fine = async (): Promise<number> => await Promise.resolve(1);\n');
    for (const [, file, text] of lintBreaks) tree.put(file, text);
    const { stdout, output } = tree.run('oxlint', ['--deny-warnings', '--format', 'json']);
    expect(output).toContain('"diagnostics"');
    found = new Set(
      (JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] }).diagnostics.map(({ code, filename }) => `${code}: ${filename}`),
    );
  });
  afterAll(() => tree.remove());

  it.each(lintBreaks)('%s in %s', (rule, file) => {
    expect([...found]).toContain(`${rule}: ${file}`);
  });

  it('leaves alone what is allowed', () => {
    expect([...found].filter((one) => one.endsWith('/fine.ts'))).toEqual([]);
  });
});

describe('types', () => {
  it('turn red for what Node cannot strip, a lost case and a possibly missing element', () => {
    const tree = plantTree('types');
    try {
      tree.copy('infra/config/tsconfig.base.json');
      tree.link(join(root, 'node_modules/@types'), 'node_modules/@types');
      tree.put('tsconfig.json', '{ "extends": "./infra/config/tsconfig.base.json", "include": ["."] }');
      tree.put('enum.ts', 'export enum State {\n  On,\n}\n');
      tree.put('property.ts', 'export class Box {\n  constructor(public readonly size: number) {}\n}\n');
      tree.put('twin.ts', "export const twins: Record<'a' | 'b', number> = { a: 1 };\n");
      tree.put('element.ts', 'export const first = (list: string[]): string => list[0];\n');
      tree.put('fine.ts', 'export const fine = 1;\n');
      const { output } = tree.run('tsc', ['-p', '.']);
      for (const file of ['enum.ts', 'property.ts', 'twin.ts', 'element.ts']) expect(output).toContain(`${file}(`);
      expect(output).not.toContain('fine.ts');
    } finally {
      tree.remove();
    }
  });
});

describe('format', () => {
  it('turns red for a file that is not formatted', () => {
    const tree = plantTree('format');
    try {
      tree.copy('biome.json', '.gitignore');
      tree.put('.git/HEAD', 'ref: refs/heads/main\n');
      tree.put('services/api/src/fine.ts', "export const fine = 'fine';\n");
      expect(tree.run('biome', ['format', '.']).output).not.toContain('fine.ts format');
      expect(tree.run('biome', ['format', '.']).code).toBe(0);
      tree.put('services/api/src/odd.ts', 'export const odd = "odd"\n');
      expect(tree.run('biome', ['format', '.']).code).not.toBe(0);
    } finally {
      tree.remove();
    }
  });
});

describe('dead code', () => {
  it('turns red for a file, an export and a dependency that nobody uses', () => {
    const tree = plantTree('dead');
    try {
      tree.copy('knip.json');
      tree.put('package.json', '{ "name": "planted", "private": true, "type": "module", "workspaces": ["db"] }');
      tree.put(
        'db/package.json',
        JSON.stringify({ name: '@hub/db', type: 'module', exports: { '.': './index.ts' }, dependencies: { uuid: '14.0.3' } }),
      );
      tree.put('db/index.ts', "export { used } from './used.ts';\n");
      tree.put('db/used.ts', 'export const used = 1;\nexport const unused = 2;\n');
      tree.put('db/left-behind.ts', 'export const left = 1;\n');
      const { code, stdout } = tree.run('knip', ['--no-progress', '--reporter', 'compact']);
      expect(code).not.toBe(0);
      expect(stdout).toContain('db/left-behind.ts');
      expect(stdout).toMatch(/db\/used\.ts.*unused/);
      expect(stdout).toMatch(/db\/package\.json.*uuid/);
    } finally {
      tree.remove();
    }
  });
});

describe('house rules', () => {
  it('see an error code that no catalogue has, and nothing else that is dotted', () => {
    const text = [
      "// 'in.a-comment'",
      "throw new UserError('shop.closed', 'The shop is closed.');",
      "const found = { code: 'shop.sold-out', message: 'See report.csv at api.example.com.' };",
      "throw notFound('basket');",
      "await audit(request, 'basket.create', id);",
      "may('shop.read');",
      "import x from 'ipaddr.js';",
    ].join('\n');
    expect(findCodes([{ file: 'x.ts', text }], new Set(['shop.read'])).map(({ code }) => code)).toEqual([
      'shop.closed',
      'shop.sold-out',
      'basket.not-found',
    ]);
  });

  it('see a code made from parts that nobody listed', () => {
    const files = [{ file: 'x.ts', text: 'throw new UserError(`shop.${reason}`, why);\nconst code = `http.status-${status}`;\n' }];
    expect(unenumerated(files, new Set(['http.status-<status>']))).toEqual(['x.ts: shop.…']);
    expect(unenumerated(files, new Set(['http.status-<status>', 'shop.closed', 'shop.sold-out']))).toEqual([]);
  });

  it('see an import that goes into another package by its path', () => {
    const packages = ['services/api', 'services/kit', 'db'];
    const files = [
      { file: 'services/api/src/a.ts', text: "import { x } from '../../kit/src/errors.ts';\nimport { y } from './b.ts';\n" },
      { file: 'db/read/a.ts', text: "export { y } from '../database.ts';\nconst z = await import('../../services/kit/src/env.ts');\n" },
    ];
    expect(intruders(files, packages)).toEqual(['services/api/src/a.ts -> ../../kit/src/errors.ts', 'db/read/a.ts -> ../../services/kit/src/env.ts']);
  });

  it('see what a door loads, through values and not through types', () => {
    const files: Record<string, string> = {
      'a/door.ts': "import type { Big } from './big.ts';\nexport { small } from './small.ts';\n",
      'a/small.ts': "import { z } from 'zod';\nimport { x } from '@hub/b';\nexport const small = [z, x];\n",
      'a/big.ts': "import 'openai';\n",
      'b/door.ts': "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    };
    const loaded = loadedBy(
      'a/door.ts',
      (file) => files[file] ?? '',
      (specifier) => (specifier === '@hub/b' ? 'b/door.ts' : null),
    );
    expect([...loaded]).toEqual([
      ['zod', 'a/small.ts'],
      ['node:fs', 'b/door.ts'],
    ]);
  });

  it('read imports over several lines, and not those in texts', () => {
    const text =
      "import {\n  a,\n  type B,\n} from './a.ts';\nimport type {\n  C,\n} from './c.ts';\nimport './d.ts';\nconst text = \"import x from './e.ts'\";\n";
    expect(importsOf(text)).toEqual(['./a.ts', './c.ts', './d.ts']);
    expect(importsOf(text, 'values')).toEqual(['./a.ts', './d.ts']);
  });

  it('see state of a module that can change', () => {
    const text = [
      'let a = 1;',
      'const b = new Map<string, number>();',
      'export const c: string[] = [];',
      'const d = [',
      '  1,',
      '] as const;',
      "const e: ReadonlySet<string> = new Set(['x']);",
      'function f() {',
      '  let g = 1;',
      '}',
    ].join('\n');
    expect(mutableState([{ file: 'x.ts', text }])).toEqual(['x.ts: a', 'x.ts: b', 'x.ts: c']);
  });
});
