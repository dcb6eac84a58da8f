// Which command was typed. Nothing here needs more than Node 20: the rest is loaded under the right Node only.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { printError } from './errors.mjs';
import { toolsDir } from './paths.mjs';
import { Stages } from './stages.mjs';
import { ensureToolchain, isNewEnough, runAgain, toolEnvironment } from './toolchain.mjs';
import { watchParent } from './stop-request.mjs';

const usage = `npm start                 everything, up and running (-- --json for a script)
npm test                  everything that checks this project
npm run example           the shipped example once more, on the running hub
npm run reset             empties the state folder
npm run proof -- --list   the proofs, npm run bench -- --list   the measurements
npm run rebuild -- <id>   a run's rows anew from its Temporal history, on the running hub
npm run look              every page as a picture, and a contact sheet (-- <part of a name>)`;

/**
 * @param {string[]} args
 */
export async function main(args) {
  const [command = '', ...rest] = args;
  const json = rest.includes('--json');
  const stages = new Stages({ json: json && command === 'start' });
  try {
    process.exitCode = await run(command, rest, stages);
  } catch (error) {
    stages.end();
    stages.event({ event: 'failed', message: error instanceof Error ? error.message : String(error) });
    printError(error);
    process.exitCode = 1;
  }
  // Whatever still holds the loop open (a watcher, a socket) has nothing to do any more.
  process.exit();
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {Stages} stages
 * @returns {Promise<number>}
 */
async function run(command, args, stages) {
  if (!['start', 'test', 'example', 'reset', 'proof', 'bench', 'look', 'rebuild'].includes(command)) {
    process.stdout.write(`${usage}\n`);
    return command === '' || command === 'help' || command === '--help' ? 0 : 1;
  }
  if (!process.env.HUB_LAUNCHER_OUTER) {
    mkdirSync(join(toolsDir, 'logs'), { recursive: true });
    await stages.run('tools', ({ note }) => ensureToolchain(note, join(toolsDir, 'logs', 'tools.log')));
    if (!isNewEnough(process.versions.node)) {
      watchParent(() => process.kill(process.pid, 'SIGTERM'));
      return runAgain([command, ...args]);
    }
  }
  Object.assign(process.env, toolEnvironment());
  const command_ = await import('./commands.mjs');
  return command_.commands[/** @type {import('./commands.mjs').Command} */ (command)](stages, args);
}
