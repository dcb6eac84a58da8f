/** Approvals, signals, answers, pause and resume. */
import { checkInput } from '@hub/activities/run-input';
import { routes } from '@hub/contract';
import type { Approval } from '@hub/contract';
import { type ApprovalRead, listApprovals, readApproval, readApprovalOf, readLinkedApproval, readRunDefinitionNode } from '@hub/db/read';
import { type AnswerOutcome, answerWait, sendSignal, steerRun } from '@hub/db/write';
import { outputPort } from '@hub/dag';
import { UserError } from '@hub/kit/errors';
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { conflict, invalid, notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import type { Caller, TeamAccess } from '../plugins/app/caller.ts';

/** As whom somebody answers: a person by address and role; a key only where nobody is named. */
function askedOf(caller: Caller, team: TeamAccess) {
  return { email: caller.person?.email ?? '', role: team.role ?? '', any: team.permissions.has('run.signal') };
}

function mayAnswer(approval: ApprovalRead, caller: Caller, team: TeamAccess): boolean {
  const { email, role, any } = askedOf(caller, team);
  if (approval.approvers.length === 0) return any;
  return approval.approvers.some((asked) => (email !== '' && asked.toLowerCase() === email.toLowerCase()) || (role !== '' && asked === role));
}

function approvalShape(row: ApprovalRead, caller: Caller, team: TeamAccess): Approval {
  const { decidedBy, decidedAt, formData, form, ...rest } = row;
  const decision = row.status === 'approved' || row.status === 'rejected' ? row.status : null;
  return {
    ...rest,
    form: form as Approval['form'],
    answer: decision === null ? null : { decision, by: decidedBy, at: decidedAt ?? row.requestedAt, form: formData },
    mayAnswer: row.status === 'pending' && mayAnswer(row, caller, team),
  };
}

function linkShape(row: ApprovalRead) {
  const { id, status, title, body, form, workflowName, requestedAt, expiresAt } = row;
  return { id, status, title, body, form: form as Approval['form'], workflowName, requestedAt, expiresAt };
}

const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The form as JSON text, checked. A rejection needs none. @throws UserError 422 `approval.invalid-form` */
function formText(approval: ApprovalRead, decision: string, form: unknown): string | null {
  if (approval.form === null || approval.form === undefined || (decision === 'rejected' && form === undefined))
    return form === undefined ? null : JSON.stringify(form);
  try {
    return JSON.stringify(checkInput(approval.form, form));
  } catch (error) {
    if (!(error instanceof UserError) || !Array.isArray(error.details)) throw error;
    const faults = (error.details as { path: string; code: string; message: string }[]).map((fault) => ({
      ...fault,
      path: fault.path.replace(/^\/input/, '/form'),
      code: fault.code.replace(/^input\./, 'form.'),
    }));
    throw invalid(
      'approval.invalid-form',
      `The form is not filled in as asked: ${faults[0]?.path ?? ''} ${faults[0]?.message ?? ''}.`.slice(0, 500),
      faults,
    );
  }
}

/** @throws UserError for every outcome that is no answer taken */
function taken(answer: AnswerOutcome): { path: string; decision: string; repeated: boolean } {
  const { outcome, path = '', decision = '' } = answer;
  switch (outcome) {
    case 'accepted':
    case 'repeated':
      return { path, decision, repeated: outcome === 'repeated' };
    case 'not-found':
      throw notFound('run');
    case 'ended':
      throw conflict('run.settled', 'The run has ended already.');
    case 'answered':
      throw conflict('approval.settled', 'It was answered already, or its time was up.');
    case 'path-needed':
      throw conflict('answer.path-needed', 'Several iterations of this step wait.', 'Name one of them with path, such as each[2].ok.');
    case 'wrong-decision':
      throw invalid('answer.wrong-decision', 'The step does not take this decision.', [
        {
          path: '/decision',
          code: 'answer.wrong-decision',
          message: 'an approval takes approved or rejected, an unknown outcome retry, done or fail',
        },
      ]);
    case 'not-waiting':
      throw conflict('answer.not-waiting', 'This step does not wait for an answer.');
  }
}

function approvalRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  handle(app, 'listApprovals', routes.listApprovals, async ({ query, team, caller }) => {
    const { mine, ...filter } = query;
    const { items, nextCursor } = await listApprovals(deps.sql, team.id, { ...filter, ...(mine === 'true' ? { asked: askedOf(caller, team) } : {}) });
    return { items: items.map((row) => approvalShape(row, caller, team)), nextCursor };
  });
  handle(app, 'getApproval', routes.getApproval, async ({ params, team, caller }) => {
    const found = await readApproval(deps.sql, team.id, params.id);
    if (found === null) throw notFound('approval');
    return approvalShape(found, caller, team);
  });
  handle(app, 'getApprovalLink', routes.getApprovalLink, async ({ params, query, reply }) => {
    const found = await readLinkedApproval(deps.sql, params.id, tokenHash(query.token ?? ''));
    if (found === null) throw notFound('approval');
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    return linkShape(found);
  });
  handle(app, 'answerApprovalLink', routes.answerApprovalLink, async ({ params, body, reply }) => {
    const found = await readLinkedApproval(deps.sql, params.id, tokenHash(body.token));
    if (found === null) throw notFound('approval');
    const { team, runId: run, nodeId, path } = found;
    const answer = await answerWait(
      deps.sql,
      { blobKey: deps.settings.blobKey },
      {
        team,
        run,
        nodeId,
        path,
        decision: body.decision,
        payloadText: found.status === 'pending' ? formText(found, body.decision, body.form) : null,
        // A link has one answer, whatever its caller calls it.
        messageId: `link/${found.id}/${body.messageId}`,
        approvalId: found.id,
        by: 'link',
      },
    );
    taken(answer);
    context.notifier.note(team, run);
    void context.inbox.deliver({ team, run });
    reply.header('cache-control', 'no-store');
    return linkShape((await readApproval(deps.sql, team, found.id)) ?? found);
  });
}

