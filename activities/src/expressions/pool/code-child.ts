/**
 * The child in which users' JavaScript runs. It gives way: code may compute for as long as its step may, and whoever keeps both cores busy must not keep the
 * worker from hearing of a cancel, nor other teams' steps from being written.
 */
import { getPriority, setPriority } from 'node:os';

/** Added to the worker's own. */
const nice = 5;
/** The lowest there is. */
const lowest = 19;
try {
  setPriority(Math.min(lowest, getPriority() + nice));
} catch {
  // Where the system does not allow it, it runs as all others do.
}

export { default } from './child.ts';
