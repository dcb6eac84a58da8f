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

/** Those of what waits, repeats by a condition, is paused, tried or continued. */
const laterBreaks: PlantedBreak[] = [
  { name: 'a signal releases whoever waits shortest', file: 'park.ts', find: 'a.since - b.since', put: 'b.since - a.since' },
  { name: 'a message counts as often as it comes', file: 'waits.ts', find: '  if (n <= upTo || more.includes(n)) return false;\n', put: '' },
  { name: 'a signal that comes early is lost', file: 'waits.ts', find: "message.kind === 'signal' ||", put: "message.kind !== 'signal' &&" },
  {
    name: 'a signal for one wait releases another',
    file: 'waits.ts',
    find: '  if (message.path !== undefined && message.path !== path) return false;\n',
    put: '',
  },
  { name: 'retry as the answer to an unknown outcome is not heard', file: 'waits.ts', find: "by !== 'timer' && by.again", put: 'false' },
  { name: 'the limit of a child run never comes', file: 'waits.ts', find: "  if (state.park.phase === 'parked') late(turn, scope, id);\n", put: '' },
  {
    name: 'a child run is not told of a cancel',
    file: 'park.ts',
    find: '  if (child !== undefined) return cancelChild(turn, scope, id, child);\n',
    put: '',
  },
  { name: 'a parked node keeps its place', file: 'scope.ts', find: 'scope.state.busy - (scope.state.parked ?? 0)', put: 'scope.state.busy' },
  {
    name: 'what is ready starts in a pause',
    file: 'scope.ts',
    find: 'scope.state.ready.length === 0 || isPaused(turn)',
    put: 'scope.state.ready.length === 0',
  },
  { name: 'a loop begins iterations in a pause', file: 'loops.ts', find: 'while (!isPaused(turn) && loop.cursor', put: 'while (loop.cursor' },
  { name: 'timers are acted on in a pause', file: 'run.ts', find: '  if (isPaused(turn)) {\n', put: '  if (turn === null) {\n' },
  {
    name: 'timers that came due in a pause are forgotten',
    file: 'run.ts',
    find: 'for (const key of endPause(turn)) timerCame(turn, key);',
    put: 'endPause(turn);',
  },
  {
    name: 'the time of a run counts while it waits',
    file: 'shown.ts',
    find: 'const timed = plan.settings.timeoutMs > 0 &&',
    put: 'const timed = plan === null &&',
  },
  { name: 'until ends where its condition does not hold', file: 'loops.ts', find: "holds === (node.loop.mode === 'until')", put: 'holds' },
  {
    name: 'maxIterations off by one',
    file: 'loops.ts',
    find: 'loop.cursor < node.loop.maxIterations',
    put: 'loop.cursor <= node.loop.maxIterations',
  },
  { name: 'onMax continue fails', file: 'loops.ts', find: "node.loop.onMax === 'continue'", put: 'node === null' },
  {
    name: 'a failure in a while goes on to the next iteration',
    file: 'loops.ts',
    find: "node.loop.mode !== 'for_each' ||",
    put: "node.loop.mode === 'for_each' &&",
  },
  { name: 'the limit of a loop never comes', file: 'run.ts', find: 'loopTimedOut(turn, place.scope, place.nodeId)', put: 'undefined' },
  { name: 'a node tried alone is held back by its edges', file: 'refs.ts', find: 'turn.state.alone &&', put: 'turn === null &&' },
  { name: 'a retry runs what it keeps', file: 'scope.ts', find: "given?.as === 'row'", put: 'given === null' },
];

plantedBreaks.push(...laterBreaks);

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
