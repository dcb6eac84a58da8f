/** Test kit: plans in a few words, and a driver that answers the planner's commands. */
import {
  advance,
  groupPath,
  startRun,
  type Command,
  type Plan,
  type PlanEdge,
  type PlanEvent,
  type PlanNode,
  type RunState,
  type StartOptions,
} from '../planner/index.ts';

export type NodeSketch = Partial<Omit<PlanNode, 'loop'>> & { loop?: Partial<NonNullable<PlanNode['loop']>> };

/** `edges` as 'a>b' or 'a:port>b'. */
export function planOf(
  nodes: Record<string, NodeSketch>,
  edges: string[],
  rest: Partial<Omit<Plan, 'settings'>> & { settings?: Partial<Plan['settings']> } = {},
): Plan {
  const ids = Object.keys(nodes).sort();
  return {
    engine: 1,
    definitionHash: 'h',
    workflowName: 'test',
    nodes: ids.map((id) => nodeOf(id, nodes[id] ?? {})),
    edges: edges.map(edgeOf),
    triggers: rest.triggers ?? [],
    groups: rest.groups ?? [],
    outputs: rest.outputs ?? [],
    settings: { timeoutMs: 0, onFailure: 'stop', maxParallel: 20, compensate: 'never', ...rest.settings },
  };
}

function edgeOf(text: string): PlanEdge {
  const [from = '', to = ''] = text.split('>');
  const [id = '', port = 'out'] = from.split(':');
  return { from: id, fromPort: port, to };
}

function nodeOf(id: string, sketch: NodeSketch): PlanNode {
  const { loop, ...rest } = sketch;
  return {
    id,
    type: loop ? 'loop' : 'action',
    label: id,
    parent: null,
    work: loop ? 'loop' : 'step',
    join: 'any',
    disabled: false,
    group: null,
    first: false,
    ports: ['out'],
    retry: { maxAttempts: 1, backoff: 'exponential', initialMs: 1000, maxMs: 60_000 },
    timeoutMs: 0,
    onError: 'fail',
    fallbackPort: 'out',
    idempotent: true,
    reads: [],
    ...rest,
    loop: loop
      ? { mode: 'for_each', body: 'nodes', concurrency: 10, onItemError: 'fail', sink: null, maxIterations: 100, onMax: 'fail', ...loop }
      : null,
  };
}

/** Drives a plan by hand: keeps the state, remembers the commands not yet answered. */
export class Driver {
  readonly plan: Plan;
  state: RunState;
  last: Command[];
  readonly all: Command[];

  constructor(plan: Plan, start: Partial<StartOptions> = {}) {
    this.plan = plan;
    const first = startRun(plan, { trigger: null, ...start });
    this.state = first.state;
    this.last = first.commands;
    this.all = [...first.commands];
  }

  on(event: PlanEvent): Command[] {
    const before = JSON.stringify(this.state);
    const next = advance(this.plan, this.state, event);
    if (JSON.stringify(this.state) !== before) throw new Error('advance changed the state it was given');
    this.state = next.state;
    this.last = next.commands;
    this.all.push(...next.commands);
    return next.commands;
  }

  done(path: string, port?: string): Command[] {
    return this.on({ kind: 'completed', path, ...(port === undefined ? {} : { port }) });
  }

  fails(path: string, code = 'boom'): Command[] {
    return this.on({ kind: 'failed', path, error: errorOf(code) });
  }

  status(id: string): string {
    return this.state.root.nodes[id]?.status ?? 'pending';
  }

  get finish(): Extract<Command, { kind: 'finish' }> | undefined {
    return this.all.find((command) => command.kind === 'finish');
  }
}

export function errorOf(code: string): { code: string; message: string; attempt: number } {
  return { code, message: code, attempt: 1 };
}

/** What the commands of one turn start, cancel and so on, in short: `run a`, `cancel l[0].b`, `open l`, `finish completed`. */
export function brief(commands: Command[]): string[] {
  return commands.flatMap((command) => {
    switch (command.kind) {
      case 'run-step':
        return [`run ${command.path}`];
      case 'run-group':
        return [`group ${groupPath(command.scope, command.group)}`];
      case 'open-loop':
        return [`open ${command.path}`];
      case 'check-loop':
        return [`check ${command.path} ${command.index}`];
      case 'close-iteration':
        return [`result ${command.path} ${command.index}`];
      case 'close-loop':
        return [`close ${command.path}`];
      case 'run-chunk':
        return [`chunk ${command.path} ${command.from} ${command.to}`];
      case 'run-items':
        return [`items ${command.path} ${command.from} ${command.to} in ${command.places}`];
      case 'write-rows':
        return command.rows.map((row) => `row ${row.path} ${row.status}`);
      case 'start-timer':
        return [`timer ${command.key} ${command.ms}`];
      case 'start-timer-at':
        return [`timer ${command.key} at ${command.at}`];
      case 'stop-timer':
      case 'hold-timer':
      case 'release-timer':
        return [`${command.kind} ${command.key}`];
      case 'run-waits':
        return [`waits ${command.reason}`];
      case 'park':
      case 'remind':
        return [`${command.kind} ${command.path}`];
      case 'cancel-child':
        return [`cancel-child ${command.path} ${command.child}`];
      case 'release':
        return [`release ${command.path} ${command.by}`];
      case 'undo':
        return [`undo ${command.round}`];
      case 'cancel':
        return [`cancel ${command.path}`];
      case 'finish':
        return [`finish ${command.status}`];
    }
  });
}
