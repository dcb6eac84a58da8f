/** A run at any of its moments. Depends on nothing but the planner's paths: it goes into the browser too. */
export { foldEvents, MomentFold, scopeOf, type KeptStep, type LoggedEvent, type NodeMoment, type RunMoment, type StepMoment } from './fold.ts';
