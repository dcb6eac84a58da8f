/** What a newcomer waits for: a fresh clone with empty caches, a second clone, a second start. `--compile` also takes the Temporal binary away. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { launchHub } from '../bootstrap/launched-hub.mjs';
import { root, toolsDir } from '../bootstrap/paths.mjs';
import { findTemporal } from '../bootstrap/temporal.mjs';
import { withoutNpmSettings } from '../bootstrap/toolchain.mjs';
import { keepHub, keptFolder } from './lib/kept.ts';
import type { Measured } from './lib/proof.ts';

/** The machine as before: caches of its own (empty at first), and not our Node and pnpm in front. */
function newcomer(folder: string, compile: boolean): { env: NodeJS.ProcessEnv; node: string } {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.startsWith(toolsDir));
  const temporal = compile ? undefined : findTemporal()?.path;
  const clean = compile ? path.filter((entry) => findTemporal({ PATH: entry, XDG_CACHE_HOME: folder }) === undefined) : path;
  const cache = join(folder, 'cache');
  mkdirSync(cache, { recursive: true });
  const env = {
    ...withoutNpmSettings(process.env),
    PATH: clean.join(delimiter),
    XDG_CACHE_HOME: cache,
    XDG_DATA_HOME: join(folder, 'share'),
    npm_config_cache: join(folder, 'npm'),
    TEMPORAL_CLI: temporal,
  };
  return { env, node: execFileSync('node', ['-p', 'process.execPath'], { env, encoding: 'utf8' }).trim() };
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const compile = args.includes('--compile');
  const folder = keptFolder('workflow-hub-newcomer-');
  // As open as the folder a person clones into; mkdtemp closes it.
  chmodSync(folder, 0o755);
  try {
    const { env, node } = newcomer(folder, compile);
    const once = async (clone: string, what: string): Promise<number> => {
      const hub = await launchHub({ clone, data: join(clone, '.data'), env, node, onSpawn: keepHub });
      log(`${what}: ${hub.seconds.toFixed(1)} s  (${hub.stages.map((stage) => `${stage.name} ${stage.seconds.toFixed(1)}`).join(', ')})`);
      await hub.stop();
      return hub.seconds;
    };
    const clone = (name: string): string => {
      execFileSync('git', ['clone', '--quiet', root, join(folder, name)]);
      return join(folder, name);
    };
    const first = clone('first');
    const one = await once(
      first,
      `fresh clone, empty caches, Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()} in ${dirname(node)}`,
    );
    const again = await once(first, 'second start');
    const two = await once(clone('second'), 'second clone');
    const limit = compile ? 900 : 150;
    return [
      {
        figure: `fresh clone to the example's result ${one.toFixed(1)} s${compile ? ', Temporal compiled' : ''}`,
        want: `<= ${limit} s`,
        ok: one <= limit,
      },
      { figure: `second clone ${two.toFixed(1)} s`, want: '<= 60 s', ok: two <= 60 },
      { figure: `second start ${again.toFixed(1)} s`, want: '<= 15 s', ok: again <= 15 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
