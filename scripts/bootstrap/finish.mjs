// The end of a start: the shipped example, where to look, and demo.json for scripts.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from './errors.mjs';
import { environmentFor } from './hub-environment.mjs';
import { readPorts } from './ports.mjs';
import { tryCommand } from './run-command.mjs';
import { readJson, setPhase } from './state.mjs';

/** @typedef {import('./start.mjs').Work} Work */
/** @typedef {import('./stages.mjs').Stages} Stages */
/** @typedef {import('./state.mjs').StatePaths} StatePaths */
/** @typedef {import('./hub-environment.mjs').Values} Values */
/** @typedef {{ url: string, apiKey: string, email: string, password: string, temporalUi: string, exampleRunId: string | null }} Demo what scripts read from demo.json */

const noLastResult = 3;

/**
 * @param {Work} work
 * @param {{ values: Values, secrets: Values, ports: import('./ports.mjs').Ports }} hub
 */
export async function finish({ stages, paths, stop }, { values, secrets, ports }) {
  writeDemo(paths, values, secrets);
  await showExample(stages, paths, values);
  stop.check();
  const demo = writeDemo(paths, values, secrets);
  setPhase(paths, 'ready', demo.url);
  await tellWhere(stages, paths);
  const seconds = (Date.now() - typedAt()) / 1000;
  stages.say(`\n${stages.bold(`Up after ${seconds.toFixed(1)} s.`)} Ctrl-C stops it; logs are in ${paths.logs}`);
  stages.event({ event: 'ready', seconds: Number(seconds.toFixed(2)), ...demo, apiKey: undefined, password: undefined, demoFile: paths.demo, ports });
}

/** When npm start was typed (as far as we can know): our outer process tells its own beginning. */
function typedAt() {
  return Number(process.env.HUB_LAUNCHER_OUTER) || performance.timeOrigin;
}

/**
 * demo.json: where and as whom a script finds the hub, and the last run of the example.
 * @param {StatePaths} paths
 * @param {Values} values
 * @param {Values} secrets
 * @returns {Demo}
 */
export function writeDemo(paths, values, secrets) {
  const runId = readJson(paths.example)?.runId;
  const demo = {
    url: values.HUB_URL ?? '',
    apiKey: secrets.HUB_DEMO_API_KEY ?? '',
    email: secrets.HUB_DEMO_EMAIL ?? '',
    password: secrets.HUB_DEMO_PASSWORD ?? '',
    temporalUi: values.TEMPORAL_UI_URL ?? '',
    exampleRunId: typeof runId === 'string' ? runId : null,
  };
  writeFileSync(paths.demo, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  return demo;
}

/**
 * The first time runs the example, later times show its last result. A failing example is said and leaves the hub up: it is the thing to look at.
 * @param {Stages} stages
 * @param {StatePaths} paths
 * @param {Values} values
 */
async function showExample(stages, paths, values) {
  const logFile = join(paths.logs, 'example.log');
  const env = environmentFor('example', values);
  /** @param {string[]} args */
  const run = (args) => tryCommand(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/example/run.ts', ...args], { logFile, env });
  await stages.run('example', async ({ note }) => {
    let result = existsSync(paths.example) ? await run(['--last']) : { code: noLastResult, output: '' };
    if (result.code === noLastResult) result = await run([]);
    else note('its last result');
    const output = result.output.trimEnd();
    stages.say(`\n${output}\n`, { example: output });
    if (result.code !== 0)
      stages.say(stages.tint(`The example did not end well (${result.code}); the hub itself is up. Run it again with: npm run example`, 'red'));
  });
}

/**
 * @param {Stages} stages
 * @param {StatePaths} paths
 */
export async function tellWhere(stages, paths) {
  const demo = /** @type {Demo | undefined} */ (readJson(paths.demo));
  if (!demo) return;
  const link = await signInLink(paths, demo);
  /** @param {string} name @param {string} url @param {string} [what] */
  const line = (name, url, what = '') => stages.say(`  ${stages.bold(name.padEnd(13))} ${url}${what ? `  ${stages.dim(what)}` : ''}`);
  stages.say('');
  if (link.url) line('Open this', link.url, 'signs you in, once, and shows the run');
  else stages.say(`  (no sign-in link: ${link.problem})`);
  line('App', demo.url, `${demo.email}, its password is in ${paths.demo}`);
  line('API docs', `${demo.url}/docs`);
  line('Temporal UI', demo.temporalUi);
  line('Run it again', 'npm run example');
  if (link.url) stages.event({ event: 'sign-in-link', url: link.url });
}

/**
 * @param {StatePaths} paths
 * @param {Demo} demo
 * @returns {Promise<{ url?: string, problem?: string }>}
 */
async function signInLink(paths, demo) {
  try {
    const token = /^HUB_LAUNCHER_TOKEN=(.+)$/m.exec(readFileSync(paths.secrets, 'utf8'))?.[1] ?? '';
    const port = readPorts(paths.ports).app;
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/dev/sign-in-link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-launcher-token': token },
      body: JSON.stringify({ email: demo.email, ...(demo.exampleRunId ? { next: `/runs/${demo.exampleRunId}` } : {}) }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) return { problem: `the API answered ${answer.status}` };
    const { url } = /** @type {{ url: string }} */ (await answer.json());
    return { url };
  } catch (error) {
    return { problem: errorText(error) };
  }
}
