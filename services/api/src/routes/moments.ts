/** Time travel: a run as it was right after one of its events. */
import { type NodeSummary, type RunMoment, routes, urlOf } from '@hub/contract';
import { MomentFold, scopeOf, type StepMoment } from '@hub/dag/moments';
import type { Json } from '@hub/dag/planner';
import {
  type AttemptOutput,
  eventsUpTo,
  type FoldedEvent,
  readAttemptOutputs,
  readKeptRows,
  readRun,
  readRunEvents,
  readRunGraph,
} from '@hub/db/read';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { readDefinition } from '../workflows/definition.ts';

/** Values of one answer, in bytes of their text; what does not fit comes as a link. */
const answerBytes = 1_000_000;

async function foldTo({ deps }: RouteContext, team: string, run: string, upTo: number): Promise<{ fold: MomentFold; last: FoldedEvent | null }> {
  const fold = new MomentFold(await readKeptRows(deps.sql, team, run));
  let last: FoldedEvent | null = null;
  for await (const events of eventsUpTo(deps.sql, team, run, upTo)) {
    for (const event of events) fold.add(event);
    last = events.at(-1) ?? last;
  }
  return { fold, last };
}

function variablesOf(run: string, steps: StepMoment[], outputs: AttemptOutput[]): RunMoment['variables'] {
  const byStep = new Map(outputs.map((output) => [`${output.attempt} ${output.path}`, output]));
  const variables: RunMoment['variables'] = {};
  let left = answerBytes;
  for (const { path, nodeId, attempt, status, code } of steps) {
    if (status === 'failed') {
      variables[nodeId] = { path, attempt, error: { code: code ?? 'step.failed' } };
      continue;
    }
    const output = byStep.get(`${attempt} ${path}`);
    const bytes = output?.bytes ?? 4;
    const fits = output === undefined || (output.text !== null && bytes <= left) || output.bytes === null;
    if (fits) left -= bytes;
    const value = fits
      ? { value: valueOf(output?.text ?? null) }
      : { valueRef: { bytes, url: urlOf(routes.getNodeOutput.path, { id: run, nodeId }, { path }) } };
    variables[nodeId] = { path, attempt, ...value, error: null };
  }
  return variables;
}

function valueOf(text: string | null): Json {
  return text === null ? null : (JSON.parse(text) as Json);
}

/** Registers it. */
export function momentRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  handle(app, 'readRunMoment', routes.readRunMoment, async ({ params, query, team }) => {
    const { id, seq } = params;
    const { scope = '', values } = query;
    const [row, graph] = await Promise.all([readRun(deps.sql, team.id, id), readRunGraph(deps.sql, team.id, id)]);
    if (row === null || graph === null) throw notFound('run');
    const { lastSeq } = await readRunEvents(deps.sql, team.id, id, { after: Number.MAX_SAFE_INTEGER, limit: 1 });
    const { fold, last } = await foldTo(context, team.id, id, Math.min(seq, lastSeq));
    const steps = fold.steps().filter((step) => scopeOf(step.path) === scope);
    const visible = fold.visible(scope);
    const outputs =
      values === 'false'
        ? []
        : await readAttemptOutputs(
            deps.sql,
            team.id,
            id,
            visible.filter(({ status }) => status === 'completed'),
          );
    const { seq: at, at: when, status, statusReason, steps: made, tokens, costUsd } = fold.run();
    const nodes = readDefinition(graph.definition).nodes;
    const types = new Map(nodes.map((node) => [node.id, node.type]));
    return {
      seq: at,
      lastSeq,
      at: when,
      event: last,
      status: status as RunMoment['status'],
      statusReason,
      totals: { steps: made, tokens, costUsd },
      nodes: fold
        .nodes(nodes.map((node) => node.id))
        .map((node) => ({ ...node, nodeType: types.get(node.nodeId) ?? '', model: null }) as NodeSummary),
      scope,
      steps: steps as RunMoment['steps'],
      variables: values === 'false' ? {} : variablesOf(id, visible, outputs),
    };
  });
}
