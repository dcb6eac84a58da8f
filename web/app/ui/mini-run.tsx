/** The live miniature of empty pages: five steps that run once while one looks, each in its own state at the end. Small, silent, still where motion is not wanted. */
import clsx from 'clsx';
import type { State } from './state.tsx';

/** Read, ask, then two branches, the second with a last step. */
const places = [
  [0, 20],
  [72, 20],
  [144, 0],
  [144, 40],
  [216, 40],
] as const;
const links = [
  [0, 1],
  [1, 2],
  [1, 3],
  [3, 4],
] as const;
const [width, height] = [48, 24];
const turns = ['mini-1', 'mini-2', 'mini-3', 'mini-3', 'mini-4'] as const;

/** `ends`: how each of the five ends; what is left out completes. */
export function MiniRun({ ends = [] }: { ends?: readonly (State | undefined)[] }) {
  return (
    <svg aria-hidden width="268" height="68" viewBox="-2 -2 268 68" className="block">
      {links.map(([from, to]) => {
        const [x1, y1] = [places[from][0] + width, places[from][1] + height / 2];
        const [x2, y2] = [places[to][0], places[to][1] + height / 2];
        return (
          <path key={`${from} ${to}`} d={`M${x1} ${y1}C${x1 + 12} ${y1} ${x2 - 12} ${y2} ${x2} ${y2}`} fill="none" stroke="var(--line-strong)" />
        );
      })}
      {places.map(([x, y], place) => {
        const state = ends[place] ?? 'completed';
        return (
          <g key={`${x} ${y}`} className={`s-${state}`}>
            <rect x={x} y={y} width={width} height={height} rx="4" fill="var(--paper)" stroke="var(--line-strong)" />
            <rect x={x + 6} y={y + 6} width={20} height="3" rx="1.5" fill="var(--line-strong)" />
            {state === 'queued' ? (
              <circle cx={x + 12} cy={y + 16} r="3" fill="none" className="state-stroke" />
            ) : (
              <circle cx={x + 12} cy={y + 16} r="3.5" className={clsx('state-fill mini-end', turns[place])} />
            )}
          </g>
        );
      })}
    </svg>
  );
}
