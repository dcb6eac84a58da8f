/** Where the bars of the timeline go: a lane per node, attempts side by side, items packed, idle time folded. Pure. */
import { toState, type State } from '../ui/state.tsx';
import type { NodeView, Row } from './model.ts';

export interface TimelineBar {
  path: string;
  attempt: number;
  state: State;
  /** Percent of the width. */
  x: number;
  width: number;
  /** Percent of the lane's height. */
  y: number;
  height: number;
  startedAt: string;
  completedAt: string | null;
}

export interface TimelineLane {
  id: string;
  label: string;
  state: State;
  depth: number;
  startedAt: string | null;
  completedAt: string | null;
  itemCount: number;
  bars: TimelineBar[];
}

export interface Fold {
  x: number;
  /** How much time was folded away. */
  ms: number;
}

export interface Timeline {
  /** Percent at the left that stands for what was kept of an earlier run; 0 where nothing was. */
  lead: number;
  lanes: TimelineLane[];
  folds: Fold[];
  ticks: { x: number; ms: number }[];
  lengthMs: number;
}

interface Span {
  from: number;
  to: number;
}

/** Gaps in which nothing ran, or all that did only waited: long enough to be in the way, over 2 s and over a twelfth of the whole. */
export function idleGaps(spans: Span[], length: number): Span[] {
  const gaps: Span[] = [];
  let end = 0;
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    if (span.from - end > 2000 && span.from - end > length / 12) gaps.push({ from: end, to: span.from });
    end = Math.max(end, span.to);
  }
  return gaps;
}

const foldPercent = 2;

/** Time to percent with each gap shortened to 2%. */
export function timeScale(length: number, gaps: Span[]): (ms: number) => number {
  const idle = gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const perMs = (100 - gaps.length * foldPercent) / Math.max(1, length - idle);
  return (ms) => {
    let folded = 0;
    let x = 0;
    for (const gap of gaps) {
      if (ms <= gap.from) break;
      const inside = Math.min(ms, gap.to) - gap.from;
      folded += inside;
      x += (inside / (gap.to - gap.from)) * foldPercent;
    }
    return x + (ms - folded) * perMs;
  };
}

const tickSteps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000,
  21_600_000, 86_400_000,
];

function ticksOf(length: number, gaps: Span[], scale: (ms: number) => number): { x: number; ms: number }[] {
  const busy = length - gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const step = tickSteps.find((each) => busy / each <= 6) ?? 86_400_000;
  const ticks: { x: number; ms: number }[] = [];
  for (let ms = 0; ms <= length && ticks.length < 40; ms += step) {
    const gap = gaps.find(({ from, to }) => ms > from && ms < to);
    if (gap) {
      ms = Math.ceil(gap.to / step) * step - step;
      continue;
    }
    const x = scale(ms);
    if (x <= 94 && x - (ticks.at(-1)?.x ?? -20) > 7) ticks.push({ x, ms });
  }
  return ticks;
}

const mostSubLanes = 12;

/** Packs overlapping bars into sub-lanes, first free first. */
function pack(rows: { row: Row; from: number; to: number }[], scale: (ms: number) => number): TimelineBar[] {
  const ends: number[] = [];
  const placed = [...rows]
    .sort((a, b) => a.from - b.from || a.row.path.localeCompare(b.row.path, 'en', { numeric: true }))
    .map((each) => {
      let lane = ends.findIndex((end) => end <= each.from);
      if (lane < 0) lane = ends.length < mostSubLanes ? ends.length : ends.indexOf(Math.min(...ends));
      ends[lane] = each.to;
      return { ...each, lane };
    });
  const height = 100 / Math.max(1, ends.length);
  return placed.map(({ row, from, to, lane }) => {
    const x = scale(from);
    return {
      path: row.path,
      attempt: row.attempt,
      state: row.seeded ? ('kept' as const) : toState(row.status),
      x,
      width: Math.max(0.3, scale(to) - x),
      y: lane * height,
      height,
      startedAt: row.startedAt ?? '',
      completedAt: row.completedAt,
    };
  });
}

/** Percent of the width that kept steps get; their own times lie before this run. */
const leadPercent = 12;

/** The one bar of a lane whose step was kept. */
function keptBar(node: NodeView, row: Row, lead: number): TimelineBar {
  const { startedAt, completedAt } = row;
  return { path: node.id, attempt: row.attempt, state: 'kept', x: 0, width: lead - 1, y: 0, height: 100, startedAt: startedAt ?? '', completedAt };
}

/** Waits that people or clocks end: time in which nothing is worked on. */
const waitTypes = new Set(['approval', 'wait']);

/** Lays out all rows of a run. `nowMs` ends what still runs. */
export function layTimeline(nodes: readonly NodeView[], rows: readonly Row[], startedAt: string, nowMs: number): Timeline {
  const zero = Date.parse(startedAt);
  const kept = Map.groupBy(
    rows.filter((row) => row.seeded),
    ({ nodeId }) => nodeId,
  );
  const lead = kept.size > 0 ? leadPercent : 0;
  const timed = rows.flatMap((row) => {
    if (!row.startedAt || row.seeded) return [];
    const from = Math.max(0, Date.parse(row.startedAt) - zero);
    return [{ row, from, to: Math.max(from, (row.completedAt ? Date.parse(row.completedAt) : nowMs) - zero) }];
  });
  const length = Math.max(1, ...timed.map(({ to }) => to));
  const waits = new Set(nodes.filter(({ type, state }) => waitTypes.has(type) || state === 'waiting').map(({ id }) => id));
  const containers = new Set(nodes.map(({ parent }) => parent));
  // The end counts as busy: what still waits now reaches to the edge.
  const worked = timed.filter(({ row }) => !waits.has(row.nodeId) && row.status !== 'waiting' && !containers.has(row.nodeId));
  const gaps = idleGaps([...worked, { from: length, to: length }], length);
  const busy = timeScale(length, gaps);
  const scale = (ms: number): number => lead + (busy(ms) * (100 - lead)) / 100;
  const byNode = Map.groupBy(timed, ({ row }) => row.nodeId);
  const lanes = nodes.map((node) => {
    const all = byNode.get(node.id) ?? [];
    const items = all.filter(({ row }) => row.path.includes('['));
    const before = kept.get(node.id)?.[0];
    return {
      id: node.id,
      label: node.label,
      state: node.state,
      depth: node.parent ? 1 : 0,
      startedAt: node.startedAt,
      completedAt: node.completedAt,
      itemCount: node.itemCount,
      bars: [...(before ? [keptBar(node, before, lead)] : []), ...pack(items.length > 0 ? items : all, scale)],
    };
  });
  const folds = gaps.map((gap) => ({ x: scale(gap.from), ms: gap.to - gap.from }));
  return { lead, lanes, folds, ticks: ticksOf(length, gaps, scale), lengthMs: length };
}
