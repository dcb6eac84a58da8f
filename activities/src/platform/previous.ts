/** The result of a `while` or `until` loop's last iteration. */
import { childPath, itemPath } from '@hub/dag/planner';
import type { LoopFrame } from '@hub/dag/planner';

import type { RunStore } from '../ports.ts';
import { own } from '../values/json.ts';
import type { KnownRun, RunCache } from './facts.ts';

/** JSON text of `previous` in iteration `frame.index`: at first `initial`, as it was when the loop opened, or null. */
export async function previousText(cache: RunCache, runs: RunStore, known: KnownRun, frame: LoopFrame): Promise<string> {
  if (frame.index <= 0) return (await cache.item(known.facts.team, known.facts.run, frame.path, 0)) ?? 'null';
  return await iterationText(cache, runs, known, { loop: frame.loop, path: frame.path, index: frame.index - 1 });
}

/** JSON text of one iteration's result: its `result` where the loop has one, else its sink's output, null where that was skipped. */
export async function iterationText(_cache: RunCache, runs: RunStore, known: KnownRun, frame: LoopFrame): Promise<string> {
  const { team, run } = known.facts;
  if (own(known.definition.node(frame.loop).config, 'result') !== undefined) {
    const of = { loopPath: frame.path, sink: null, rows: false, kept: true, from: frame.index, to: frame.index + 1 };
    const [saved] = await runs.loopResults(team, run, of);
    return (await saved?.read()) ?? 'null';
  }
  const sink = known.definition.soleSink(frame.loop);
  if (sink === null) return 'null';
  const path = childPath(itemPath(frame.path, frame.index), sink);
  return (await runs.outputs(team, run, [path])).get(path)?.outputText ?? 'null';
}
