// Which command was typed. Nothing here needs more than Node 20: the rest is loaded under the right Node only.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { printError } from './errors.mjs';
import { toolsDir } from './paths.mjs';
import { Stages } from './stages.mjs';
import { ensureToolchain, isNewEnough, runAgain, toolEnvironment } from './toolchain.mjs';
import { watchParent } from './stop-request.mjs';

const usage = `npm start                 everything, up and running (-- --json for a script)
npm test                  everything that checks this project (-- unit: one part of it: types, walls, web, unit, int, e2e)
npm run example           the shipped example once more, on the running hub
npm run reset             empties the state folder
npm run proof -- --list   the proofs, npm run bench -- --list   the measurements
npm run rebuild -- <id>   a run's rows anew from its Temporal history, on the running hub
npm run look              every page as a picture, and a contact sheet (-- <part of a name>)`;

/** Options of the commands that take no words of their own; the others judge theirs. */
const options = /** @type {Record<string, string[]>} */ ({ start: ['--json'], test: ['types', 'walls', 'web', 'unit', 'int', 'e2e'], reset: [] });
const commandNames = ['start', 'test', 'example', 'reset', 'proof', 'bench', 'look', 'rebuild'];

/**
 * What is typed is judged before anything is fetched, started or emptied: the exit code, or null where the command may run.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {(text: string) => void} say
 * @returns {number | null}
 */
export function judged(command, args, say) {
  if (['', 'help', '--help', '-h'].includes(command) || (options[command] !== undefined && args.some((arg) => arg === '--help' || arg === '-h'))) {
    say(usage);
    return 0;
  }
  if (!commandNames.includes(command)) {
    say(`There is no command "${command}".\n\n${usage}`);
    return 2;
  }
  const unknown = options[command] === undefined ? undefined : args.find((arg) => !options[command]?.includes(arg));
  if (unknown === undefined) return null;
  const known = options[command]?.join(', ');
  say(`"${command}" does not know "${unknown}"${known ? ` (it knows ${known})` : ' (it takes nothing)'}. Nothing was done.`);
  return 2;
}

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
  const code = judged(command, args, (text) => console.error(text));
  if (code !== null) return code;
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
