/** Charts: bars and lines in ink and state colours. Recharts loads with the first one; its look is in chart-panel.tsx alone. */
import { lazy, Suspense } from 'react';
import { type ChartProps, toneColours } from './chart-look.ts';
import { useInBrowser } from './in-browser.ts';

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
