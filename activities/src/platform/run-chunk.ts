/** Many items of a loop whose whole body is one fused group: a message to the pool and a statement per batch, not per item. */
import { endOfGroup, itemPath } from '@hub/dag/planner';
import type { LoopFrame, PendingRow } from '@hub/dag/planner';
import type { ChunkInput, ChunkResult, GroupInput } from '@hub/runtime/types';

import type { ActivityDeps } from '../deps.ts';
import type { DataWire, GroupsJob, ItemAnswer } from '../expressions/pool/jobs.ts';
import type { ChunkRows, Warning } from '../ports.ts';
import { own } from '../values/json.ts';
import type { AttemptContext } from './attempt-context.ts';
import { startHeartbeat } from './attempt-context.ts';
import type { KnownRun, RunCache } from './facts.ts';
import { finalFailure } from './failures.ts';
import { gather, loopValues } from './place.ts';
import { isLostJob, outcomesOf, pureRows } from './run-group.ts';
import { joined, usesOf } from './uses.ts';
import type { Uses } from './uses.ts';

/** A chunk starts nothing more after this long (02). */
const startsMs = 30_000;
/** Items of one message: it grows and shrinks so that a message takes about a quarter of a second, far below what stops a job. */
const batch = { first: 8, most: 64, quickMs: 120, slowMs: 400 };

type Failure = NonNullable<ChunkResult['failure']>;

export async function runChunk(deps: ActivityDeps, cache: RunCache, context: AttemptContext, input: ChunkInput): Promise<ChunkResult> {
  const stopHeartbeat = startHeartbeat(context);
  try {
    return await new Chunk(deps, cache, context, input).run();
  } finally {
    stopHeartbeat();
  }
}

class Chunk {
  readonly #deps: ActivityDeps;
  readonly #cache: RunCache;
  readonly #context: AttemptContext;
  readonly #input: ChunkInput;
  #pending: PendingRow[];
  #until = 0;

  constructor(deps: ActivityDeps, cache: RunCache, context: AttemptContext, input: ChunkInput) {
    this.#deps = deps;
    this.#cache = cache;
    this.#context = context;
    this.#input = input;
    this.#pending = input.rows;
  }

  async run(): Promise<ChunkResult> {
    const { team, run, from, to } = this.#input;
    const known = await this.#cache.run(team, run);
    const job = await this.#job(known);
    this.#until = Date.now() + startsMs;
    let next = from;
    for (let size = batch.first; next < to && !this.#isOver(); ) {
      const end = Math.min(to, next + size);
      const startedAt = performance.now();
      const answers = await this.#answers(known, job, next, end);
      const tookMs = (performance.now() - startedAt) * ((end - next) / Math.max(1, answers.length));
      if (tookMs < batch.quickMs) size = Math.min(batch.most, size * 2);
      else if (tookMs > batch.slowMs) size = Math.max(1, size >> 1);
      const { done, failure } = await this.#write(next, answers);
      next += done;
      if (failure !== undefined) return { next, failure };
    }
    return { next };
  }

