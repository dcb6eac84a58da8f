/** Follows runs from a page: news read the page's data again. */
import { startTransition, useEffect, useEffectEvent, useState } from 'react';
import { useRevalidator } from 'react-router';
import { type LiveState, openChannel, paced } from './live-channel.ts';
import type { LiveEvent } from './live-patch.ts';

export type { LiveState } from './live-channel.ts';

/** Of events that were drawn at once, the rest is read after so long. */
const soonMs = 300;

/** The channel of one run on our own origin. */
export function openSocket(runId: string, lastSeq: number): WebSocket {
  const url = new URL(`/api/v1/live?run=${encodeURIComponent(runId)}&lastSeq=${lastSeq}`, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  // oxlint-disable-next-line no-restricted-globals -- the browser's own channel to our own origin (CSP connect-src 'self')
  return new WebSocket(url);
}

/** Follows runs and reads the page's data again when something happened, at most every `paceMs`; `onEvent` hears each event at once. */
export function useLiveRuns(runIds: readonly string[], paceMs: number, onEvent?: (event: LiveEvent) => void): LiveState {
  const revalidator = useRevalidator();
  const read = useEffectEvent(() => void revalidator.revalidate());
  const hear = useEffectEvent((event: LiveEvent) => onEvent?.(event));
  const drawn = useEffectEvent(() => onEvent !== undefined);
  const [states, setStates] = useState<Record<string, LiveState>>({});
  const key = runIds.join(' ');
  useEffect(() => {
    if (!key) return;
    const again = paced(() => read(), paceMs, soonMs);
    const channels = key.split(' ').map((runId) =>
      openChannel({
        open: (seq) => openSocket(runId, seq),
        lastSeq: 0,
        // What an event says is drawn already where somebody hears it: reading the rest may wait, drawing may not.
        onNews: (what) => (what === 'event' && drawn() ? again.soon() : again.call()),
        onEvent: (event) => hear(event),
        // In a transition: a part of the page that is not awake yet stays as the server drew it.
        onState: (state) => startTransition(() => setStates((before) => ({ ...before, [runId]: state }))),
      }),
    );
    const wake = (): void => channels.forEach((channel) => channel.wake());
    window.addEventListener('online', wake);
    document.addEventListener('visibilitychange', wake);
    return () => {
      window.removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wake);
      again.stop();
      for (const channel of channels) channel.close();
    };
  }, [key, paceMs]);
  if (!key) return 'off';
  const now = runIds.map((runId) => states[runId] ?? 'connecting');
  return now.includes('broken') ? 'broken' : now.includes('connecting') ? 'connecting' : 'live';
}

/** Reads the page's data again every `everyMs` while somebody looks at it; 0 stops it. For lists, where new rows have no channel. */
export function useReadAgain(everyMs: number): void {
  const revalidator = useRevalidator();
  const read = useEffectEvent(() => {
    if (document.visibilityState === 'visible' && revalidator.state === 'idle') void revalidator.revalidate();
  });
  useEffect(() => {
    if (everyMs <= 0) return;
    const timer = setInterval(() => read(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
