/** Times that stay true while the page is open: one shared clock, exact instant with zone on hover. */
import { useCallback, useState, useSyncExternalStore } from 'react';
import { useZone } from './zone.ts';
import { formatAgo, formatDuration, formatExact, formatMoney } from './format.ts';

const listeners = new Map<number, { now: number; timer: ReturnType<typeof setInterval>; calls: Set<() => void> }>();

function subscribe(everyMs: number, call: () => void): () => void {
  let clock = listeners.get(everyMs);
  if (!clock) {
    const calls = new Set<() => void>();
    const fresh = {
      now: Date.now(),
      calls,
      timer: setInterval(() => {
        fresh.now = Date.now();
        for (const each of calls) each();
      }, everyMs),
    };
    clock = fresh;
    listeners.set(everyMs, clock);
  }
  clock.calls.add(call);
  return () => {
    clock.calls.delete(call);
    if (clock.calls.size === 0) {
      clearInterval(clock.timer);
      listeners.delete(everyMs);
    }
  };
}

/** The time, renewed every `everyMs`; 0 stops it. On the server and at hydration it is the time of that render. */
export function useNow(everyMs: number): number {
  const [first] = useState(() => Date.now());
  // One identity per pace: a new one each render would resubscribe, restart the clock and render again without end.
  const follow = useCallback((call: () => void) => (everyMs > 0 ? subscribe(everyMs, call) : () => undefined), [everyMs]);
  return useSyncExternalStore(
    follow,
    () => listeners.get(everyMs)?.now ?? first,
    () => first,
  );
}

/** `3 min ago`; the exact instant in the viewer's zone on hover. `past`: it has happened, whatever a clock that is some seconds behind says. */
export function Ago({ at, past, className }: { at: string | null; past?: boolean; className?: string }) {
  const clock = useNow(15_000);
  const zone = useZone();
  if (!at) return <span className="text-faint">never</span>;
  return (
    <time dateTime={at} title={formatExact(Date.parse(at), zone)} className={className} suppressHydrationWarning>
      {formatAgo(Date.parse(at), past ? Math.max(clock, Date.parse(at)) : clock, zone)}
    </time>
  );
}

/** Duration between two instants; counts on while `to` is null. */
export function Duration({ from, to, className }: { from: string | null; to: string | null; className?: string }) {
  const now = useNow(from && !to ? 1000 : 0);
  if (!from) return <span className="text-faint">–</span>;
  const end = to ? Date.parse(to) : now;
  const ms = Math.max(0, end - Date.parse(from));
  // A counting figure in whole seconds: tenths that change once a second look broken.
  const text = to
    ? formatDuration(ms)
    : formatDuration(Math.floor(ms / 1000) * 1000)
        .replace('.0 s', ' s')
        .replace('0 ms', '0 s');
  return (
    <span className={className ?? 'tabular'} suppressHydrationWarning>
      {text}
    </span>
  );
}

/** A cost; `null` means that the price is not known, which is not nothing. */
export function Money({ usd, className }: { usd: number | null; className?: string }) {
  if (usd === null)
    return (
      <span className="text-faint" title="The price of this model is not known">
        –
      </span>
    );
  return (
    <span className={className ?? 'tabular'} title={usd > 0 ? `$${usd.toFixed(8).replace(/0+$/, '')}` : undefined}>
      {formatMoney(usd)}
    </span>
  );
}