function answerRoute(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  handle(app, 'answerNode', routes.answerNode, async ({ params, body, team, caller, request }) => {
    const place = { team: team.id, run: params.id, nodeId: params.nodeId, path: body.path };
    const isApproval = body.decision === 'approved' || body.decision === 'rejected';
    let payloadText: string | null = null;
    let approvalId: string | null = null;
    if (isApproval) {
      const approval = await readApprovalOf(deps.sql, team.id, params.id, params.nodeId, body.path);
      if (approval !== null) {
        if (!mayAnswer(approval, caller, team))
          throw new UserError('approval.not-asked', 'Others are asked here.', {
            status: 403,
            remedy: `Asked are: ${approval.approvers.join(', ') || 'those who may send signals'}.`,
          });
        approvalId = approval.id;
        if (approval.status === 'pending') payloadText = formText(approval, body.decision, body.form);
      }
    } else {
      if (!team.permissions.has('run.signal')) throw new UserError('auth.not-allowed', 'This needs the permission run.signal.', { status: 403 });
      payloadText = await outputText(context, place, body);
    }
    const answer = await answerWait(
      deps.sql,
      { blobKey: deps.settings.blobKey },
      {
        ...place,
        decision: body.decision,
        payloadText,
        messageId: body.messageId,
        approvalId,
        by: caller.person?.email ?? null,
        userId: caller.userId,
      },
    );
    const { path, decision, repeated } = taken(answer);
    context.notifier.note(team.id, params.id);
    void context.inbox.deliver({ team: team.id, run: params.id });
    if (!repeated) await context.audit(request, 'run.answer', `run:${params.id}`, { nodeId: params.nodeId, path, decision });
    return { id: params.id, nodeId: params.nodeId, path, decision, repeated };
  });
}

/** An output given by hand must be one that the node could have given (03, Meaning 5). */
async function outputText(
  context: RouteContext,
  { team, run, nodeId }: { team: string; run: string; nodeId: string },
  body: { decision: string; output?: unknown },
): Promise<string | null> {
  if (body.decision !== 'done') return null;
  const node = await readRunDefinitionNode(context.deps.sql, team, run, nodeId);
  if (node === null) throw notFound('run');
  const value = body.output ?? null;
  if (outputPort(node as never, value) === null)
    throw invalid('answer.bad-output', 'The node could not have given this output.', [
      { path: '/output', code: 'answer.bad-output', message: 'says no port of this node' },
    ]);
  return JSON.stringify(value);
}

/** Who steers a run, as a route is told. */
interface Steering {
  team: TeamAccess;
  caller: Caller;
  request: FastifyRequest;
}

function steerRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  handle(app, 'signalRun', routes.signalRun, async ({ params, body, team }) => {
    const { outcome } = await sendSignal(
      deps.sql,
      { blobKey: deps.settings.blobKey },
      {
        team: team.id,
        run: params.id,
        name: params.name,
        key: body.key,
        path: body.path,
        payloadText: body.payload === undefined ? null : JSON.stringify(body.payload),
        messageId: body.messageId,
      },
    );
    if (outcome === 'not-found') throw notFound('run');
    if (outcome === 'ended') throw conflict('run.settled', 'The run has ended already.');
    if (outcome === 'full')
      throw conflict('signal.too-many', 'The run keeps 1,000 signals that no step has taken.', 'Let a step wait for them, or send fewer.');
    void context.inbox.deliver({ team: team.id, run: params.id });
    return { id: params.id, messageId: body.messageId, repeated: outcome === 'repeated' };
  });
  const steer = async (kind: 'pause' | 'resume', run: string, { team, caller, request }: Steering) => {
    const { outcome, status = 'running' } = await steerRun(deps.sql, team.id, run, kind, caller.userId);
    if (outcome === 'not-found') throw notFound('run');
    if (outcome === 'ended') throw conflict('run.settled', 'The run has ended already.');
    if (outcome === 'not-begun') throw conflict('run.not-begun', 'The run has not begun.', 'Wait until it runs, or cancel it.');
    context.notifier.note(team.id, run);
    void context.inbox.deliver({ team: team.id, run });
    await context.audit(request, `run.${kind}`, `run:${run}`);
    return { id: run, status };
  };
  handle(app, 'pauseRun', routes.pauseRun, (call) => steer('pause', call.params.id, call));
  handle(app, 'resumeRun', routes.resumeRun, (call) => steer('resume', call.params.id, call));
}

/** Registers them. */
export function waitRoutes(app: FastifyInstance, context: RouteContext): void {
  approvalRoutes(app, context);
  answerRoute(app, context);
  steerRoutes(app, context);
}
