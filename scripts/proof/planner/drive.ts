/**
 * Drives the planner under the oracle's virtual clock (scripts/oracle/README.md) and tells what happened in the oracle's words. It sees only
 * what the runtime sees: commands and events, never the planner's state.
 */
import {
  childPath,
  endOfGroup,
  groupPath,
  itemPath,
  parsePath,
  startTrigger,
  walkGroup,
  type advance,
  type Command,
  type GroupNodeResult,
  type Plan,
  type PlanEvent,
  type PlanNode,
  type SourceRef,
  type startRun,
} from '@hub/dag/planner';
import { comparePaths } from '../../oracle/paths.ts';
import type { Definition, InterpretOptions, MergeResult, NodeResult, Result, Script } from '../../oracle/types.ts';
import { DriveChunks } from './drive-chunks.ts';
import { DriveItems } from './drive-items.ts';
import { Once } from './drive-once.ts';
import { DriveValues } from './drive-values.ts';
import { type Due, DriveWaits } from './drive-waits.ts';
import { onlyOf, pinsOf, planFor, type PlanManner } from './plan.ts';

/** The planner under proof: the real one, or a copy with a planted break. */
export interface PlannerUnderProof {
  startRun: typeof startRun;
  advance: typeof advance;
}

/** Runs to the end. Throws where the planner gets stuck, repeats a command or goes on after `finish`. */
export function drive(
  planner: PlannerUnderProof,
  definition: Definition,
  script: Script,
  options: InterpretOptions = {},
  manner: PlanManner = {},
): Result {
  return new Drive(planner, definition, script, options, manner).run();
}

class Drive {
  readonly #planner: PlannerUnderProof;
  readonly #definition: Definition;
  readonly #script: Script;
  readonly #options: InterpretOptions;
  readonly #plan: Plan;
  readonly #nodes: Map<string, PlanNode>;
  readonly #due: Due[] = [];
  readonly #answers: PlanEvent[] = [];
  readonly #once = new Once();
  readonly #results = new Map<string, NodeResult>();
  readonly #sources = new Map<string, SourceRef[]>();
  readonly #loops = new Map<string, Pick<NodeResult, 'value' | 'items' | 'last'>>();
  readonly #childrenCancelled: string[] = [];
  readonly #waits: DriveWaits;
  readonly #values: DriveValues;
  readonly #iterations = new Map<string, string>();
  readonly #items: DriveItems;
  readonly #chunks: DriveChunks;
  readonly #starts: [number, string][] = [];
  #now = 0;
  #finish: Extract<Command, { kind: 'finish' }> | null = null;

