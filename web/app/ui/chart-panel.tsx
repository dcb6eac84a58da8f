/** The look of recharts, in one place: hairlines, bars from 0, direct labels, no legend, no animation. */
import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { type ChartProps, toneColours } from './chart-look.ts';

const tick = { fill: 'var(--ink-muted)', fontSize: 12 };

interface Told {
  name?: string | number;
  value?: unknown;
}
function Tip({
  active,
  payload,
  label,
  format,
}: {
  active?: boolean;
  payload?: readonly Told[];
  label?: string | number;
  format: ChartProps['format'];
}) {
  if (!active || !payload?.length) return null;
  return (
    <div className="rounded-control bg-ink px-8 py-4 text-12 text-paper">
      <div className="font-medium">{label}</div>
      {payload.map(({ name, value }) => (
        <div key={String(name)} className="tabular flex justify-between gap-12">
          <span>{name}</span>
          <span>{format(Number(value))}</span>
        </div>
      ))}
    </div>
  );
}

export function ChartPanel({ kind, rows, series, format, height, previous, onRow }: ChartProps & { height: number }) {
  const shown = series.slice(0, 4);
  const lastBar = shown.at(-1)?.key;
  return (
    <ResponsiveContainer width="100%" height={height}>
      <ComposedChart
        data={rows as ChartProps['rows'][number][]}
        margin={{ top: 8, right: kind === 'lines' ? 64 : 8, bottom: 0, left: 0 }}
        barCategoryGap="20%"
        accessibilityLayer={false}
        {...(onRow ? { onClick: (state: { activeIndex?: unknown }) => onRow(Number(state.activeIndex ?? 0)) } : {})}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="at" tickLine={false} axisLine={{ stroke: 'var(--line)' }} tick={tick} minTickGap={24} />
        <YAxis width={56} tickLine={false} axisLine={false} tick={tick} tickFormatter={format} tickCount={4} domain={[0, 'auto']} />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: 'var(--paper-hover)' }}
          content={(told) => <Tip {...(told as object)} format={format} />}
        />
        {kind === 'bars' &&
          shown.map(({ key, label, tone }) => (
            <Bar
              key={key}
              dataKey={key}
              name={label}
              stackId="all"
              fill={toneColours[tone]}
              isAnimationActive={false}
              radius={key === lastBar ? [2, 2, 0, 0] : 0}
            />
          ))}
        {kind === 'lines' &&
          shown.map(({ key, label, tone }) => (
            <Line
              key={key}
              dataKey={key}
              name={label}
              stroke={toneColours[tone]}
              strokeWidth={1.5}
              dot={false}
              isAnimationActive={false}
              label={({ index, x, y }: { index?: number | undefined; x?: number | string | undefined; y?: number | string | undefined }) =>
                index === rows.length - 1 ? (
                  <text x={Number(x) + 8} y={Number(y) + 4} fill={toneColours[tone]} fontSize={12}>
                    {label}
                  </text>
                ) : (
                  <g />
                )
              }
            />
          ))}
        {previous && <Line dataKey={previous} name="Before" stroke="var(--line-strong)" strokeWidth={1} dot={false} isAnimationActive={false} />}
      </ComposedChart>
    </ResponsiveContainer>
  );
}
