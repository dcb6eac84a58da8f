/** Replays the recorded histories on a bundle of today's engine. Shared by the test and `npm run proof -- replay`. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

const histories = fileURLToPath(new URL('../histories', import.meta.url));
const workflowsPath = fileURLToPath(new URL('../src/index.ts', import.meta.url));
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const planner = fileURLToPath(new URL('../../dag/src/planner/index.ts', import.meta.url));

// What a replay worker says of its own coming and going is of no use here.
Runtime.install({ logger: new DefaultLogger('ERROR') });

export interface ReplayOutcome {
  total: number;
  faults: { name: string; message: string }[];
}

/** Where the bundler finds the planner's door when a module of test/planted stands in for it (and may import the real one). */
export function plantedDoor(planted: string): Record<string, string> {
  return { '@hub/dag/planner': fileURLToPath(new URL(`./planted/${planted}.ts`, import.meta.url)), 'real-planner': planner };
}

/**
 * Bundles the engine; `planted` names a module in test/planted that stands in for the planner's door, `registry` the file of another registry of
 * frozen engines.
 */
export async function bundleEngine(planted?: string, registry?: string): Promise<WorkflowBundleWithSourceMap> {
  const quiet = (): void => undefined;
  const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
  const standIns = {
    ...(planted === undefined ? {} : plantedDoor(planted)),
    ...(registry === undefined ? {} : { '@hub/runtime/engines': registry }),
  };
  const exact = Object.fromEntries(Object.entries(standIns).map(([name, file]) => [`${name}$`, file]));
  return bundleWorkflowCode({
    workflowsPath,
    logger,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: {
        ...config.resolve,
        alias: { ...config.resolve?.alias, ...exact },
        // A registry may stand outside of this package.
        modules: ['node_modules', modules],
      },
    }),
  });
}

/** Replays all recorded histories of every released engine version. */
export async function replayAll(workflowBundle: WorkflowBundleWithSourceMap, only?: (name: string) => boolean): Promise<ReplayOutcome> {
  const recorded = recordedHistories().filter(({ workflowId }) => only === undefined || only(basename(workflowId)));
  return await replayHistories(workflowBundle, recorded);
}

/** A file of its own each (gzip), or many in one (brotli) by their names. */
function recordedHistories(): { workflowId: string; history: unknown }[] {
  const files = readdirSync(histories, { recursive: true, encoding: 'utf8' }).sort();
  return files.flatMap((file) => {
    const read = (): Buffer => readFileSync(join(histories, file));
    if (file.endsWith('.json.gz')) return [{ workflowId: file, history: JSON.parse(gunzipSync(read()).toString()) as unknown }];
    if (!file.endsWith('.json.br')) return [];
    const many = JSON.parse(brotliDecompressSync(read()).toString()) as Record<string, unknown>;
    return Object.entries(many).map(([name, history]) => ({ workflowId: `${file.slice(0, -'.json.br'.length)}/${name}`, history }));
  });
}

/** Replays these. */
export async function replayHistories(
  workflowBundle: WorkflowBundleWithSourceMap,
  recorded: { workflowId: string; history: unknown }[],
): Promise<ReplayOutcome> {
  const faults: ReplayOutcome['faults'] = [];
  for await (const result of Worker.runReplayHistories({ workflowBundle }, recorded)) {
    if (result.error !== undefined) faults.push({ name: result.workflowId, message: result.error.message });
  }
  return { total: recorded.length, faults };
}

/** The breaks of planted/break-by-name.ts. */
export const plantedNames = [
  'commands in reverse order',
  'the last step of a turn is not run',
  'a step is run twice',
  'a loop is opened twice',
  'a loop is never gathered',
  'an iteration’s result is not evaluated',
  'a wait has no clock',
  'a parked node is never released',
  'a node that parks is not opened',
  'what runs is not cancelled',
  'a child is not told of a cancel',
  'fused steps are not run',
  'a run does not say that it waits',
] as const;

/** The bundle with one of them chosen; `bundle` was made with the stand-in `break-by-name`. */
export function withPlanted(bundle: WorkflowBundleWithSourceMap, name: (typeof plantedNames)[number]): WorkflowBundleWithSourceMap {
  const parts = bundle.code.split('PLANTED-BREAK-BY-NAME');
  if (parts.length < 2) throw new Error('The bundle has no place for the name of a planted break.');
  return { ...bundle, code: parts.join(name) };
}

/** Bytes of the bundle without its source map: all of it, and what is ours (the rest is Temporal's SDK); engines frozen at releases count in neither. */
export function bundleSize(bundle: WorkflowBundleWithSourceMap): { total: number; ours: number } {
  const code = bundle.code.slice(0, bundle.code.lastIndexOf('//# sourceMappingURL'));
  const modules = [...code.matchAll(/\n\/\*\*\*\/ "([^"]+)"/g)];
  const sizeOf = (at: number): number => (modules[at + 1]?.index ?? code.length) - (modules[at]?.index ?? 0);
  const sizeBelow = (folder: string): number => modules.reduce((sum, found, at) => sum + (found[1]?.startsWith(folder) === true ? sizeOf(at) : 0), 0);
  const frozen = sizeBelow('./workflows/runtime/engines/engine-');
  return { total: code.length - frozen, ours: sizeBelow('./workflows/') - frozen };
}
