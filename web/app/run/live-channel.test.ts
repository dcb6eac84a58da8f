import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LiveSocket, type LiveState, openChannel, paced } from './live-channel.ts';

class FakeSocket implements LiveSocket {
  readyState = 1;
  readonly from: number;
  private readonly calls = new Map<string, (event: { data: unknown }) => void>();
  constructor(from: number) {
    this.from = from;
  }
  addEventListener(type: string, call: (event: { data: unknown }) => void): void {
    this.calls.set(type, call);
  }
  send(frame: unknown): void {
    this.calls.get('message')?.({ data: JSON.stringify(frame) });
  }
  close(): void {
    this.readyState = 3;
    this.calls.get('close')?.({ data: null });
  }
}

function channel() {
  const sockets: FakeSocket[] = [];
  const states: LiveState[] = [];
  let news = 0;
  const opened = openChannel({
    open: (seq) => {
      const socket = new FakeSocket(seq);
      sockets.push(socket);
      return socket;
    },
    lastSeq: 0,
    onNews: () => (news += 1),
    onState: (state) => states.push(state),
  });
  return { opened, sockets, states, news: () => news, last: () => sockets.at(-1) as FakeSocket };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('live channel', () => {
  it('resumes after a drop from the last event it saw, and tells each event once', () => {
    const { sockets, last, news, states } = channel();
    last().send({ type: 'ready', run: 'r', lastSeq: 0 });
    last().send({ type: 'event', seq: 1 });
    last().send({ type: 'event', seq: 2 });
    last().close();
    vi.advanceTimersByTime(500);
    expect(sockets.map(({ from }) => from)).toEqual([0, 2]);
    last().send({ type: 'ready', run: 'r', lastSeq: 2 });
    last().send({ type: 'event', seq: 2 });
    last().send({ type: 'event', seq: 3 });
    expect(news()).toBe(3);
    expect(states).toEqual(['connecting', 'live', 'broken', 'live']);
  });

  it('waits longer after each failure, at most 15 s, and not at all when woken', () => {
    const { opened, sockets, last } = channel();
    for (const waitMs of [500, 1000, 2000, 4000, 8000, 15_000, 15_000]) {
      const before = sockets.length;
      last().close();
      vi.advanceTimersByTime(waitMs - 1);
      expect(sockets.length).toBe(before);
      vi.advanceTimersByTime(1);
      expect(sockets.length).toBe(before + 1);
    }
    const before = sockets.length;
    last().close();
    opened.wake();
    expect(sockets.length).toBe(before + 1);
    vi.advanceTimersByTime(60_000);
    expect(sockets.length).toBe(before + 1);
  });

  it('stays closed once closed', () => {
    const { opened, sockets, states } = channel();
    opened.close();
    opened.wake();
    vi.advanceTimersByTime(60_000);
    expect(sockets.length).toBe(1);
    expect(states).toEqual(['connecting']);
  });

  it('paces the reading and never loses the last news', () => {
    let read = 0;
    const { call, stop } = paced(() => (read += 1), 300);
    for (let n = 0; n < 50; n += 1) call();
    expect(read).toBe(1);
    vi.advanceTimersByTime(300);
    expect(read).toBe(2);
    vi.advanceTimersByTime(3000);
    expect(read).toBe(2);
    call();
    stop();
    vi.advanceTimersByTime(3000);
    expect(read).toBe(3);
  });

  it('reads once, a little later, for what is shown already, and at once when something else happens', () => {
    let read = 0;
    const { call, soon } = paced(() => (read += 1), 1000, 300);
    for (let n = 0; n < 20; n += 1) soon();
    vi.advanceTimersByTime(299);
    expect(read).toBe(0);
    vi.advanceTimersByTime(1);
    expect(read).toBe(1);
    soon();
    vi.advanceTimersByTime(1000);
    expect(read).toBe(2);
    vi.advanceTimersByTime(1000);
    soon();
    call();
    expect(read).toBe(3);
    vi.advanceTimersByTime(5000);
    expect(read).toBe(3);
  });
});
