/** What an expression would see: at a node of a past run, or on the pins of a draft. Reads what the text reads and nothing more. */
import { type DataWire, refKey } from '@hub/activities/pool';
import { type Definition, type Graph, graphOf, upstreamOf } from '@hub/dag';
import { type Json, parsePath, type ReadRef } from '@hub/dag/planner';
import type { Sql } from '@hub/db';
import { listVariables, readIterationResult, readLoopItems, readRunContext, readSettledValues, readWorkflow } from '@hub/db/read';
import { UserError } from '@hub/kit/errors';
import { invalid, notFound } from '../http/answers.ts';
import type { PreviewText } from './parse-preview.ts';

/** All values of one preview together. */
const maxDataBytes = 16_000_000;

interface Frame {
  loop: string;
  /** Of the loop's own row. */
  path: string;
  index: number;
  hasItems: boolean;
}
type Values = DataWire['values'];

export interface RunPlace {
  runId: string;
  nodeId?: string | undefined;
  iteration?: number | undefined;
  path?: string | undefined;
}

const badPlace = (path: string, code: string, message: string): UserError => invalid(code, message, [{ path, code, message }]);
const tooLarge = (): UserError =>
  new UserError('preview.too-large', 'The values that this expression reads are larger than 16 MB together.', {
    status: 413,
    remedy: 'Read less of them; a run reads up to 32 MB.',
  });

function loopsOf(graph: Graph, id: string): string[] {
  const found: string[] = [];
  for (let at = graph.node.get(id)?.parent; at !== undefined && !found.includes(at); at = graph.node.get(at)?.parent) found.unshift(at);
  return found;
}

/** The loops around the node, outermost first, each at the iteration that is asked for; an item of a `forEach` node is one of its own. */
function framesOf(graph: Graph, { nodeId, iteration, path }: RunPlace): Frame[] {
  if (nodeId === undefined) return [];
  const node = graph.node.get(nodeId);
  if (node === undefined) throw badPlace('/nodeId', 'node.not-found', `Neither the run nor the draft has a node "${nodeId}".`);
  const loops = [...loopsOf(graph, nodeId), ...(node.type !== 'loop' && node.config['forEach'] !== undefined ? [nodeId] : [])];
  const steps = path === undefined ? null : parsePath(path)?.steps;
  if (steps === undefined || (steps !== null && (steps.length !== loops.length || steps.some(({ id }, at) => id !== loops[at]))))
    throw badPlace('/path', 'node.bad-path', `This is no path of ${nodeId}: it stands in ${loops.length === 0 ? 'no loop' : loops.join(', then ')}.`);
  let scope = '';
  return loops.map((loop, at) => {
    const index = steps?.[at]?.index ?? (at === loops.length - 1 ? (iteration ?? 0) : 0);
    const own = scope === '' ? loop : `${scope}.${loop}`;
    scope = `${own}[${index}]`;
    const config = graph.node.get(loop);
    return { loop, path: own, index, hasItems: config?.type !== 'loop' || config.config['mode'] === 'for_each' };
  });
}

/** The path under which a node's value is seen from these loops; null where it is in a loop that is not around. */
function pathFrom(graph: Graph, id: string, frames: Frame[]): string | null {
  const loops = loopsOf(graph, id);
  if (loops.some((loop, at) => frames[at]?.loop !== loop)) return null;
  const inner = frames[loops.length - 1];
  return loops.length === 0 || inner === undefined ? id : `${inner.path}[${inner.index}].${id}`;
}

async function itemText(sql: Sql, team: string, run: string, { path, index, hasItems }: Frame): Promise<string | undefined> {
  if (!hasItems) return undefined;
  const items = await readLoopItems(sql, team, run, path, maxDataBytes);
  if (items === null) return undefined;
  const item = (JSON.parse(items) as Json[])[index];
  return item === undefined ? undefined : JSON.stringify(item);
}

async function previousText(sql: Sql, team: string, run: string, graph: Graph, { loop, path, index }: Frame): Promise<string> {
  const config = graph.node.get(loop)?.config ?? {};
  if (index === 0) {
    // As it was when the loop opened: the only item of a loop that has none.
    const opened = await readLoopItems(sql, team, run, path, maxDataBytes);
    const initial = opened === null ? config['initial'] : (JSON.parse(opened) as Json[])[0];
    return JSON.stringify(initial ?? null);
  }
  if (config['result'] !== undefined) return (await readIterationResult(sql, team, run, path, index - 1)) ?? 'null';
  const sinks = (graph.body.get(loop) ?? []).filter((id) => (graph.after.get(id) ?? []).length === 0);
  const values = await readSettledValues(
    sql,
    team,
    run,
    sinks.slice(0, 1).map((id) => `${path}[${index - 1}].${id}`),
    maxDataBytes,
  );
  if (values === 'too-large') throw tooLarge();
  return values[0]?.outputText ?? 'null';
}

