// npm run reset: an installation as if it had never been started. Packages, tools and the Temporal binary stay.
import { existsSync, rmSync } from 'node:fs';
import { LauncherError } from './errors.mjs';
import { liveProcesses, stopProcess } from './process-table.mjs';
import { movedFolder } from './postgres-place.mjs';
import { removeOutside } from './servers.mjs';
import { runningInstance, statePaths } from './state.mjs';

/**
 * @param {import('./stages.mjs').Stages} stages
 * @returns {Promise<number>}
 */
export async function reset(stages) {
  const paths = statePaths();
  const other = runningInstance(paths);
  if (other) throw new LauncherError(`The hub runs (process ${other.pid}).`, 'Stop it first with Ctrl-C in its terminal, or: kill ' + other.pid);
  if (!existsSync(paths.data) && !existsSync(movedFolder(paths.postgres))) {
    stages.say(`${paths.data} is empty already.`);
    return 0;
  }
  await stages.run('reset', async ({ note }) => {
    const left = liveProcesses(paths.run);
    for (const found of left) await stopProcess(found, { signal: found.name === 'postgres' ? 'SIGINT' : 'SIGTERM', graceMs: 10_000 });
    await removeOutside(paths);
    rmSync(paths.data, { recursive: true, force: true, maxRetries: 5 });
    note(`${left.length > 0 ? `stopped ${left.map((found) => found.name).join(', ')}; ` : ''}emptied ${paths.data}`);
  });
  return 0;
}
