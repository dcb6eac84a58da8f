import { describe, expect, it } from 'vitest';
import { readDefinition } from './definition.ts';
import { nodeViews, type Row } from './model.ts';
import { idleGaps, layTimeline, timeScale } from './timeline-layout.ts';

const start = '2026-11-22T12:00:00.000Z';
const at = (ms: number): string => new Date(Date.parse(start) + ms).toISOString();
const row = (nodeId: string, path: string, from: number, to: number | null, attempt = 1): Row => ({
  nodeId,
  path,
  iteration: null,
  attempt,
  status: to === null ? 'running' : 'completed',
  startedAt: at(from),
  completedAt: to === null ? null : at(to),
  tokens: null,
  costUsd: null,
  model: null,
  error: null,
});

describe('timeline', () => {
  it('folds idle time and keeps order', () => {
    const gaps = idleGaps(
      [
        { from: 0, to: 1000 },
        { from: 3_600_000, to: 3_601_000 },
      ],
      3_601_000,
    );
    expect(gaps).toEqual([{ from: 1000, to: 3_600_000 }]);
    const scale = timeScale(3_601_000, gaps);
    expect(scale(1000)).toBeCloseTo(49);
    expect(scale(3_600_000)).toBeCloseTo(51);
    expect(scale(3_601_000)).toBeCloseTo(100);
  });

  it('packs items that run side by side without overlap', () => {
    const definition = readDefinition({ nodes: [{ id: 'a', type: 'prompt', config: {} }], edges: [] });
    const rows = [
      row('a', 'a', 0, 4000),
      ...Array.from({ length: 40 }, (_, n) => row('a', `a[${n}]`, Math.floor(n / 10) * 1000, Math.floor(n / 10) * 1000 + 1000)),
    ];
    const { lanes } = layTimeline(nodeViews(definition, [], 'completed'), rows, start, 0);
    const bars = lanes[0]!.bars;
    expect(bars).toHaveLength(40);
    expect(new Set(bars.map((bar) => bar.y)).size).toBe(10);
    for (const one of bars)
      for (const other of bars) {
        if (one !== other && one.y === other.y) expect(one.x + one.width <= other.x + 0.01 || other.x + other.width <= one.x + 0.01).toBe(true);
      }
  });

  it('folds the hours in which a person was waited for, and keeps the wait itself in view', () => {
    const definition = readDefinition({
      nodes: [
        { id: 'a', type: 'code', config: {} },
        { id: 'ask', type: 'approval', config: {} },
        { id: 'b', type: 'code', config: {} },
      ],
      edges: [],
    });
    const hour = 3_600_000;
    const rows = [row('a', 'a', 0, 1000), row('ask', 'ask', 1000, hour), row('b', 'b', hour, hour + 1000)];
    const { lanes, folds } = layTimeline(nodeViews(definition, [], 'completed'), rows, start, 0);
    expect(folds).toHaveLength(1);
    expect(folds[0]!.ms).toBe(hour - 1000);
    expect(lanes[0]!.bars[0]!.width).toBeGreaterThan(45);
    expect(lanes[1]!.bars[0]!.width).toBeCloseTo(2);
    expect(lanes[2]!.bars[0]!.width).toBeGreaterThan(45);
  });

  it('gives what was kept a stretch of its own before the run', () => {
    const definition = readDefinition({ nodes: ['a', 'b'].map((id) => ({ id, type: 'code', config: {} })), edges: [] });
    const rows = [{ ...row('a', 'a', -9_000_000, -8_000_000), seeded: true }, row('b', 'b', 0, 1000)];
    const { lanes, lead } = layTimeline(nodeViews(definition, [], 'completed'), rows, start, 0);
    expect(lanes[0]!.bars).toMatchObject([{ state: 'kept', x: 0 }]);
    expect(lanes[0]!.bars[0]!.width).toBeLessThan(lead);
    expect(lanes[1]!.bars[0]!.x).toBe(lead);
    expect(lanes[1]!.bars[0]!.width).toBeCloseTo(100 - lead);
  });

  it('ends what still runs at now', () => {
    const definition = readDefinition({ nodes: [{ id: 'a', type: 'code', config: {} }], edges: [] });
    const rows = [row('a', 'a', 0, null)];
    const { lanes, lengthMs } = layTimeline(nodeViews(definition, [], 'running'), rows, start, Date.parse(start) + 5000);
    expect(lengthMs).toBe(5000);
    expect(lanes[0]!.bars[0]!.width).toBeCloseTo(100);
  });
});
