/**
 * How long the job at hand may take, inside a child. What counts is its own processor time: on a machine that is busy with other things an innocent
 * expression would else fail its run for good.
 */
import { limits } from './names.ts';

/** Before the pool's kill, so that the engine's own guard can say it better. */
const earlyMs = 100;
const usualMs = limits.expressionMs - earlyMs;
const mostMs = limits.expressionMostMs - earlyMs;

let begunAt = Date.now();
let spentBefore = 0;
let allowedMs = usualMs;

function spentMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** A job begins: a child does one at a time. */
export function beginClock(): void {
  begunAt = Date.now();
  spentBefore = spentMs();
  allowedMs = usualMs;
}

/** Wall time that an evaluation may take, from the job's begin: its limit, and as long as it had to wait for the processor. Asked at every step of one. */
export function allowedWallMs(): number {
  const wallMs = Date.now() - begunAt;
  if (wallMs <= allowedMs) return allowedMs;
  const waitedMs = Math.max(0, wallMs - (spentMs() - spentBefore));
  allowedMs = Math.min(mostMs, usualMs + waitedMs);
  return allowedMs;
}
