/** Door to Temporal for clients: one connection factory and the one way in which a run is started. */
export { openCodec, type TemporalCodec } from './codec.ts';
export { connectTemporal } from './connect.ts';
export type { TemporalConnection } from './connect.ts';
export { createMessenger, type SendMessages } from './messenger.ts';
export { createRunStarter, searchAttributeKeys } from './start-run.ts';
export type { RunStart, StartRuns } from './start-run.ts';
export { createTriggerDispatcher, scheduleIdOf, seriesIdOf } from './trigger-dispatcher.ts';
export type { FarSide, TriggerClaim, TriggerDispatcher, TriggerPlace, TriggerStore } from './trigger-dispatcher.ts';
