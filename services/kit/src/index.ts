/** Door of what every process of the hub needs: settings, logs, metrics, an orderly end. HTTP, crypto and Temporal have doors of their own. */
export { readEnv, tellStartFault } from './env.ts';
export { createLog, secretNames } from './log.ts';
export type { LogOptions, Logger } from './log.ts';
export { collectEarly } from './heap.ts';
export { createMetrics } from './metrics.ts';
export type { Metrics } from './metrics.ts';
export { onShutdown } from './shutdown.ts';
export type { ShutdownOptions, ShutdownStep } from './shutdown.ts';
export { createRedactor } from './redact.ts';
export { startPeriodic } from './periodic.ts';
export type { PeriodicOptions } from './periodic.ts';
