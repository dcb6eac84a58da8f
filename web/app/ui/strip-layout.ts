/** Where the bars of a run strip go. Pure. */
import type { State } from './state.tsx';

export interface StripPart {
  /** Node id; unique in a strip. */
  id: string;
  label: string;
  state: State;
  /** From the run's start; of a kept step, which ran earlier: below 0. */
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

/** Spreads steps over a stretch of the width by time; steps that truly overlap get lanes, at most three, the rest share. */
function packInto(parts: StripPart[], lengthMs: number, { from, to }: { from: number; to: number }): { bars: StripBar[]; lanes: number } {
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
  const scale = (to - from) / 100 / (Math.max(100, ...bars.map((bar) => bar.x + bar.width)) / 100);
  return { bars: bars.map((bar) => ({ ...bar, x: from + bar.x * scale, width: bar.width * scale })), lanes: Math.max(1, lanes.length) };
}

/** Kept steps in their own time, without the hours between the runs they come from. Answers how long they took. */
function withoutGaps(parts: StripPart[]): { parts: StripPart[]; lengthMs: number } {
  let end = 0;
  let away: number | null = null;
  const moved = parts
    .toSorted((a, b) => a.startMs - b.startMs)
    .map((part) => {
      away = Math.max(away ?? part.startMs, part.startMs - end);
      const startMs = part.startMs - away;
      const endMs = Math.max(startMs, (part.endMs ?? part.startMs) - away);
      end = Math.max(end, endMs);
      return { ...part, startMs, endMs };
    });
  return { parts: moved, lengthMs: end };
}

/** Of the width, what was kept takes at least and at most this much beside what ran. */
const leastKept = 0.16;
const mostKept = 0.6;

/** The strip of a run. What it kept of an earlier one stands first, in the time it once took; then what ran. */
export function packStrip(parts: StripPart[], lengthMs: number): { bars: StripBar[]; lanes: number } {
  const own = parts.filter(({ state }) => state !== 'kept');
  if (own.length === parts.length) return packInto(parts, lengthMs, { from: 0, to: 100 });
  const kept = withoutGaps(parts.filter(({ state }) => state === 'kept'));
  const share = kept.lengthMs / Math.max(1, kept.lengthMs + lengthMs);
  const edge = own.length === 0 ? 100 : 100 * Math.min(mostKept, Math.max(leastKept, share));
  const before = packInto(kept.parts, kept.lengthMs, { from: 0, to: edge });
  const after = packInto(own, lengthMs, { from: Math.min(100, edge + gapPercent), to: 100 });
  return { bars: [...before.bars, ...after.bars], lanes: Math.max(before.lanes, after.lanes) };
}
