/**
 * Freezes today's engine at a release that changes it: `node scripts/release/freeze-engine.ts`.
 * Writes the planner and the loop of @hub/runtime as one module to workflows/runtime/engines, names it in the registry there, and counts `engineVersion`
 * up. The recipe stands in workflows/runtime/README.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { engineVersion } from '@hub/dag/planner';
import { rolldown } from 'rolldown';

const workflows = fileURLToPath(new URL('../../workflows', import.meta.url));
const folder = join(workflows, 'runtime/engines');
const versionFile = join(workflows, 'dag/src/planner/engine.ts');

/** The engine as one module that needs `@temporalio/workflow` only; `alias` stands in for modules, as a bundler's alias does. */
export async function frozenEngine(alias: Record<string, string> = {}): Promise<string> {
  const build = await rolldown({
    input: join(workflows, 'runtime/src/run-loop.ts'),
    external: ['@temporalio/workflow'],
    resolve: { alias },
    logLevel: 'silent',
  });
  const { output } = await build.generate({ format: 'esm', comments: false });
  await build.close();
  return output[0].code;
}

/** The registry's text for these frozen versions. */
export function registry(versions: readonly number[]): string {
  const imports = versions.map((version) => `import { RunLoop as engine${version} } from './engine-${version}.js';\n`).join('');
  const entries = versions.map((version) => `${version}: engine${version}`).join(', ');
  return `/** Engines of earlier releases by version, for runs that began under them. Written by \`node scripts/release/freeze-engine.ts\`. */
import type { EngineClass } from '../src/types.ts';
${imports}
export const frozenEngines: Readonly<Record<number, EngineClass>> = {${entries === '' ? '' : ` ${entries} `}};
`;
}

const types = `import type { EngineClass } from '../src/types.ts';

export declare const RunLoop: EngineClass;
`;

async function freeze(): Promise<void> {
  const { frozenEngines } = await import(pathToFileURL(join(folder, 'index.ts')).href);
  const versions = [...Object.keys(frozenEngines as object).map(Number), engineVersion].sort((a, b) => a - b);
  writeFileSync(join(folder, `engine-${engineVersion}.js`), await frozenEngine());
  writeFileSync(join(folder, `engine-${engineVersion}.d.ts`), types);
  writeFileSync(join(folder, 'index.ts'), registry(versions));
  const next = readFileSync(versionFile, 'utf8').replace(/engineVersion = \d+/, `engineVersion = ${engineVersion + 1}`);
  writeFileSync(versionFile, next);
  console.log(`Engine ${engineVersion} is frozen; today's is ${engineVersion + 1}. Record histories of the new one: node scripts/record/main.ts`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await freeze();