async function loopValues(sql: Sql, team: string, run: string, graph: Graph, frames: Frame[], names: ReadonlySet<string>): Promise<Values> {
  const inner = frames.at(-1);
  if (inner === undefined) return {};
  const values: Values = { index: String(inner.index), iteration: String(inner.index) };
  if (names.has('item')) {
    const item = await itemText(sql, team, run, inner);
    if (item !== undefined) values.item = item;
  }
  if (names.has('previous') && !inner.hasItems) values.previous = await previousText(sql, team, run, graph, inner);
  if (names.has('loops')) {
    const loops: Record<string, Json> = {};
    for (const frame of frames) {
      const item = await itemText(sql, team, run, frame);
      loops[frame.loop] = { index: frame.index, iteration: frame.index, ...(item === undefined ? {} : { item: JSON.parse(item) as Json }) };
    }
    values.loops = JSON.stringify(loops);
  }
  return values;
}

/** The run's own graph; for a node that the draft got since, the draft's: its place is there, the values are the run's. */
async function graphFor(sql: Sql, team: string, run: { workflowId: string; definition: Json }, nodeId: string | undefined): Promise<Graph> {
  const graph = graphOf(run.definition as unknown as Definition);
  if (nodeId === undefined || graph.node.has(nodeId)) return graph;
  const draft = await readWorkflow(sql, team, run.workflowId);
  return draft === null ? graph : graphOf(draft.definition as unknown as Definition);
}

/** @throws UserError 404 `run.not-found`, 422 for a place that is not there, 413 `preview.too-large` */
export async function dataOfRun(sql: Sql, team: string, place: RunPlace, { names, nodes }: PreviewText): Promise<DataWire> {
  const run = await readRunContext(sql, team, place.runId);
  if (run === null) throw notFound('run');
  const graph = await graphFor(sql, team, run, place.nodeId);
  const frames = framesOf(graph, place);
  // What is in a body is seen from there only; without a node, what is in the run's own graph.
  const visible = place.nodeId === undefined ? (graph.body.get('') ?? []) : [...upstreamOf(graph, place.nodeId)];
  const at = new Map<string, string>();
  for (const id of visible) {
    const path = nodes === null || nodes.has(id) ? pathFrom(graph, id, frames) : null;
    if (path !== null) at.set(path, id);
  }
  const settled = await readSettledValues(sql, team, place.runId, [...at.keys()], maxDataBytes);
  if (settled === 'too-large') throw tooLarge();
  const reads: ReadRef[] = [];
  const texts: Record<string, string> = {};
  for (const { path, port, outputText, error } of settled) {
    // A failure that nobody handled has no entry: nothing downstream saw it.
    if (outputText === null && port !== 'error') continue;
    const ref: ReadRef = { id: at.get(path) ?? '', path, as: outputText === null ? 'null' : 'row', ...(error === null ? {} : { error }) };
    reads.push(ref);
    if (outputText !== null) texts[refKey(ref)] = outputText;
  }
  const values: Values = {
    input: run.inputText,
    run: JSON.stringify({ id: place.runId, startedAt: run.startedAt }),
    workflow: JSON.stringify({ name: run.workflowName }),
    trigger: JSON.stringify(run.trigger),
    vars: JSON.stringify(run.vars),
    ...(await loopValues(sql, team, place.runId, graph, frames, names)),
  };
  return { values, reads, texts };
}

export interface DraftPlace {
  workflowId?: string | undefined;
  pinned?: Record<string, unknown> | undefined;
  input?: unknown;
  item?: unknown;
}

/** Team variables as a run would get them now. */
export async function teamVariables(sql: Sql, team: string): Promise<Record<string, Json>> {
  const all: [string, Json][] = [];
  for (let cursor: string | undefined; all.length < 1_000; ) {
    const page = await listVariables(sql, team, { limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.items.map(({ name, value }): [string, Json] => [name, value]));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  return Object.fromEntries(all);
}

/** Without a run: pins stand for outputs, the given input for the run's. @throws UserError 404 `workflow.not-found` */
export async function dataOfDraft(sql: Sql, team: string, place: DraftPlace, { names, nodes }: PreviewText): Promise<DataWire> {
  const row = place.workflowId === undefined ? null : await readWorkflow(sql, team, place.workflowId);
  if (place.workflowId !== undefined && row === null) throw notFound('workflow');
  const pins = (place.pinned ?? row?.pins ?? {}) as Record<string, Json>;
  const reads: ReadRef[] = [];
  const texts: Record<string, string> = {};
  for (const [id, value] of Object.entries(pins)) {
    if (nodes !== null && !nodes.has(id)) continue;
    const ref: ReadRef = { id, path: id, as: 'pinned' };
    reads.push(ref);
    texts[refKey(ref)] = JSON.stringify(value);
  }
  const now = new Date().toISOString();
  const values: Values = {
    input: JSON.stringify(place.input ?? {}),
    run: JSON.stringify({ id: 'preview', startedAt: now }),
    workflow: JSON.stringify({ name: row?.name ?? '' }),
    trigger: JSON.stringify({ type: 'manual', id: null, at: now }),
    ...(names.has('vars') ? { vars: JSON.stringify(await teamVariables(sql, team)) } : {}),
    ...(place.item === undefined ? {} : { item: JSON.stringify(place.item), index: '0', iteration: '0' }),
  };
  return { values, reads, texts };
}
