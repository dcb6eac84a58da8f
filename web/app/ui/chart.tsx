/** Charts: bars and lines in ink and state colours. Recharts loads with the first one; its look is in chart-panel.tsx alone. */
import { lazy, Suspense } from 'react';
import { useInBrowser } from './in-browser.ts';

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

const ChartPanel = lazy(async () => ({ default: (await import('./chart-panel.tsx')).ChartPanel }));

export function Chart(props: ChartProps) {
  const ready = useInBrowser();
  const { height = 160, label } = props;
  const still = <div aria-hidden {...(ready ? { style: { height } } : { className: 'h-[160px]' })} />;
  return (
    <figure aria-label={label} className="min-w-0">
      {ready ? (
        <Suspense fallback={still}>
          <ChartPanel {...props} height={height} />
        </Suspense>
      ) : (
        still
      )}
      {props.kind === 'bars' && props.series.length > 1 && (
        <p aria-hidden className="flex flex-wrap gap-16 pt-4 pl-48 text-12 text-muted">
          {props.series.map(({ key, label: name, tone }) => (
            <span key={key} className="inline-flex items-center gap-4">
              <svg width="8" height="8">
                <rect width="8" height="8" rx="1" fill={toneColours[tone]} />
              </svg>
              {name}
            </span>
          ))}
        </p>
      )}
      {/* The figures themselves, for those who cannot see the picture. */}
      <figcaption className="sr-only">
        {props.rows
          .map((row) => `${row.at}: ${props.series.map(({ key, label: name }) => `${name} ${props.format(Number(row[key] ?? 0))}`).join(', ')}`)
          .join('; ')}
      </figcaption>
    </figure>
  );
}
