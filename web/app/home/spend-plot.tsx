/** Cost a day as bars from 0, with the days written at the ends and the dearest day named: no legend, no axis to decode. */
import type { Spend } from '@hub/contract';
import { formatMoney, plural } from '../ui/format.ts';

const width = 600;
const height = 72;
const gap = 2;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-22` -> `22 Nov`. */
const dayWord = (day: string): string => `${Number(day.slice(8, 10))} ${months[Number(day.slice(5, 7)) - 1] ?? ''}`;

export function SpendPlot({ days }: { days: Spend['days'] }) {
  const most = Math.max(0, ...days.map(({ costUsd }) => costUsd));
  const each = width / Math.max(1, days.length);
  const dearest = days.findIndex(({ costUsd }) => costUsd === most);
  if (most === 0) return null;
  return (
    <figure className="flex flex-col gap-4">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        height={height}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Cost a day, ${days.length} days; the dearest was ${dayWord(days[dearest]?.day ?? '')} with ${formatMoney(most)}`}
      >
        <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="stroke-line" />
        {days.map(({ day, costUsd, runs }, index) => {
          const tall = costUsd === 0 ? 0 : Math.max(2, (costUsd / most) * (height - 8));
          return (
            <g key={day} className="hover:opacity-70">
              <title>{`${dayWord(day)}: ${formatMoney(costUsd)}, ${plural(runs, 'run')}`}</title>
              <rect x={index * each} width={each} y="0" height={height} fill="transparent" />
              <rect
                x={index * each + gap / 2}
                width={Math.max(1, each - gap)}
                y={height - tall}
                height={tall}
                className={index === days.length - 1 ? 'fill-ink' : 'fill-[var(--sand-9)]'}
              />
            </g>
          );
        })}
      </svg>
      <figcaption className="tabular flex justify-between text-12 text-muted">
        <span>{dayWord(days[0]?.day ?? '')}</span>
        <span>
          most on {dayWord(days[dearest]?.day ?? '')}: {formatMoney(most)}
        </span>
        <span>today {formatMoney(days.at(-1)?.costUsd ?? 0)}</span>
      </figcaption>
    </figure>
  );
}
