/** What a chart is given, and the colours its series may have. */

export interface ChartSeries {
  key: string;
  label: string;
  /** A state colour, or ink. */
  tone: 'ink' | 'muted' | 'completed' | 'failed' | 'running' | 'waiting' | 'kept';
}

export interface ChartProps {
  label: string;
  kind: 'bars' | 'lines';
  /** Rows with `at` (label of the x axis) and a figure per series. */
  rows: readonly { at: string; [series: string]: string | number }[];
  /** At most four; named at their ends instead of a legend. */
  series: readonly ChartSeries[];
  /** How a figure is written: `formatMoney`, `formatDuration`. */
  format: (value: number) => string;
  height?: number;
  /** The previous period, as a thin line: a key in the rows. */
  previous?: string | undefined;
  /** A click on a row of the data: go to what it counts. */
  onRow?: ((index: number) => void) | undefined;
}

/** Colours of a series by its tone. */
export const toneColours: Record<ChartSeries['tone'], string> = {
  ink: 'var(--ink)',
  muted: 'var(--line-strong)',
  completed: 'var(--state-completed)',
  failed: 'var(--state-failed)',
  running: 'var(--state-running)',
  waiting: 'var(--state-waiting)',
  kept: 'var(--state-kept)',
};
