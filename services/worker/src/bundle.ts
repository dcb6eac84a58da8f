/** Builds the workflow bundle once: `node services/worker/src/bundle.ts <out.js>`. The sandbox must hold the interpreter and nothing else. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

/** Entry of the sandbox code. */
export const workflowsPath = fileURLToPath(import.meta.resolve('@hub/runtime'));

/** How failures leave the sandbox. */
const failureConverterPath = fileURLToPath(import.meta.resolve('@hub/runtime/failure-converter'));

/** Bundles the workflow code. Throws where it does not compile or reaches for what the sandbox forbids. */
export async function buildBundle(): Promise<{ code: string }> {
  return bundleWorkflowCode({ workflowsPath, failureConverterPath, logger: quiet });
}

const say = (): void => undefined;
const quiet = { log: say, trace: say, debug: say, info: say, warn: console.warn, error: console.error };

async function main(out: string): Promise<void> {
  const { code } = await buildBundle();
  const target = resolve(out);
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}`;
  await writeFile(temporary, code);
  await rename(temporary, target);
  console.log(`workflow bundle: ${Math.round(code.length / 1024)} kB`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const out = process.argv[2];
  if (out === undefined) throw new Error('usage: node services/worker/src/bundle.ts <out.js>');
  await main(out);
}
