// Registration list of the commands; loaded under the right Node.
import { example, look, rebuild, runScript } from './scripts.mjs';
import { reset } from './reset.mjs';
import { start } from './start.mjs';
import { test } from './test.mjs';

/** @typedef {'start' | 'test' | 'example' | 'reset' | 'proof' | 'bench' | 'look' | 'rebuild'} Command */

/** @type {Record<Command, (stages: import('./stages.mjs').Stages, args: string[]) => Promise<number>>} */
export const commands = {
  start,
  test,
  example,
  reset,
  proof: (stages, args) => runScript(stages, 'scripts/proof/main.ts', args),
  bench: (stages, args) => runScript(stages, 'scripts/bench/main.ts', args),
  look,
  rebuild,
};
