// npm test: sets up as npm start does, then checks everything, one after the other, and counts. A failing step never hides a later one.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildBundle, buildWeb, manifests } from './packages.mjs';
import { errorText } from './errors.mjs';
import { root, toolsBin, toolsDir } from './paths.mjs';
import { stopCommands, tryCommand } from './run-command.mjs';
import { setUp } from './scripts.mjs';
import { readJson } from './state.mjs';
import { listenForStop } from './stop-request.mjs';
import { closingLine, countReport, sum } from './test-count.mjs';
import { toolEnvironment } from './toolchain.mjs';

/** @typedef {import('./stages.mjs').Stages} Stages */
/** @typedef {import('./test-count.mjs').Count} Count */
/** @typedef {{ stages: Stages, env: NodeJS.ProcessEnv, only: string[] }} Context */

const logs = join(toolsDir, 'logs');
const bin = join(root, 'node_modules', '.bin');

/** Checks with one answer each. */
const walls = {
  lint: [join(bin, 'oxlint'), '--deny-warnings'],
  format: [join(bin, 'biome'), 'format', '.'],
  'import rules': [
    join(bin, 'depcruise'),
    '--output-type',
    'err',
    '--config',
    '.dependency-cruiser.cjs',
    'services',
    'activities',
    'workflows',
    'web',
    'db',
    'scripts',
  ],
  'dead code': [join(bin, 'knip'), '--no-progress'],
};

/**
 * @param {Stages} stages
 * @param {string[]} only names of steps (types, walls, web, unit, int, e2e) for a quick look; none = all
 * @returns {Promise<number>}
 */
export async function test(stages, only) {
  const stop = listenForStop({ onFirst: stopCommands, onAgain: stopCommands });
  const work = runAll(
    stages,
    only.filter((arg) => !arg.startsWith('-')),
  );
  const ended = await Promise.race([work, stop.requested]);
  if (typeof ended === 'number') return ended;
  stages.end();
  stages.say(`\nStopped (${ended}).`);
  return 1;
}

/** @param {Stages} stages @param {string[]} only */
async function runAll(stages, only) {
  const binary = await setUp(stages);
  const env = { ...toolEnvironment(), TEMPORAL_CLI: binary.path, CI: '1' };
  const context = { stages, env, only };
  const wants = (/** @type {string} */ step) => only.length === 0 || only.includes(step);
  /** @type {Count[]} */
  const counts = [];
  // Dead code is judged with the types that the web's routes are given.
  if (wants('types') || wants('walls'))
    for (const folder of packagesWith('typecheck'))
      counts.push(await check(context, `types ${folder}`, [join(toolsBin, 'pnpm'), '--dir', folder, 'run', 'typecheck']));
  if (wants('walls')) for (const [name, command] of Object.entries(walls)) counts.push(await check(context, name, command));
  if (wants('web') || wants('e2e')) counts.push(await attempt(context, 'web build', (note) => buildWeb(note, join(logs, 'web-build.log'))));
  if (wants('int') || wants('e2e'))
    counts.push(await attempt(context, 'workflow bundle', (note) => buildBundle(note, join(logs, 'workflow-bundle.log'))));
  if (wants('unit')) counts.push(await vitest(context, 'unit'));
  if (wants('int')) counts.push(await vitest(context, 'int'));
  if (wants('e2e')) counts.push(await vitest(context, 'e2e'));
  const total = sum(counts);
  for (const name of total.unsteady) stages.say(`${stages.tint('!', 'yellow')} passed at its second try only: ${name}`);
  for (const problem of total.problems) stages.say(`${stages.tint('✗', 'red')} ${problem}`);
  stages.say(`\n${closingLine(total)}`);
  return total.failed === 0 ? 0 : 1;
}

/**
 * Folders of the packages that have a script of this name.
 * @param {string} script
 */
function packagesWith(script) {
  return manifests()
    .filter((file) => file !== 'package.json' && JSON.parse(readFileSync(join(root, file), 'utf8')).scripts?.[script] !== undefined)
    .map((file) => dirname(file));
}

/**
 * A command whose exit code is the answer; its output is shown when the answer is no.
 * @param {Context} context
 * @param {string} name
 * @param {string[]} command
 * @returns {Promise<Count>}
 */
async function check({ stages, env }, name, [command = '', ...args]) {
  const logFile = join(logs, `${name.replaceAll(/[ /]/g, '-')}.log`);
  try {
    await stages.run(name, async () => {
      const { code, output } = await tryCommand(command, args, { logFile, env: { ...env, NO_COLOR: '1' } });
      if (code === 0) return;
      stages.say(output.trimEnd());
      throw new Error(`${name} (${code})`);
    });
    return { passed: 1, failed: 0, problems: [], unsteady: [] };
  } catch (error) {
    return { passed: 0, failed: 1, problems: [errorText(error)], unsteady: [] };
  }
}

/**
 * A step of the launcher's own that must come off.
 * @param {Context} context
 * @param {string} name
 * @param {(note: (text: string) => void) => Promise<void>} work
 * @returns {Promise<Count>}
 */
async function attempt({ stages }, name, work) {
  try {
    await stages.run(name, ({ note }) => work(note));
    return { passed: 1, failed: 0, problems: [], unsteady: [] };
  } catch (error) {
    stages.say(errorText(error));
    return { passed: 0, failed: 1, problems: [name], unsteady: [] };
  }
}

/**
 * @param {Context} context
 * @param {'unit' | 'int' | 'e2e'} project
 * @returns {Promise<Count>}
 */
async function vitest({ stages, env }, project) {
  const reportFile = join(logs, `vitest-${project}.json`);
  rmSync(reportFile, { force: true });
  stages.say(`\nTests: ${project}`);
  /** @type {Count} */
  let count = { passed: 0, failed: 1, problems: [project], unsteady: [] };
  await stages.run(`tests ${project}`, async ({ note }) => {
    // Real servers and browsers on a busy machine: one second try, which is printed at the end with its name and fault.
    const secondTry = project === 'unit' ? [] : ['--retry=1'];
    const args = ['run', '--project', project, ...secondTry, '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const { code } = await tryCommand(join(bin, 'vitest'), args, { env });
    count = countReport(existsSync(reportFile) ? readJson(reportFile) : undefined, code);
    note(closingLine(count));
  });
  return count;
}
