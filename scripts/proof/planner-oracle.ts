/** F12: the planner beside the oracle, seed by seed; what each graph met of 03; and planted breaks that must be seen. */
import * as planner from '@hub/dag/planner';
import { generate } from '../oracle/generate.ts';
import { RuleCounter, rules } from '../oracle/rules.ts';
import { describeDefinition, shrink } from '../oracle/shrink.ts';
import type { Measured } from './lib/proof.ts';
import { plantedBreaks, withBreak, type PlantedBreak } from './planner/breaks.ts';
import { compareChunks, compareFused, compareItems, compareOne, compareSeed, compareShortItems } from './planner/compare.ts';

const timesPerRule = 300;
/** A break that no graph of these shows is not caught. */
const seedsPerBreak = 3_000;

/** `--seeds=10000` and `--from=1` choose the graphs. */
export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const seeds = optionOf(args, 'seeds', 10_000);
  const from = optionOf(args, 'from', 1);
  const counter = new RuleCounter();
  const differing: number[] = [];
  let fused = 0;
  let fusedDiffering = 0;
  let chunked = 0;
  let chunkedDiffering = 0;
  let shared = 0;
  let sharedDiffering = 0;
  for (let seed = from; seed < from + seeds; seed += 1) {
    const { lines, met } = compareSeed(planner, seed);
    counter.add(met);
    if (lines.length > 0) differing.push(seed);
    const grouped = compareFused(planner, seed);
    if (grouped) fused += 1;
    if (grouped && grouped.lines.length > 0) {
      fusedDiffering += 1;
      log(`seed ${seed} differs with fused groups: ${grouped.lines.slice(0, 3).join('; ')}`);
    }
    const inChunks = compareChunks(planner, seed);
    if (inChunks) chunked += 1;
    if (inChunks && inChunks.lines.length > 0) {
      chunkedDiffering += 1;
      log(`seed ${seed} differs with chunks: ${inChunks.lines.slice(0, 3).join('; ')}`);
    }
    for (const found of [compareItems(planner, seed), compareShortItems(planner, seed)]) {
      if (found) shared += 1;
      if (!found || found.lines.length === 0) continue;
      sharedDiffering += 1;
      log(`seed ${seed} differs with items that share an activity: ${found.lines.slice(0, 3).join('; ')}`);
    }
    if ((seed - from + 1) % 1_000 === 0) log(`${seed - from + 1} graphs, ${differing.length} differ`);
  }
  for (const seed of differing.slice(0, 3)) await explain(seed, log);
  for (const [id, count] of counter.counts) log(`${String(count).padStart(7)}  ${id.padEnd(32)} ${rules[id]}`);
  const missed = await missedBreaks(log);
  const least = Math.min(...counter.counts.values());
  const wantedTimes = Math.floor((timesPerRule * seeds) / 10_000);
  const caught = plantedBreaks.length - missed.length;
  return [
    { figure: `${differing.length} differences in ${seeds} random graphs`, want: '0', ok: differing.length === 0 },
    { figure: `${fusedDiffering} differences in ${fused} graphs with fused groups`, want: '0', ok: fusedDiffering === 0 && fused > 0 },
    { figure: `${chunkedDiffering} differences in ${chunked} graphs with chunked loops`, want: '0', ok: chunkedDiffering === 0 && chunked > 0 },
    { figure: `${sharedDiffering} differences in ${shared} graphs with items in one activity`, want: '0', ok: sharedDiffering === 0 && shared > 0 },
    { figure: `${counter.counts.size} rules of 03, the rarest met ${least} times`, want: `>= ${wantedTimes}`, ok: least >= wantedTimes },
    { figure: `${caught} of ${plantedBreaks.length} planted breaks caught`, want: 'all, >= 30', ok: missed.length === 0 && caught >= 30 },
  ];
}

async function explain(seed: number, log: (line: string) => void): Promise<void> {
  const small = await shrink(generate(seed), (candidate) => compareOne(planner, candidate).lines.length > 0);
  log(`seed ${seed} differs, oracle | planner:`);
  for (const line of [...compareOne(planner, small).lines, ...describeDefinition(small.definition).split('\n'), JSON.stringify(small.options)])
    log(`  ${line}`);
}

async function missedBreaks(log: (line: string) => void): Promise<PlantedBreak[]> {
  const missed: PlantedBreak[] = [];
  for (const broken of plantedBreaks) {
    const seed = await withBreak(broken, (bent) => firstDifference(bent));
    log(seed === null ? `not caught: ${broken.name}` : `caught at seed ${String(seed).padStart(4)}: ${broken.name}`);
    if (seed === null) missed.push(broken);
  }
  return missed;
}

function firstDifference(bent: Parameters<typeof compareSeed>[0]): number | null {
  for (let seed = 1; seed <= seedsPerBreak; seed += 1) if (compareSeed(bent, seed).lines.length > 0) return seed;
  return null;
}

function optionOf(args: string[], name: string, otherwise: number): number {
  const found = args.find((arg) => arg.startsWith(`--${name}=`));
  const value = Number(found?.slice(name.length + 3) ?? otherwise);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}
