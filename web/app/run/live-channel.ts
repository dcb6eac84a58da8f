/** The live channel of a run without React: stays open, resumes from the last event it saw, waits longer after each failure. No polling. */
import type { LiveFrame } from '@hub/contract';

export type LiveState = 'off' | 'connecting' | 'live' | 'broken';

/** What is used of a WebSocket; tests bring their own. */
export interface LiveSocket {
  readonly readyState: number;
  addEventListener(type: 'message', call: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', call: () => void): void;
  close(): void;
}

export interface LiveOptions {
  /** Opens a socket that sends everything after `lastSeq`. */
  open: (lastSeq: number) => LiveSocket;
  lastSeq: number;
  /** Something happened: an event, or the run's own row changed. */
  onNews: (what: 'event' | 'run') => void;
  /** Each event as it came, once and in order; called before `onNews`. */
  onEvent?: (event: Extract<LiveFrame, { type: 'event' }>) => void;
  onState: (state: LiveState) => void;
}

export interface LiveChannel {
  /** Connects at once where it waits to: the machine woke up, the network is back. */
  wake: () => void;
  /** Closes it for good. */
  close: () => void;
}

const firstWaitMs = 500;
const mostWaitMs = 15_000;
const closedState = 3;

/** Opens the channel and keeps it open until `close`. */
export function openChannel({ open, lastSeq, onNews, onEvent, onState }: LiveOptions): LiveChannel {
  let seq = lastSeq;
  let waitMs = firstWaitMs;
  let closed = false;
  let socket: LiveSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const onFrame = (frame: LiveFrame): void => {
    if (frame.type === 'ready') {
      waitMs = firstWaitMs;
      onState('live');
    } else if (frame.type === 'run') {
      onNews('run');
    } else if (frame.type === 'event' && frame.seq > seq) {
      seq = frame.seq;
      onEvent?.(frame);
      onNews('event');
    }
  };
  const connect = (): void => {
    socket = open(seq);
    socket.addEventListener('message', ({ data }) => onFrame(JSON.parse(String(data)) as LiveFrame));
    socket.addEventListener('close', () => {
      if (closed) return;
      onState('broken');
      timer = setTimeout(connect, waitMs);
      waitMs = Math.min(mostWaitMs, waitMs * 2);
    });
  };
  onState('connecting');
  connect();
  return {
    wake: () => {
      if (closed || socket?.readyState !== closedState) return;
      clearTimeout(timer);
      waitMs = firstWaitMs;
      connect();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}

export interface Paced {
  /** Works now, or as soon as the pace allows; never lost. */
  call: () => void;
  /** Works within `soonMs` and with what else comes until then: for what has been shown already in another way. */
  soon: () => void;
  stop: () => void;
}

/** Calls `work` at most every `ms`; a call in between is never lost. */
export function paced(work: () => void, ms: number, soonMs = ms): Paced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The timer stands for work still to be done, not for the pause after it. */
  let due = false;
  let again = false;
  const run = (): void => {
    due = false;
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      run();
    }, ms);
  };
  return {
    call: () => {
      if (timer && !due) {
        again = true;
        return;
      }
      clearTimeout(timer);
      run();
    },
    soon: () => {
      if (timer) {
        again ||= !due;
        return;
      }
      due = true;
      timer = setTimeout(run, soonMs);
    },
    stop: () => clearTimeout(timer),
  };
}
