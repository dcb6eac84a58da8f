/** Runs of every shape: the acceptance cases that are a definition, an input and an end. */
import type { RunCase } from '../acceptance/cases.ts';
import { furtherCases } from '../acceptance/further.ts';
import { nestedCases } from '../acceptance/further-loops.ts';
import { kindCases } from '../acceptance/kinds.ts';
import { loopCases } from '../acceptance/loops.ts';
import { meaningCases } from '../acceptance/meaning.ts';
import { inParallel, type HubClient, type RunView } from './hub.ts';

/** Up to `most` cases, mixed by `seed` (the same for the same). */
export function corpus(farEnd: string, most: number, seed = 1): RunCase[] {
  const all = [kindCases, loopCases, meaningCases, furtherCases].flatMap((cases) => cases(farEnd)).concat(nestedCases);
  const runs = all.filter((one) => one.start === undefined);
  const keyed = runs.map((one, at) => ({ one, key: ((at + 1) * 2_654_435_761 * seed) % 4_294_967_291 }));
  return keyed
    .sort((a, b) => a.key - b.key)
    .slice(0, most)
    .map(({ one }) => one);
}

/** Publishes and runs them all, a few at a time; answers the ended runs. */
export async function runCorpus(hub: HubClient, cases: RunCase[], width = 4): Promise<{ name: string; view: RunView }[]> {
  return inParallel(cases.length, width, async (at) => {
    const one = cases[at] as RunCase;
    const workflow = await hub.publish(`Corpus ${at}`, one.definition);
    const view = await hub.settled(await hub.start(workflow, one.input ?? {}));
    return { name: one.name, view };
  });
}
