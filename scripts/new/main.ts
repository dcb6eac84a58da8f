/** `pnpm new connector|node|route|page <name>`: one more folder and its registration line, in the style of its neighbours. `--dry-run` only says what it would do. */
import { run } from './cli.ts';
import { Refusal } from './plan.ts';

try {
  console.log(run(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof Refusal) && !(error instanceof TypeError && 'code' in error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
