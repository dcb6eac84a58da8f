/**
 * The planner: what a run does next, as a pure function. It goes into the Temporal sandbox, so it depends on nothing: no package, no Node
 * builtin, no clock, no chance.
 */
export * from './types.ts';
export type { Failure, IterationState, LoopState, NodeState, ParkState, RunState, ScopeState, WaitsState } from './state.ts';
export { engineVersion } from './engine.ts';
export { advance, startRun, startTrigger, type Planned } from './run.ts';
export { endOfGroup, walkGroup, type GroupEnd, type GroupSlice, type GroupStep } from './group-walk.ts';
export { childPath, effectPath, groupPath, itemPath, parsePath, type ParsedPath } from './paths.ts';
export { inFlight, isSettled, itemsDone, nodeTable, type NodeLine } from './report.ts';
export { disabledPort } from './rules.ts';
