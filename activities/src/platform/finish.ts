/** The end of a run: its output from what output nodes gave, one guarded update, and the slot handed on. */
import type { FinishRunInput } from '@hub/runtime/types';

import type { ActivityDeps } from '../deps.ts';
import { textOf } from '../expressions/pool/data.ts';
import type { RunCache } from './facts.ts';

export async function finishRun(deps: ActivityDeps, cache: RunCache, input: FinishRunInput): Promise<void> {
  const { team, run, status, error, rows } = input;
  const outputText = await composeOutput(cache, input);
  const { start } = await deps.runs.finish({ team, run, status, error, outputText, rows });
  cache.ended(team, run);
  if (status === 'failed' || status === 'timed_out') await tell(deps, team, run);
  if (input.parent !== undefined) await deps.waits.tell(team, input.parent);
  if (start.length === 0) return;
  try {
    await deps.starter.start(start);
  } catch (failure) {
    // Their rows say `starting`: the sweep starts them within seconds.
    deps.log.warn({ err: failure, runs: start.length }, 'Runs that were given a slot could not be started at once');
  }
}

/** A notice that cannot be written must not hold up the end of the run. */
async function tell(deps: ActivityDeps, team: string, run: string): Promise<void> {
  try {
    await deps.noticeFailure?.(team, run);
  } catch (failure) {
    deps.log.warn({ err: failure, run }, 'The notice of a failed run could not be written');
  }
}

/** `{ name: value }` as text; of two with one name the later wins. */
async function composeOutput(cache: RunCache, { team, run, outputs }: FinishRunInput): Promise<string> {
  if (outputs.length === 0) return '{}';
  const known = await cache.run(team, run);
  const texts = await cache.texts(
    known,
    outputs.map(({ ref }) => ref),
  );
  const byName = new Map<string, string>();
  for (const { name, ref } of outputs) byName.set(name, textOf(ref, texts) ?? 'null');
  return `{${[...byName].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}
