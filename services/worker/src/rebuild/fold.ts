/** From what the planner heard and said to the rows that people read. Pure. Values are not in a history: they stay what the rows hold. */
import { parsePath, type Command, type PendingRow, type Plan, type PlanEvent, type PlanNode, type StepError } from '@hub/dag/planner';
import type { Turn } from '@hub/runtime/rebuild';

export interface RebuiltRow {
  nodeId: string;
  path: string;
  iteration: number | null;
  /** `own`: its last attempt. `verdict`: the row without an attempt (0): skipped, disabled, pinned, or what `onError` made of a failure. */
  row: 'own' | 'verdict';
  status: PendingRow['status'];
  port: string | null;
  code: string | null;
  message: string | null;
  recovered: boolean;
  disabled: boolean;
  pinned: boolean;
  startedAt: number | null;
  completedAt: number | null;
  /** From the history, where it says so. */
  attempt: number | null;
}

export interface Rebuilt {
  rows: RebuiltRow[];
  /** By node: the state of its newest row, as the run's totals count it (its own row before its items'). */
  nodes: Record<string, string>;
  startedAt: number | null;
  /** Null while the run goes on. */
  end: { status: Extract<Command, { kind: 'finish' }>['status']; error: object | null; outputs: object[]; at: number } | null;
  /** Why it waits, where it waits. */
  waits: string | null;
}

const open = new Set<string>(['queued', 'running', 'waiting']);

/** Folds all turns of a run, oldest first. */
export function foldTurns(plan: Plan, turns: Turn[], attempts: ReadonlyMap<string, number> = new Map()): Rebuilt {
  const fold = new Fold(plan, attempts);
  for (const turn of turns) {
    if (turn.event !== null) fold.event(turn.event, turn.at);
    for (const command of turn.commands) fold.command(command, turn.at);
  }
  return fold.answer(turns[0]?.at ?? null);
}

class Fold {
  readonly #nodes: Map<string, PlanNode>;
  readonly #plan: Plan;
  readonly #attempts: ReadonlyMap<string, number>;
  readonly #rows = new Map<string, RebuiltRow>();
  #end: Rebuilt['end'] = null;
  #waits: string | null = null;

  constructor(plan: Plan, attempts: ReadonlyMap<string, number>) {
    this.#plan = plan;
    this.#nodes = new Map(plan.nodes.map((node) => [node.id, node]));
    this.#attempts = attempts;
  }

