/** Where the bars of a run strip go. Pure. */
import type { State } from './state.tsx';

export interface StripPart {
  /** Node id; unique in a strip. */
  id: string;
  label: string;
  state: State;
  /** From the run's start. */
  startMs: number;
  /** null: not ended. */
  endMs: number | null;
}

export interface StripBar {
  part: StripPart;
  /** Percent of the width. */
  x: number;
  width: number;
  lane: number;
}

/** A step of no length must still be seen and hit. */
const leastPercent = 1.2;
const mostLanes = 3;
const gapPercent = 0.25;

/** Spreads steps over the width by time; steps that overlap get lanes, at most three, the rest share the last. */
export function packStrip(parts: StripPart[], lengthMs: number): { bars: StripBar[]; lanes: number } {
  const last = parts.reduce((most, part) => Math.max(most, part.endMs ?? lengthMs, part.startMs), 0);
  const length = Math.max(lengthMs, last, 1);
  const sorted = [...parts].sort((a, b) => a.startMs - b.startMs || (a.endMs ?? length) - (b.endMs ?? length) || (a.id < b.id ? -1 : 1));
  const laneEnds: number[] = [];
  let cursor = 0;
  const bars = sorted.map((part) => {
    const ends = part.endMs ?? length;
    const wanted = (part.startMs / length) * 100;
    const width = Math.max(leastPercent, ((ends - part.startMs) / length) * 100 - gapPercent);
    // A short step right after another moves on rather than hide behind it.
    let lane = laneEnds.findIndex((end) => end <= wanted + leastPercent);
    if (lane < 0) lane = laneEnds.length < mostLanes ? laneEnds.length : mostLanes - 1;
    const x = Math.min(100 - leastPercent, Math.max(wanted, laneEnds[lane] ?? 0));
    laneEnds[lane] = Math.max(x + width + gapPercent, laneEnds[lane] ?? 0);
    cursor = Math.max(cursor, x + width);
    return { part, x, width: Math.min(width, 100 - x), lane };
  });
  // What ran over the right edge through least widths is scaled back in.
  const scale = cursor > 100 ? 100 / cursor : 1;
  return { bars: bars.map((bar) => ({ ...bar, x: bar.x * scale, width: bar.width * scale })), lanes: Math.max(1, laneEnds.length) };
}
