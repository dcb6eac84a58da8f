/** Planted breaks: one rule of the planner bent at a time, in a throw-away copy of its sources. A proof that misses one is no proof. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PlannerUnderProof } from './drive.ts';

export interface PlantedBreak {
  name: string;
  file: string;
  /** Exact text in that file; the test fails where it is not found. */
  find: string;
  put: string;
}

export const plantedBreaks: PlantedBreak[] = [
  { name: 'join all runs on any live edge', file: 'rules.ts', find: "node.join === 'all' ? live === marks.length : live > 0", put: 'live > 0' },
  { name: 'a dead edge counts as live', file: 'rules.ts', find: "source.port === edge.fromPort ? 'live' : 'dead'", put: "'live'" },
  {
    name: 'first waits for all its edges',
    file: 'rules.ts',
    find: 'if (node.first && !node.disabled) return',
    put: 'if (node.first && node.disabled) return',
  },
  { name: 'a disabled condition takes false', file: 'rules.ts', find: "condition: 'true'", put: "condition: 'false'" },
  {
    name: 'a disabled node gives null',
    file: 'rules.ts',
    find: 'sources.length === 1 ? sources[0] : undefined',
    put: 'sources.length === 99 ? sources[0] : undefined',
  },
  { name: 'fallback takes out', file: 'rules.ts', find: 'port: node.fallbackPort', put: "port: 'out'" },
  {
    name: 'a branched failure is unhandled',
    file: 'rules.ts',
    find: "state: { status: 'failed', port: 'error', error }, handled: true",
    put: "state: { status: 'failed', port: 'error', error }, handled: false",
  },
  {
    name: 'maxParallel off by one',
    file: 'scope.ts',
    find: 'turn.plan.settings.maxParallel - running',
    put: 'turn.plan.settings.maxParallel + 1 - running',
  },
  {
    name: 'ready nodes start in reverse order',
    file: 'scope.ts',
    find: 'const ready = [...scope.state.ready].sort(byText);',
    put: 'const ready = [...scope.state.ready].sort(byText).reverse();',
  },
  {
    name: 'maxParallel holds in loop bodies too',
    file: 'scope.ts',
    find: 'scope.within === null ? turn.plan.settings.maxParallel - running : Infinity',
    put: 'turn.plan.settings.maxParallel - running',
  },
  { name: 'finish skips direct successors only', file: 'scope.ts', find: '    next.push(...(turn.index.after.get(at) ?? []));\n', put: '' },
  {
    name: 'stop lets the others run on',
    file: 'scope.ts',
    find: "  turn.state.stopped = 'failed';\n  stopScope(turn, scope);",
    put: "  turn.state.stopped = 'failed';",
  },
  {
    name: 'a failing item does not end its iteration',
    file: 'scope.ts',
    find: '    scope.within.item.failure ??= failure;\n    stopScope(turn, scope);',
    put: '    scope.within.item.failure ??= failure;',
  },
  {
    name: 'concurrency off by one',
    file: 'loops.ts',
    find: 'Object.keys(loop.open).length < node.loop.concurrency',
    put: 'Object.keys(loop.open).length <= node.loop.concurrency',
  },
  { name: 'skip keeps the item', file: 'loops.ts', find: "? { index, outcome: 'dropped' }", put: "? { index, outcome: 'error', error: failure }" },
  { name: 'a failing item never fails its loop', file: 'loops.ts', find: "node.loop.onItemError === 'fail');", put: 'node.loop.maxIterations > 9);' },
  {
    name: 'a recovered sink is forgotten',
    file: 'loops.ts',
    find: "return { index, outcome: 'value', value: { id: sink, ...state.value } };",
    put: 'return null;',
  },
  { name: 'first takes its first edge, not the winner', file: 'refs.ts', find: '(won !== undefined && at !== won)', put: 'false' },
  {
    name: 'the first output of a name stands',
    file: 'run.ts',
    find: 'if (ref) named.set(',
    put: 'if (ref && !named.has(names.get(id) ?? id)) named.set(',
  },
  { name: 'edges from triggers are always live', file: 'refs.ts', find: "edge.from === turn.state.trigger ? 'live' : 'dead'", put: "'live'" },
  { name: 'a cancelled run counts as completed', file: 'run.ts', find: 'turn.state.stopped ??= why;', put: '' },
];

const sources = fileURLToPath(new URL('../../../workflows/dag/src/planner', import.meta.url));

/** Loads the planner with one break in it and hands it to `use`; the copy is gone afterwards. */
export async function withBreak<T>(broken: PlantedBreak, use: (planner: PlannerUnderProof) => T): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-planted-break-'));
  try {
    await cp(sources, folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const file = join(folder, broken.file);
    const text = await readFile(file, 'utf8');
    if (text.split(broken.find).length !== 2)
      throw new Error(`"${broken.name}": its text stands ${text.split(broken.find).length - 1} times in ${broken.file}; mend breaks.ts.`);
    await writeFile(
      file,
      text.replace(broken.find, () => broken.put),
    );
    return use((await import(pathToFileURL(join(folder, 'index.ts')).href)) as PlannerUnderProof);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