  constructor(planner: PlannerUnderProof, definition: Definition, script: Script, options: InterpretOptions, manner: PlanManner) {
    this.#planner = planner;
    this.#definition = definition;
    this.#script = script;
    this.#options = options;
    this.#plan = planFor(definition, options, manner);
    this.#nodes = new Map(this.#plan.nodes.map((node) => [node.id, node]));
    this.#waits = new DriveWaits(definition, script, this.#due);
    this.#values = new DriveValues(definition, options);
    this.#items = new DriveItems(definition, this.#nodes, this.#results, this.#values);
    this.#chunks = new DriveChunks({
      due: this.#due,
      isShort: manner.items === 'short',
      node: (id) => this.#nodes.get(id),
      behave: (id, path) => script.behave(id, path),
      begin: (path, sources) => {
        this.#begun(path);
        this.#starts.push([this.#now, path]);
        this.#sources.set(path, sources);
      },
      ended: (id, path) => this.#ended(id, path),
      parked: (path, unknown) => this.#waits.unknown(path, this.#now, unknown),
      note: (event) => this.#note(event),
      row: (row) => this.#row(row),
      store: (scope, item) => this.#items.stored.set(scope, item),
    });
  }

  run(): Result {
    const given = pinsOf(this.#options, this.#nodes);
    const trigger = startTrigger(this.#plan.triggers, this.#options.trigger);
    const kept = [...(this.#options.kept?.nodes.values() ?? [])].map(({ nodeId, port = 'out' }) => ({ nodeId, port, as: 'row' as const }));
    for (const { nodeId, port = 'out', value = null } of this.#options.kept?.nodes.values() ?? [])
      this.#set(nodeId, { status: 'completed', port, value, seeded: true });
    if (this.#options.cancelAt !== undefined) this.#due.push({ at: this.#options.cancelAt, path: '', events: () => ({ kind: 'cancel-run' }) });
    this.#waits.disturb(this.#options);
    const only = onlyOf(this.#definition, this.#options);
    let { state, commands } = this.#planner.startRun(this.#plan, {
      trigger,
      given: [...given, ...kept],
      ...(only === undefined ? {} : { only, alone: this.#options.only !== undefined }),
    });
    const step = (event: PlanEvent): void => {
      ({ state, commands } = this.#planner.advance(this.#plan, state, event));
      this.#obey(commands);
    };
    this.#obey(commands);
    while (this.#finish === null) {
      const answer = this.#answers.shift();
      if (answer) {
        this.#note(answer);
        step(answer);
        continue;
      }
      const next = this.#next();
      if (!next) throw new Error('The planner is stuck: nothing is in flight and there is no finish.');
      this.#now = next.at;
      const event = next.events();
      if (event === null) continue; // refused by the API, or an item among others
      if (event.kind === 'message') this.#chunks.hear(event.message.kind);
      this.#note(event);
      step(event);
      if (event.kind === 'message') this.#chunks.goOn(this.#now);
    }
    if (this.#due.some(({ work }) => work) || this.#answers.length > 0) throw new Error('finish came before all work had answered.');
    return this.#result(this.#finish);
  }

  #next(): Due | undefined {
    this.#due.sort((a, b) => a.at - b.at || comparePaths(a.path, b.path));
    return this.#due.shift();
  }

  #obey(commands: Command[]): void {
    for (const command of commands) {
      if (this.#finish !== null) throw new Error(`${command.kind} after finish`);
      this.#once.say(command, this.#now);
      this.#one(command);
    }
  }

  #one(command: Command): void {
    switch (command.kind) {
      case 'run-step':
        return this.#runStep(command);
      case 'run-group': {
        const { results, durationMs } = this.#walk(command.group, command.scope, command.sources);
        const path = groupPath(command.scope, command.group);
        this.#due.push({ at: this.#now + durationMs, path, work: true, events: () => ({ kind: 'group-settled', path, results }) });
        return;
      }
      case 'run-chunk':
        this.#due.push({ at: this.#now, path: command.path, work: true, events: () => this.#runChunk(command) });
        return;
      case 'run-items': {
        const ended = this.#chunks.start(command, this.#now);
        return ended === null ? undefined : void this.#answers.push(ended);
      }
      case 'open-loop':
        return this.#openLoop(command.path, command.nodeId);
      case 'close-iteration':
        this.#answers.push({ kind: 'iteration-closed', path: command.path, index: command.index });
        return;
      case 'close-loop':
        this.#loops.set(command.path, this.#items.closed(command));
        this.#answers.push({ kind: 'loop-closed', path: command.path });
        return;
      case 'write-rows':
        for (const row of command.rows) this.#row(row);
        return;
      case 'check-loop':
        this.#answers.push(this.#checked(command));
        return;
      case 'park':
        this.#begun(command.path);
        this.#starts.push([this.#now, command.path]);
        return this.#waits.open(command, this.#now);
      case 'release':
        this.#answers.push(this.#waits.released(command));
        return;
      case 'cancel-child':
        this.#childrenCancelled.push(command.path);
        this.#waits.forget(command.path);
        this.#answers.push({ kind: 'cancelled', path: command.path });
        return;
      case 'start-timer':
      case 'start-timer-at':
      case 'stop-timer':
      case 'hold-timer':
      case 'release-timer':
        return this.#waits.turn(command, this.#now);
      case 'undo':
        this.#answers.push({ kind: 'undone', round: command.round, more: false });
        return;
      case 'remind':
      case 'run-waits':
        return;
      case 'cancel':
        return this.#cancel(command.path);
      case 'finish':
        this.#finish = command;
        return;
    }
  }

  #checked({ path, nodeId, index }: Extract<Command, { kind: 'check-loop' }>): PlanEvent {
    const { rounds = 0, checkFailsAt = -1, errorCode = 'step.failed' } = this.#script.behave(nodeId, path);
    const isWhile = this.#nodes.get(nodeId)?.loop?.mode === 'while';
    const behind = isWhile ? index : index + 1;
    if (behind === checkFailsAt) return { kind: 'failed', path, error: { code: errorCode, message: errorCode, attempt: 1 } };
    return { kind: 'loop-checked', path, index, holds: isWhile ? behind < rounds : behind >= rounds };
  }

  #runStep({ path, nodeId, sources, forgiven, after }: Extract<Command, { kind: 'run-step' }>): void {
    this.#begun(path);
    this.#waits.forget(path);
    if (forgiven === undefined && after === undefined) this.#starts.push([this.#now, path]);
    this.#sources.set(path, sources);
    const { durationMs, unknown } = this.#script.behave(nodeId, path);
    const parks = unknown !== undefined && forgiven === undefined && !path.endsWith(']');
    const events = (): PlanEvent => (parks ? this.#waits.unknown(path, this.#now, unknown) : this.#ended(nodeId, path));
    this.#due.push({ at: this.#now + durationMs, path, work: true, events });
  }

  #ended(nodeId: string, path: string): PlanEvent {
    const { outcome, port, errorCode } = this.#script.behave(nodeId, path);
    if (outcome === 'ok') return { kind: 'completed', path, ...(port === undefined ? {} : { port }) };
    const code = errorCode ?? 'step.failed';
    return { kind: 'failed', path, error: { code, message: code, attempt: 1 } };
  }

  #openLoop(path: string, nodeId: string): void {
    this.#begun(path);
    this.#starts.push([this.#now, path]);
    this.#due.push({
      at: this.#now,
      path,
      work: true,
      events: () => {
        const { outcome, items } = this.#script.behave(nodeId, path);
        return outcome === 'fail' ? this.#ended(nodeId, path) : { kind: 'loop-opened', path, count: items ?? 0 };
      },
    });
  }

  /** The activity's side of a fused group: one node after another, with the planner's own walk. */
  #walk(group: number, scope: string, sources: SourceRef[]): { results: GroupNodeResult[]; durationMs: number } {
    const slice = { ...this.#slice(group), scope, sources };
    const results: GroupNodeResult[] = [];
    let durationMs = 0;
    for (;;) {
      const { next, passed } = walkGroup(slice, results);
      results.push(...passed.map(({ nodeId, status, port }) => ({ nodeId, status, ...(port === undefined ? {} : { port }) })));
      if (!next) return { results, durationMs };
      const path = childPath(scope, next.node.id);
      this.#begun(path);
      this.#sources.set(path, next.sources);
      durationMs += this.#script.behave(next.node.id, path).durationMs;
      const { kind, ...rest } = this.#ended(next.node.id, path) as Extract<PlanEvent, { kind: 'completed' | 'failed' }>;
      results.push({
        nodeId: next.node.id,
        status: kind,
        ...('port' in rest ? { port: rest.port } : {}),
        ...('error' in rest ? { error: rest.error } : {}),
      });
    }
  }

  #slice(group: number): { nodes: PlanNode[]; edges: Plan['edges'] } {
    const nodes = (this.#plan.groups[group] ?? []).flatMap((id) => this.#nodes.get(id) ?? []);
    const ids = new Set(nodes.map((node) => node.id));
    return { nodes, edges: this.#plan.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)) };
  }

  /** The activity's side of a chunk: item after item, exceptions stored, up to the first failure that fails the loop. */
  #runChunk({ path, nodeId, group, from, to }: Extract<Command, { kind: 'run-chunk' }>): PlanEvent {
    const policy = this.#nodes.get(nodeId)?.loop?.onItemError ?? 'fail';
    for (let index = from; index < to; index += 1) {
      const scope = itemPath(path, index);
      const { results } = this.#walk(group, scope, []);
      const { failure, recovered } = endOfGroup({ ...this.#slice(group), scope, sources: [] }, results);
      this.#note({ kind: 'group-settled', path: groupPath(scope, group), results });
      for (const row of recovered) this.#row(row);
      if (failure === null) continue;
      if (policy === 'fail') return { kind: 'chunk-ended', path, next: index + 1, failure };
      const error = { nodeId: failure.nodeId, path: failure.path, code: failure.code };
      this.#items.stored.set(scope, policy === 'skip' ? null : { index, kind: 'error', error });
    }
    return { kind: 'chunk-ended', path, next: to };
  }

  #cancel(path: string): void {
    const stopped = this.#chunks.cancel(path);
    if (stopped !== null) return void this.#answers.push(stopped);
    const at = this.#due.findIndex((due) => due.path === path && due.work);
    // The end of a wait that is on its way comes all the same.
    if (at < 0 && this.#answers.some((answer) => 'path' in answer && answer.path === path)) return;
    if (at < 0) throw new Error(`cancel of ${path}, which is not in flight`);
    this.#due.splice(at, 1);
    this.#answers.push({ kind: 'cancelled', path });
  }

  /** What an event itself says about a node; rows that follow may say more. */
  #note(event: PlanEvent): void {
    if (event.kind === 'completed') this.#complete(event.path, event.port ?? 'out');
    else if (event.kind === 'failed') this.#fail(event.path);
    else if (event.kind === 'cancelled') this.#set(event.path, { status: 'cancelled' });
    else if (event.kind === 'loop-closed')
      this.#set(event.path, { status: 'completed', port: 'out', ...(this.#loops.get(event.path) ?? { value: { $from: event.path }, items: [] }) });
    else if (event.kind === 'group-settled') {
      const scope = event.path.slice(0, event.path.indexOf('#'));
      for (const result of event.results) {
        const path = childPath(scope, result.nodeId);
        if (result.status === 'completed') this.#complete(path, result.port ?? 'out');
        else if (result.status === 'failed') this.#fail(path);
        else this.#set(path, { status: 'skipped' });
      }
    }
  }

  #complete(path: string, port: string): void {
    const merge = this.#mergeOf(path);
    this.#set(path, { status: 'completed', port, value: { $from: path }, ...(merge ? { merge } : {}) });
  }

  #fail(path: string): void {
    const parsed = parsePath(path);
    const branches = parsed?.item === false && this.#nodes.get(parsed.nodeId ?? '')?.onError === 'branch';
    this.#set(path, { status: 'failed', ...(branches ? { port: 'error' } : {}) });
  }

  #row(row: Extract<Command, { kind: 'write-rows' }>['rows'][number]): void {
    if (row.kept !== undefined) throw new Error('more failing items than any graph here has');
    this.#begun(row.path);
    const { status } = row;
    if (status === 'queued' || status === 'running' || status === 'waiting') throw new Error(`a row of ${row.path} with status ${status}`);
    this.#set(row.path, {
      status,
      ...(row.port === undefined ? {} : { port: row.port }),
      ...(row.recovered ? { recovered: true } : {}),
      ...(row.pinned ? { pinned: true } : {}),
      ...(status === 'completed' ? { value: row.value ? this.#values.of(row.value) : { $from: row.path } } : {}),
    });
  }

  #set(path: string, result: Omit<NodeResult, 'nodeId'>): void {
    this.#waits.forget(path);
    this.#results.set(path, { nodeId: parsePath(path)?.nodeId ?? '', ...result });
  }

  /** Remembers that the iterations a path lies in have begun. */
  #begun(path: string): void {
    const parsed = parsePath(path);
    let scope = '';
    for (const { id, index } of parsed?.steps ?? []) {
      scope = itemPath(childPath(scope, id), index);
      this.#iterations.set(scope, id);
    }
  }

  #mergeOf(path: string): MergeResult | null {
    const id = parsePath(path)?.nodeId ?? '';
    const node = this.#definition.nodes.find((other) => other.id === id);
    if (node?.type !== 'merge') return null;
    const mode = node.config['mode'] as MergeResult['mode'];
    const sources = (this.#sources.get(path) ?? []).map((source) => ({ from: source.id, value: this.#values.carried(source) }));
    return { mode, sources: mode === 'append' ? sources.filter(({ value }) => value !== null) : sources };
  }

  #result(finish: Extract<Command, { kind: 'finish' }>): Result {
    for (const [scope, loop] of this.#iterations) {
      for (const node of this.#plan.nodes) {
        const path = childPath(scope, node.id);
        if (node.parent === loop && !this.#results.has(path)) this.#set(path, { status: 'skipped' });
      }
    }
    const outputs = Object.fromEntries(finish.outputs.map(({ name, ref }) => [name, ref.id]));
    const { error } = finish;
    const known = error && error.nodeId !== null && error.path !== null ? { nodeId: error.nodeId, path: error.path, code: error.code } : null;
    return {
      status: finish.status,
      error: known,
      nodes: this.#results,
      outputs,
      starts: this.#starts,
      childrenCancelled: this.#childrenCancelled.sort(comparePaths),
    };
  }
}