  answer(startedAt: number | null): Rebuilt {
    return {
      rows: [...this.#rows.values()],
      nodes: newestOf(this.#rows.values()),
      startedAt,
      end: this.#end,
      waits: this.#end === null ? this.#waits : null,
    };
  }

  event(event: PlanEvent, at: number): void {
    switch (event.kind) {
      case 'completed':
        return this.#own(event.path, at, { status: 'completed', port: event.port ?? 'out' });
      case 'failed':
        return this.#failed(event.path, event.error, at);
      case 'parked':
      case 'reopened':
        return this.#own(event.path, at, { status: 'waiting' });
      case 'loop-opened':
        return this.#own(event.path, at, { status: 'running' });
      case 'loop-closed':
        return event.error === undefined ? this.#own(event.path, at, { status: 'completed', port: 'out' }) : undefined;
      case 'group-settled':
        return this.#group(event, at);
      default:
    }
  }

  command(command: Command, at: number): void {
    if (command.kind === 'run-waits') this.#waits = command.reason;
    else if (command.kind === 'write-rows') for (const row of command.rows.filter(({ kept }) => kept === undefined)) this.#apply(row, at);
    else if (command.kind === 'finish') this.#finish(command, at);
    else if (command.kind === 'run-step' || command.kind === 'park') this.#own(command.path, at, { status: 'running' });
    if (command.kind === 'run-step' || command.kind === 'run-group' || command.kind === 'run-chunk' || command.kind === 'open-loop')
      this.#waits = null;
  }

  #failed(path: string, error: StepError, at: number): void {
    const node = this.#nodeOf(path);
    // A loop that could not be opened, or a group that could not be computed, has written nothing: its verdict comes as a row.
    if (path.includes('#') || (node?.loop && !this.#rows.has(key(path, 'own')))) return;
    this.#own(path, at, { status: 'failed', port: node?.onError === 'branch' ? 'error' : null, ...told(error) });
  }

  #group({ path, results }: Extract<PlanEvent, { kind: 'group-settled' }>, at: number): void {
    const scope = path.slice(0, path.indexOf('#'));
    for (const result of results) {
      const node = this.#nodes.get(result.nodeId);
      const own = scope === '' ? result.nodeId : `${scope}.${result.nodeId}`;
      if (node?.disabled && result.status !== 'skipped')
        this.#apply(
          { nodeId: result.nodeId, path: own, status: 'completed', disabled: true, ...(result.port === undefined ? {} : { port: result.port }) },
          at,
        );
      else if (result.status === 'skipped') {
        if (scope === '') this.#apply({ nodeId: result.nodeId, path: own, status: 'skipped' }, at);
      } else if (result.status === 'completed') this.#own(own, at, { status: 'completed', port: result.port ?? null });
      else this.#own(own, at, { status: 'failed', port: node?.onError === 'branch' ? 'error' : null, ...told(result.error) });
    }
  }

  /** As the database takes rows without an activity: they close what is open at their path, or stand as a verdict. */
  #apply(row: PendingRow, at: number): void {
    const own = this.#rows.get(key(row.path, 'own'));
    if (own !== undefined && (own.status === 'completed' || (own.status === row.status && (row.status === 'failed' || row.status === 'cancelled'))))
      return;
    const change = {
      status: row.status,
      port: row.port ?? null,
      recovered: row.recovered ?? false,
      disabled: row.disabled ?? false,
      pinned: row.pinned ?? false,
      ...told(row.error),
    };
    if (own !== undefined && open.has(own.status)) return this.#own(row.path, at, change);
    this.#set(row.path, 'verdict', at, change);
  }

  #finish({ status, error, outputs }: Extract<Command, { kind: 'finish' }>, at: number): void {
    for (const row of this.#rows.values())
      if (open.has(row.status)) Object.assign(row, { status: status === 'completed' ? 'lost' : 'cancelled', completedAt: at });
    this.#end = { status, error, outputs, at };
  }

  #own(path: string, at: number, change: Partial<RebuiltRow>): void {
    this.#set(path, 'own', at, change);
  }

  #set(path: string, row: RebuiltRow['row'], at: number, change: Partial<RebuiltRow>): void {
    const parsed = parsePath(path);
    if (parsed === null || parsed.nodeId === null) return;
    const known = this.#rows.get(key(path, row)) ?? {
      nodeId: parsed.nodeId,
      path,
      iteration: parsed.steps.at(-1)?.index ?? null,
      row,
      status: 'running' as const,
      port: null,
      code: null,
      message: null,
      recovered: false,
      disabled: false,
      pinned: false,
      startedAt: row === 'own' ? at : null,
      completedAt: null,
      attempt: row === 'own' ? (this.#attempts.get(path) ?? null) : 0,
    };
    const status = change.status ?? known.status;
    // Another attempt is another row: it is the newest then.
    if (status === 'running' && known.completedAt !== null) this.#rows.delete(key(path, row));
    this.#rows.set(key(path, row), { ...known, ...change, completedAt: open.has(status) ? null : at });
  }

  #nodeOf(path: string): PlanNode | undefined {
    const parsed = parsePath(path);
    const head = parsed?.group === null || parsed === null ? parsed?.nodeId : this.#plan.groups[parsed.group]?.[0];
    return this.#nodes.get(head ?? '');
  }
}

function newestOf(rows: Iterable<RebuiltRow>): Record<string, string> {
  const newest = new Map<string, RebuiltRow>();
  for (const row of rows) {
    const before = newest.get(row.nodeId);
    if (before === undefined || before.path.endsWith(']') || !row.path.endsWith(']')) newest.set(row.nodeId, row);
  }
  return Object.fromEntries([...newest].map(([id, { status }]) => [id, status]));
}

function key(path: string, row: RebuiltRow['row']): string {
  return `${row} ${path}`;
}

function told(error: StepError | undefined): { code: string | null; message: string | null } {
  return { code: error?.code ?? null, message: error?.message ?? null };
}
