/**
 * Time travel: what a run looked like right after one of its events, folded from its event log alone. Pure, so API, browser and tests fold alike.
 * Values are not in events; a step names the attempt whose output it had, and an output never changes once its attempt is over.
 */
import { parsePath } from '../planner/index.ts';

/** An event of the log, as the API lists them. */
export interface LoggedEvent {
  seq: number;
  /** ISO 8601. */
  at: string;
  type: string;
  path: string | null;
  refs: unknown;
}

/** A row that a continued run was given: it is completed from `run.kept` on. */
export interface KeptStep {
  path: string;
  nodeId: string;
  attempt: number;
  port: string | null;
}

/** The state of one path at the moment. */
export interface StepMoment {
  path: string;
  nodeId: string;
  /** Index of the innermost iteration around it. */
  iteration: number | null;
  /** 0: the row without an attempt (skipped, pinned, or the verdict on a failure). */
  attempt: number;
  status: string;
  port: string | null;
  /** Code of its error. */
  code: string | null;
  kept: boolean;
}

/** A node over all of its paths; as the run's own sums per node, at the moment. */
export interface NodeMoment {
  nodeId: string;
  status: string;
  /** Paths by their state: of the iterations where the node repeats. */
  counts: Record<string, number>;
  /** Iterations seen so far, where it repeats or is a loop. */
  items: number | null;
  attempts: number;
  startedAt: string | null;
  completedAt: string | null;
  tokens: number;
  costUsd: number;
  port: string | null;
  kept: boolean;
}

export interface RunMoment {
  /** Number of the last event folded; 0: nothing has happened yet. */
  seq: number;
  at: string | null;
  status: string;
  /** Of a waiting run. */
  statusReason: string | null;
  steps: number;
  tokens: number;
  costUsd: number;
}

interface Step extends StepMoment {
  tries: number;
}
interface Sum {
  startedAt: string | null;
  endedAt: string | null;
  tokens: number;
  costUsd: number;
}

const settledRun = new Set(['completed', 'failed', 'cancelled', 'timed_out']);
const openStep = new Set(['queued', 'running', 'waiting']);

/** Folds events in order of `seq`; ask it at any time. */
export class MomentFold {
  readonly #run: RunMoment = { seq: 0, at: null, status: 'queued', statusReason: null, steps: 0, tokens: 0, costUsd: 0 };
  readonly #steps = new Map<string, Step>();
  readonly #sums = new Map<string, Sum>();
  readonly #kept: readonly KeptStep[];

  /** `kept`: the rows that the run was given where it continues another. */
  constructor(kept: readonly KeptStep[] = []) {
    this.#kept = kept;
  }

  add(event: LoggedEvent): void {
    const run = this.#run;
    run.seq = event.seq;
    run.at = event.at;
    const [subject, verb = ''] = event.type.split('.');
    if (subject === 'run') this.#runEvent(verb, refsOf(event));
    else if (subject === 'step' && event.path !== null) this.#stepEvent(event.path, verb, event);
  }

