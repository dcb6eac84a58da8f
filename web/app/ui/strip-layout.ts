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

interface Lane {
  /** Time at which its last bar ends. */
  endMs: number;
  /** Percent up to which it is drawn. */
  x: number;
}

/** A step of no length must still be seen and hit. */
const leastPercent = 1.2;
const mostLanes = 3;
const gapPercent = 0.3;

/** The lane that is free at that time; a further one while there is room; else the one that ends first. */
function laneAt(lanes: Lane[], startMs: number, slackMs: number): number {
  const free = lanes.findIndex((lane) => lane.endMs <= startMs + slackMs);
  if (free >= 0) return free;
  if (lanes.length < mostLanes) return lanes.push({ endMs: 0, x: 0 }) - 1;
  return lanes.reduce((best, lane, index) => (lane.endMs < (lanes[best]?.endMs ?? 0) ? index : best), 0);
}

/** Spreads steps over the width by time; steps that truly overlap get lanes, at most three, the rest share. */
export function packStrip(parts: StripPart[], lengthMs: number): { bars: StripBar[]; lanes: number } {
  const length = parts.reduce((most, part) => Math.max(most, part.endMs ?? 0, part.startMs), Math.max(lengthMs, 1));
  const sorted = [...parts].sort((a, b) => a.startMs - b.startMs || (a.endMs ?? length) - (b.endMs ?? length) || (a.id < b.id ? -1 : 1));
  const lanes: Lane[] = [];
  const bars = sorted.map((part) => {
    const endMs = part.endMs ?? length;
    const at = laneAt(lanes, part.startMs, length / 200);
    const lane = lanes[at] ?? { endMs: 0, x: 0 };
    // A short step right after another moves on rather than hide behind it.
    const x = Math.max((part.startMs / length) * 100, lane.x);
    const width = Math.max(leastPercent, (endMs / length) * 100 - x - gapPercent);
    lanes[at] = { endMs: Math.max(lane.endMs, endMs), x: x + width + gapPercent };
    return { part, x, width, lane: at };
  });
  // What least widths pushed over the right edge is scaled back in.
  const scale = 100 / Math.max(100, ...bars.map((bar) => bar.x + bar.width));
  return { bars: bars.map((bar) => ({ ...bar, x: bar.x * scale, width: bar.width * scale })), lanes: Math.max(1, lanes.length) };
}