  #isOver(): boolean {
    return Date.now() >= this.#until || this.#context.signal.aborted;
  }

  /** What all items share; a loop around this one keeps its names. */
  async #job(known: KnownRun): Promise<GroupsJob & { uses: Uses }> {
    const { nodes, edges, nodeId, frames, reads } = this.#input;
    const definitions = nodes.map((node) => known.definition.node(node.id));
    const loop = known.definition.node(nodeId);
    const result = own(loop.config, 'result');
    const body = definitions.map((node) => usesOf(node, 'config', node.config));
    const uses = joined(result === undefined ? body : [...body, usesOf(loop, 'result', result)]);
    const data = await gather(this.#cache, this.#deps.runs, known, { frames, reads, uses });
    const configs = Object.fromEntries(definitions.map(({ id, config, strict, fallbackText }) => [id, { config, strict, fallbackText }]));
    const asked = result === undefined ? null : { valueText: JSON.stringify(result), strict: loop.strict };
    return { kind: 'groups', nodes, edges, configs, data, items: [], result: asked, uses };
  }

  async #answers(known: KnownRun, { uses, ...job }: GroupsJob & { uses: Uses }, from: number, to: number): Promise<ItemAnswer[]> {
    const items: GroupsJob['items'] = [];
    for (let index = from; index < to; index += 1) {
      const frames = [...this.#input.frames, this.#frame(index)];
      const values: DataWire['values'] = await loopValues(this.#cache, this.#deps.runs, known, { frames, reads: [], uses });
      items.push({ scope: itemPath(this.#input.path, index), values });
    }
    try {
      return (await this.#deps.pool.run({ ...job, items })).items;
    } catch (error) {
      if (!isLostJob(error)) throw error;
      return await this.#oneByOne({ ...job, items });
    }
  }

  /** An item took the whole message down: each gets one of its own, and the guilty one fails like any other step. Fewer answers where time is up. */
  async #oneByOne(job: GroupsJob): Promise<ItemAnswer[]> {
    const answers: ItemAnswer[] = [];
    for (const item of job.items) {
      if (answers.length > 0 && this.#isOver()) break;
      try {
        answers.push(...(await this.#deps.pool.run({ ...job, items: [item] })).items);
      } catch (error) {
        if (!isLostJob(error)) throw error;
        const { nodes, edges, configs } = job;
        const data = { ...job.data, values: { ...job.data.values, ...item.values } };
        const alone = { kind: 'group' as const, nodes, edges, configs, scope: item.scope, data, sources: [], done: [], most: nodes.length + 1 };
        const outcomes = await outcomesOf(this.#deps, alone);
        const { code, message } = error;
        const lost = job.result === null ? null : { error: { code, message: message.slice(0, 500), attempt: 1 } };
        answers.push({ outcomes, result: lost });
      }
    }
    return answers;
  }

  /** Stores items up to the first that fails the loop; what was computed past it is as if it never began. */
  async #write(from: number, answers: ItemAnswer[]): Promise<{ done: number; failure?: Failure }> {
    const { team, run, nodes, edges, path, onItemError } = this.#input;
    const chunk: ChunkRows = { loopPath: path, pending: this.#pending, rows: [], recovered: [], results: [] };
    const warnings = new Map<string, Warning>();
    let done = 0;
    let failure: Failure | undefined;
    for (const { outcomes, result } of answers) {
      const index = from + done;
      const scope = itemPath(path, index);
      done += 1;
      const end = endOfGroup({ nodes, edges, scope, sources: [] }, outcomes);
      chunk.rows.push(...pureRows(this.#groupOf(index), outcomes));
      chunk.recovered.push(...end.recovered);
      const wrong = end.failure ?? (result !== null && 'error' in result ? { ...result.error, nodeId: this.#input.nodeId, path: scope } : null);
      if (wrong === null) {
        if (result !== null && 'text' in result) {
          chunk.results.push({ index, valueText: result.text });
          for (const warning of result.warnings) warnings.set(JSON.stringify(warning), warning);
        }
        continue;
      }
      if (onItemError === 'fail') {
        failure = wrong;
        break;
      }
      chunk.results.push({ index, valueText: onItemError === 'skip' ? null : JSON.stringify({ error: wrong }) });
    }
    if (!(await this.#deps.runs.writeChunk(team, run, chunk))) throw finalFailure('run.gone', 'The run has ended already');
    this.#pending = [];
    if (warnings.size > 0) await this.#deps.runs.warnLoop(team, run, path, [...warnings.values()].slice(0, 50));
    return { done, ...(failure === undefined ? {} : { failure }) };
  }

  #frame(index: number): LoopFrame {
    return { loop: this.#input.nodeId, path: this.#input.path, index };
  }

  #groupOf(index: number): Pick<GroupInput, 'nodes' | 'scope' | 'frames'> {
    return { nodes: this.#input.nodes, scope: itemPath(this.#input.path, index), frames: [...this.#input.frames, this.#frame(index)] };
  }
}
