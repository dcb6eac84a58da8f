/**
 * The slot protocol of 02 once more, as naive as can be: lists, filters and sorts, no locks, no counters. Written from the text, to be held
 * against the database one operation after another.
 */
export type ModelStatus = 'queued' | 'starting' | 'running' | 'completed' | 'cancelled';

export interface ModelRun {
  id: number;
  workflow: number;
  status: ModelStatus;
  test: boolean;
  priority: number;
  cancelRequested: boolean;
}
export interface ModelWorkflow {
  limit: number;
  paused: boolean;
}
export type Overlap = 'queue' | 'skip' | 'cancel_older';

const holds = (run: ModelRun) => run.status === 'starting' || run.status === 'running';

/** One team. Runs are numbered in order of creation. */
export class SlotModel {
  readonly runs: ModelRun[] = [];
  readonly workflows: ModelWorkflow[];
  teamLimit: number;

  constructor(teamLimit: number, workflowLimits: number[]) {
    this.teamLimit = teamLimit;
    this.workflows = workflowLimits.map((limit) => ({ limit, paused: false }));
  }

  create(workflow: number, options: { test: boolean; priority: number; overlap: Overlap }): 'created' | 'paused' | 'busy' {
    const { test, priority, overlap } = options;
    const own = this.runs.filter((run) => run.workflow === workflow && !run.test && (holds(run) || run.status === 'queued'));
    const limit = this.workflows[workflow]!.limit;
    if (!test) {
      if (this.workflows[workflow]!.paused) return 'paused';
      const over = own.length + 1 - limit;
      if (over > 0 && overlap === 'skip') return 'busy';
      if (over > 0 && overlap === 'cancel_older') for (const old of own.slice(0, over)) this.cancelOne(old);
    }
    this.runs.push({ id: this.runs.length, workflow, status: 'queued', test, priority, cancelRequested: false });
    this.fill();
    return 'created';
  }

  begin(id: number): 'begun' | 'gone' | 'no-slot' {
    const run = this.runs[id]!;
    if (run.status === 'queued') return 'no-slot';
    if (!holds(run)) return 'gone';
    run.status = 'running';
    return 'begun';
  }

  finish(id: number): boolean {
    const run = this.runs[id]!;
    if (!holds(run)) return false;
    run.status = 'completed';
    this.fill();
    return true;
  }

  cancel(id: number): 'cancelled' | 'requested' | 'ended' {
    const outcome = this.cancelOne(this.runs[id]!);
    this.fill();
    return outcome;
  }

  setTeamLimit(limit: number): void {
    this.teamLimit = limit;
    this.fill();
  }

  setWorkflowLimit(workflow: number, limit: number): void {
    this.workflows[workflow]!.limit = limit;
    this.fill();
  }

  setPaused(workflow: number, paused: boolean): void {
    this.workflows[workflow]!.paused = paused;
    this.fill();
  }

  private cancelOne(run: ModelRun): 'cancelled' | 'requested' | 'ended' {
    if (run.status === 'queued' || run.status === 'starting') {
      run.status = 'cancelled';
      return 'cancelled';
    }
    if (run.status !== 'running') return 'ended';
    run.cancelRequested = true;
    return 'requested';
  }

  /** The first queued by (priority, created) that may run, until none may. */
  private fill(): void {
    for (;;) {
      if (this.runs.filter(holds).length >= this.teamLimit) return;
      const next = this.runs.filter((run) => run.status === 'queued' && this.hasRoom(run)).sort((a, b) => a.priority - b.priority || a.id - b.id)[0];
      if (next === undefined) return;
      next.status = 'starting';
    }
  }

  private hasRoom(run: ModelRun): boolean {
    if (run.test) return true;
    const workflow = this.workflows[run.workflow]!;
    return !workflow.paused && this.runs.filter((other) => other.workflow === run.workflow && !other.test && holds(other)).length < workflow.limit;
  }
}

/** Numbers from a seed (mulberry32), so that a failure can be had again. */
export function seeded(seed: number): {
  next: () => number;
  below: (n: number) => number;
  chance: (p: number) => boolean;
  pick: <T>(list: readonly T[]) => T | undefined;
} {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { next, below, chance: (p) => next() < p, pick: (list) => list[below(list.length)] };
}
