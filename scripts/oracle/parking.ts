// What waits: waits, approvals, unknown outcomes, the messages that end them, and the pause of a run (rule 11, the kinds wait and approval).
import { complete, fail } from './ending.ts';
import { hasChild } from './state.ts';
import type { Event, Message, NodeState, Run } from './state.ts';

const units: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `250ms 30s 5m 2h 7d`, in ms. */
export function durationOf(text: unknown): number {
  const [, count, unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(String(text)) ?? [];
  const factor = units[unit];
  if (count === undefined || factor === undefined) throw new Error(`${String(text)} is no duration`);
  return Number(count) * factor;
}

/** The wait or approval has resolved what it waits for; a signal that was kept for it ends it at once. */
export function park(run: Run, state: NodeState): void {
  const { config } = state.node;
  const behaviour = run.script.behave(state.node.id, state.path);
  if (hasChild(state.node)) {
    state.parked = { reason: 'child', since: run.tick };
    run.events.push({ at: run.now + behaviour.durationMs, path: state.path, kind: 'end', state });
    return;
  }
  if (config['for'] !== undefined || config['until'] !== undefined) {
    state.parked = { reason: 'timer', since: run.tick };
    const elapsesIn = config['for'] === undefined ? behaviour.durationMs : durationOf(config['for']);
    run.events.push({ at: run.now + elapsesIn, path: state.path, kind: 'elapsed', state });
    return;
  }
  const signal = state.node.type === 'wait' ? String(config['signal']) : undefined;
  state.parked = { reason: signal === undefined ? 'approval' : 'signal', since: run.tick, ...(signal === undefined ? {} : { signal }) };
  if (config['timeout'] !== undefined) run.events.push({ at: run.now + durationOf(config['timeout']), path: state.path, kind: 'timeout', state });
  for (const { afterMs, messageId, signal: sent, decision } of behaviour.messages ?? []) {
    const message: Message = {
      messageId,
      ...(sent === undefined || sent.toPath ? { path: state.path } : {}),
      ...(sent === undefined ? {} : { signal: sent.name }),
      ...(decision === undefined ? {} : { decision }),
    };
    run.events.push({ at: run.now + afterMs, path: state.path, kind: 'message', message });
  }
  const at = run.keptSignals.findIndex((message) => message.signal === signal && (message.path ?? state.path) === state.path);
  if (signal === undefined || at < 0) return;
  run.keptSignals.splice(at, 1);
  run.met.add('signal-kept');
  release(run, state, 'out');
}

/** A signal ends the longest waiting of its name, or is kept; an answer ends its approval, or is refused. */
export function receive(run: Run, message: Message): void {
  if (run.messagesSeen.has(message.messageId)) {
    run.met.add(message.signal === undefined ? 'answer-twice' : 'signal-twice');
    return;
  }
  const waiting = parkedOnes(run).filter((state) => message.path === undefined || message.path === state.path);
  if (message.signal === undefined) {
    const asked = waiting.find((state) => state.parked?.reason === 'approval');
    if (asked === undefined) {
      run.met.add('answer-not-waiting'); // refused: it was never said
      return;
    }
    run.messagesSeen.add(message.messageId);
    release(run, asked, message.decision ?? 'approved');
    return;
  }
  run.messagesSeen.add(message.messageId);
  const named = waiting.filter((state) => state.parked?.signal === message.signal);
  const [longest] = named;
  if (longest === undefined) {
    run.keptSignals.push(message);
    run.met.add('signal-waits-for-nobody');
    return;
  }
  if (named.length > 1) run.met.add('signal-longest-waiting');
  if (message.path !== undefined) run.met.add('signal-to-path');
  release(run, longest, 'out');
}

/** A step whose call may or may not have had its effect is answered. */
export function settleUnknown(run: Run, state: NodeState): void {
  const { unknown, durationMs } = run.script.behave(state.node.id, state.path);
  delete state.parked;
  state.calledBefore = true;
  if (unknown?.decision === 'done') {
    run.met.add('unknown-done');
    complete(run, state, 'out', { $from: state.path });
  } else if (unknown?.decision === 'fail') {
    run.met.add('unknown-fail');
    fail(run, state, { nodeId: state.node.id, path: state.path, code: 'step.unknown-outcome' });
  } else {
    run.met.add('unknown-retry');
    run.events.push({ at: run.now + durationMs, path: state.path, kind: 'end', state });
  }
}

/** Whether this event waits for the end of a pause. */
export function isTimer(event: Event): boolean {
  return event.kind === 'elapsed' || event.kind === 'timeout' || event.kind === 'limit' || event.kind === 'time-out';
}

/** The parked ones, the longest waiting first. */
export function parkedOnes(run: Run): readonly NodeState[] {
  return run.scopes
    .flatMap((scope) => scope.nodes)
    .filter((state) => state.status === 'running' && state.parked !== undefined)
    .sort((a, b) => (a.parked?.since ?? 0) - (b.parked?.since ?? 0));
}

/** Ends a wait or approval by its port. */
export function release(run: Run, state: NodeState, port: string): void {
  delete state.parked;
  complete(run, state, port, { $from: state.path });
}