  run(): RunMoment {
    return { ...this.#run };
  }

  step(path: string): StepMoment | null {
    const step = this.#steps.get(path);
    return step === undefined ? null : shown(step);
  }

  /** Every path touched so far, in order of path. */
  steps(): StepMoment[] {
    return [...this.#steps.values()].map(shown).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /**
   * Steps whose values can be read from `scope`: the run's own graph (`''`) or an iteration (`l[2]`, `l[2].m[0]`), with all scopes around it. Completed
   * ones have a value; failed ones with a port an error. Outer scopes first.
   */
  visible(scope: string): StepMoment[] {
    const scopes = around(scope);
    const hasValue = ({ status, port }: StepMoment): boolean => status === 'completed' || (status === 'failed' && port !== null);
    return this.steps()
      .filter((step) => scopes.has(scopeOf(step.path)) && hasValue(step))
      .sort((a, b) => scopeOf(a.path).length - scopeOf(b.path).length);
  }

  /** One line per node given, in that order. */
  nodes(ids: readonly string[]): NodeMoment[] {
    const byNode = new Map<string, Step[]>();
    const items = new Map<string, number>();
    for (const step of this.#steps.values()) {
      const known = byNode.get(step.nodeId);
      if (known === undefined) byNode.set(step.nodeId, [step]);
      else known.push(step);
      for (const { id, index } of parsePath(step.path)?.steps ?? []) items.set(id, Math.max(items.get(id) ?? 0, index + 1));
    }
    return ids.map((id) => this.#node(id, byNode.get(id) ?? [], items.get(id) ?? null));
  }

  #node(nodeId: string, steps: Step[], loopItems: number | null): NodeMoment {
    const sum = this.#sums.get(nodeId);
    const inside = steps.filter(({ iteration }) => iteration !== null);
    const repeats = inside.length > 0;
    const own = steps.find(({ path }) => path === nodeId);
    const counts: Record<string, number> = {};
    for (const { status } of repeats ? inside : steps) counts[status] = (counts[status] ?? 0) + 1;
    const isOpen = steps.some(({ status }) => openStep.has(status));
    return {
      nodeId,
      status: own?.status ?? this.#statusOf(steps),
      counts,
      items: loopItems ?? (repeats ? inside.length : null),
      attempts: steps.reduce((all, { tries }) => all + tries, 0),
      startedAt: sum?.startedAt ?? null,
      completedAt: isOpen ? null : (sum?.endedAt ?? null),
      tokens: sum?.tokens ?? 0,
      costUsd: sum?.costUsd ?? 0,
      port: own?.port ?? null,
      kept: steps.length > 0 && steps.every(({ kept }) => kept),
    };
  }

  #statusOf(steps: Step[]): string {
    if (steps.length === 0) return settledRun.has(this.#run.status) ? 'skipped' : 'queued';
    const has = (...states: string[]): boolean => steps.some(({ status }) => states.includes(status));
    if (has('waiting') && !has('running', 'queued')) return 'waiting';
    if (has('waiting', 'running', 'queued')) return 'running';
    if (has('failed')) return 'failed';
    if (has('cancelled')) return 'cancelled';
    return steps.every(({ status }) => status === 'skipped') ? 'skipped' : 'completed';
  }

  #runEvent(verb: string, refs: Record<string, unknown>): void {
    const run = this.#run;
    if (verb === 'kept') for (const step of this.#kept) this.#keep(step);
    const status = verb === 'starting' ? 'queued' : verb;
    if (!settledRun.has(status) && !['queued', 'running', 'waiting'].includes(status)) return;
    run.status = status;
    run.statusReason = status === 'waiting' && typeof refs['reason'] === 'string' ? refs['reason'] : null;
  }

  #keep({ path, nodeId, attempt, port }: KeptStep): void {
    this.#steps.set(path, { path, nodeId, iteration: iterationOf(path), attempt, status: 'completed', port, code: null, kept: true, tries: 1 });
  }

  #stepEvent(path: string, status: string, event: LoggedEvent): void {
    const refs = refsOf(event);
    const was = this.#steps.get(path);
    const attempt = typeof refs['attempt'] === 'number' ? refs['attempt'] : 0;
    const nodeId = typeof refs['nodeId'] === 'string' ? refs['nodeId'] : (parsePath(path)?.nodeId ?? path);
    const fresh = attempt > 0 && attempt > Math.max(was?.attempt ?? 0, was?.tries ?? 0) ? 1 : 0;
    this.#steps.set(path, {
      path,
      nodeId,
      iteration: iterationOf(path),
      attempt,
      status,
      port: typeof refs['port'] === 'string' ? refs['port'] : null,
      code: typeof refs['code'] === 'string' ? refs['code'] : null,
      kept: false,
      tries: (was?.tries ?? 0) + fresh,
    });
    const sum = this.#sums.get(nodeId) ?? { startedAt: null, endedAt: null, tokens: 0, costUsd: 0 };
    if (attempt > 0) sum.startedAt ??= event.at;
    if (!openStep.has(status)) sum.endedAt = event.at;
    const tokens = typeof refs['tokens'] === 'number' ? refs['tokens'] : 0;
    const cost = typeof refs['costUsd'] === 'number' ? refs['costUsd'] : 0;
    sum.tokens += tokens;
    sum.costUsd += cost;
    this.#sums.set(nodeId, sum);
    this.#run.steps += fresh;
    this.#run.tokens += tokens;
    this.#run.costUsd += cost;
  }
}

/** The moment right after the last of `events` (in order of `seq`). */
export function foldEvents(events: Iterable<LoggedEvent>, kept: readonly KeptStep[] = []): MomentFold {
  const fold = new MomentFold(kept);
  for (const event of events) fold.add(event);
  return fold;
}

/** The iteration a path lies in: `''` for the run's own graph. An item of a `forEach` node (`x[2]`) is its own scope. */
export function scopeOf(path: string): string {
  if (path.endsWith(']')) return path;
  const dot = path.lastIndexOf('.');
  return dot < 0 ? '' : path.slice(0, dot);
}

function around(scope: string): Set<string> {
  const scopes = new Set(['']);
  const parts = scope === '' ? [] : scope.split('.');
  for (let n = 1; n <= parts.length; n += 1) scopes.add(parts.slice(0, n).join('.'));
  return scopes;
}

function iterationOf(path: string): number | null {
  return parsePath(path)?.steps.at(-1)?.index ?? null;
}

function shown(step: Step): StepMoment {
  const { tries: _, ...rest } = step;
  return rest;
}

function refsOf({ refs }: LoggedEvent): Record<string, unknown> {
  return typeof refs === 'object' && refs !== null ? (refs as Record<string, unknown>) : {};
}
