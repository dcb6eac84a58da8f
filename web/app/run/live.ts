/** The live channel of a run: a WebSocket that resumes after a drop from the last event it saw. No polling. */
import type { LiveFrame } from '@hub/contract';
import { useEffect, useRef, useState } from 'react';
import { useRevalidator } from 'react-router';

export type LiveState = 'off' | 'connecting' | 'live' | 'broken';

const firstWaitMs = 500;
const mostWaitMs = 15_000;

interface LiveOptions {
  runId: string;
  lastSeq: number;
  /** Something happened: an event, or the run's own row changed. */
  onNews: () => void;
  onState: (state: LiveState) => void;
}

/** Opens the channel and keeps it open. The answer closes it for good. */
function openLive({ runId, lastSeq, onNews, onState }: LiveOptions): () => void {
  let seq = lastSeq;
  let waitMs = firstWaitMs;
  let closed = false;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const connect = (): void => {
    const url = new URL(`/api/v1/live?run=${encodeURIComponent(runId)}&lastSeq=${seq}`, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    socket = new WebSocket(url);
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as LiveFrame;
      if (frame.type === 'ready') {
        waitMs = firstWaitMs;
        onState('live');
      }
      if (frame.type === 'run') onNews();
      if (frame.type !== 'event' || frame.seq <= seq) return;
      seq = frame.seq;
      onNews();
    });
    socket.addEventListener('close', () => {
      if (closed) return;
      onState('broken');
      timer = setTimeout(connect, waitMs);
      waitMs = Math.min(mostWaitMs, waitMs * 2);
    });
  };
  // A laptop that wakes up, a network that comes back: do not wait for the timer.
  const wake = (): void => {
    if (closed || socket?.readyState !== WebSocket.CLOSED) return;
    clearTimeout(timer);
    waitMs = firstWaitMs;
    connect();
  };
  onState('connecting');
  connect();
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  return () => {
    closed = true;
    clearTimeout(timer);
    window.removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', wake);
    socket?.close();
  };
}

/** Calls `work` at once and then at most every `ms`, the last call never lost. */
function paced(work: () => void, ms: number): { call: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const call = (): void => {
    if (timer) {
      again = true;
      return;
    }
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) {
        again = false;
        call();
      }
    }, ms);
  };
  return { call, stop: () => clearTimeout(timer) };
}

/** Follows runs and reads the page's data again when something happened. `paceMs`: at most that often. */
export function useLiveRuns(runIds: readonly string[], paceMs: number): LiveState {
  const revalidator = useRevalidator();
  const latest = useRef(revalidator);
  latest.current = revalidator;
  const [states, setStates] = useState<Record<string, LiveState>>({});
  const key = runIds.join(' ');
  useEffect(() => {
    if (!key) return;
    const again = paced(() => void latest.current.revalidate(), paceMs);
    const closers = key.split(' ').map((runId) =>
      openLive({
        runId,
        lastSeq: 0,
        onNews: again.call,
        onState: (state) => setStates((before) => ({ ...before, [runId]: state })),
      }),
    );
    return () => {
      again.stop();
      for (const close of closers) close();
    };
  }, [key, paceMs]);
  if (!key) return 'off';
  const now = runIds.map((runId) => states[runId] ?? 'connecting');
  return now.includes('broken') ? 'broken' : now.includes('connecting') ? 'connecting' : 'live';
}
