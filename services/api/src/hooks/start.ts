/** From a checked request to a run: the input against the schema, the run in one transaction, its answer expected before it starts. */
import { checkInput } from '@hub/activities/run-input';
import type { Json } from '@hub/dag/planner';
import { createRun, expectAnswer, monthlyRuns, type NewRun, noteFired, type OpenedToken } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import { teamAccess } from '../auth/identify.ts';
import { conflict } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { carryOut, startRefusal } from '../routes/runs.ts';
import type { Startable } from '../runs/startable.ts';
import { testStart } from '../runs/test-run.ts';

export interface StartRequest {
  opened: OpenedToken;
  input: unknown;
  /** What expressions see. */
  trigger: Record<string, Json>;
  /** A repeat answers the first run. */
  key: string | null;
  overlap?: NewRun['overlap'];
  userId: string | null;
  /** Milliseconds somebody waits for the answer; null: as long as it takes; absent: nobody waits. */
  answerForMs?: number | null;
}
export interface Started {
  run: string;
  outcome: 'started' | 'repeated';
  /** Nodes of kind respond. */
  responders: ReadonlySet<string>;
}

type Startables = (team: string, workflowId: string, wanted: number | undefined) => Promise<Startable>;

/** Starts a run of the published version, or of the draft where a test window was called. @throws UserError 4xx */
export async function startFromTrigger(context: RouteContext, startables: Startables, request: StartRequest): Promise<Started> {
  const { deps } = context;
  const { opened } = request;
  const { definition, run } = opened.listen === null ? await published(startables, request) : await draft(context, request);
  const input = opened.listen === null ? checkInput(definition.inputs, request.input) : request.input;
  const made = await createRun(
    deps.sql,
    { blobKey: deps.settings.blobKey },
    {
      team: opened.team,
      workflowId: opened.workflowId,
      ...run,
      triggeredBy: opened.type === 'form' ? 'form' : 'webhook',
      triggerId: opened.triggerId,
      trigger: request.trigger,
      userId: request.userId,
      inputText: JSON.stringify(input),
      idempotencyKey: request.key,
      monthlyRuns,
      ...(request.overlap === undefined ? {} : { overlap: request.overlap }),
    },
  );
  const refusal = startRefusal(made.outcome, opened.plan);
  if (refusal !== null) throw refusal;
  if (!('run' in made)) throw conflict('run.refused', 'The run was not taken.');
  if (request.answerForMs !== undefined) await expectAnswer(deps.sql, opened.team, made.run, request.answerForMs);
  context.notifier.note(opened.team, made.run);
  void carryOut(context, made.start, made.cancel);
  void noteFired(deps.sql, opened).catch((error: unknown) => deps.log.debug({ err: error }, 'a fire was not noted'));
  const responders = new Set(definition.nodes.flatMap((node) => (node.type === 'respond' ? [node.id] : [])));
  return { run: made.run, outcome: made.outcome === 'repeated' ? 'repeated' : 'started', responders };
}

async function published(startables: Startables, { opened }: StartRequest) {
  const { definition, version } = await startables(opened.team, opened.workflowId, undefined);
  return { definition, run: { version } };
}

/** The draft as it is now, with the rights of whoever opened the window. */
async function draft({ deps }: RouteContext, { opened, input }: StartRequest) {
  const userId = opened.listen?.userId ?? null;
  const team = userId === null ? null : await teamAccess(deps.sql, opened.team, userId);
  if (team === null) throw new UserError('hook.listen-over', 'Whoever opened this window is not in the team any more.', { status: 410 });
  const test = await testStart(deps.sql, team, opened.workflowId, { input });
  return { definition: test.definition, run: { version: null, ...test.run } };
}
