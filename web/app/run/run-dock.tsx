/**
 * The foot of the run page: what the run wants of whoever looks (why it failed and what to do, an answer, a signal) and what was undone. Docked over what is below it, so that
 * nothing of the page moves when it comes while somebody watches, nor when it goes.
 */
import { lazy, type RefObject, Suspense, useEffect, useRef, useState } from 'react';
import type { RunData } from './load.server.ts';

/** Most visits need none of these. */
const FailedBanner = lazy(async () => ({ default: (await import('./run-banner.tsx')).FailedBanner }));
const UndoBanner = lazy(async () => ({ default: (await import('./undo-banner.tsx')).UndoBanner }));
const RunWaits = lazy(async () => ({ default: (await import('./waits.tsx')).RunWaits }));

/** Toasts stand above the dock: its height is a variable of the document while it is there. */
function useHeightTold(frame: RefObject<HTMLElement | null>, there: boolean): void {
  useEffect(() => {
    const element = frame.current;
    if (!there || !element) return;
    const root = document.documentElement;
    const watch = new ResizeObserver(() => root.style.setProperty('--dock', `${element.offsetHeight}px`));
    watch.observe(element);
    return () => {
      watch.disconnect();
      root.style.removeProperty('--dock');
    };
  }, [frame, there]);
}

/** Nothing where the run goes its way, or went it. */
export function RunDock({ data }: { data: RunData }) {
  const { run, nodes, settled } = data;
  const waits = !settled && (nodes.some(({ state }) => state === 'waiting') || run.statusReason === 'pause');
  const there = waits || run.error !== null || Boolean(run.undo);
  const frame = useRef<HTMLDivElement>(null);
  // What stood there from the first does not move; what comes while one watches rises.
  const [fromFirst] = useState(there);
  useHeightTold(frame, there);
  if (!there) return null;
  return (
    <div
      ref={frame}
      className={`sticky bottom-0 z-10 mt-auto flex max-h-[60dvh] shrink-0 flex-col bg-paper shadow-float max-wide:bottom-[56px] ${fromFirst ? '' : 'panel-rise'}`}
    >
      {(waits || run.undo) && (
        <div className="min-h-0 overflow-y-auto">
          {run.undo && (
            <Suspense>
              <UndoBanner data={data} />
            </Suspense>
          )}
          {waits && (
            <Suspense>
              <RunWaits data={data} />
            </Suspense>
          )}
        </div>
      )}
      {/* Below what was undone: that comes later, and this must not move for it. */}
      {run.error && (
        <Suspense>
          <FailedBanner data={data} />
        </Suspense>
      )}
    </div>
  );
}
