/** What a form shows and takes: the `inputs` of the workflow as fields, and who may fill it in. */
import { checkInput } from '@hub/activities/run-input';
import type { FormResult } from '@hub/contract';
import { formTrigger } from '@hub/dag';
import { readRun, readWorkflow } from '@hub/db/read';
import { type OpenedToken, readAnswer } from '@hub/db/write';
import { errorCode, isHubError, UserError } from '@hub/kit/errors';
import type { FastifyRequest } from 'fastify';
import { checkCsrfToken } from '../auth/csrf.ts';
import { identify } from '../auth/identify.ts';
import type { RouteContext } from '../http/context.ts';
import { isSettled } from '../live/wait.ts';
import type { Caller } from '../plugins/app/caller.ts';
import { shownStatus } from '../runs/shapes.ts';
import { readDefinition } from '../workflows/definition.ts';
import type { HookTools } from '../hooks/receive.ts';

/** The settings of the form behind a token. @throws UserError 403 `hook.bad-config` */
export function formConfig(opened: OpenedToken) {
  const parsed = formTrigger.safeParse(opened.config);
  if (parsed.success) return parsed.data;
  throw new UserError('hook.bad-config', 'The settings of this form are not understood. Publish the workflow again.', { status: 403 });
}

/**
 * Who fills it in. A public form asks nobody; any other wants a member of its team who may start runs, with the CSRF token where something changes.
 * @throws UserError 401, 403, 404
 */
export async function formCaller(context: RouteContext, opened: OpenedToken, request: FastifyRequest): Promise<Caller | null> {
  if (formConfig(opened).public && opened.listen === null) return null;
  const { deps, auth } = context;
  const headers = { ...request.headers, 'x-hub-team': opened.team };
  const caller = await identify(headers, { auth, sql: deps.sql });
  if (caller.kind === 'nobody') throw new UserError('auth.required', 'Sign in to fill in this form.', { status: 401 });
  if (caller.team === null) throw new UserError('hook.not-found', 'There is no form at this address.', { status: 404 });
  if (!caller.team.permissions.has('run.start'))
    throw new UserError('auth.not-allowed', 'This needs the permission run.start.', { status: 403, remedy: 'Ask an admin of the team.' });
  if (caller.session !== null && request.method !== 'GET')
    checkCsrfToken(request.headers, deps.settings.sessionKey, caller.session.id, deps.settings.url);
  return caller;
}

const anyFields = { type: 'object', properties: {} };

/** The schema of the fields: of the published version, or of the draft under test. */
export async function formSchema({ context, startables }: HookTools, opened: OpenedToken): Promise<Record<string, unknown>> {
  if (opened.listen === null) {
    const { definition } = await startables(opened.team, opened.workflowId, undefined);
    return (definition.inputs as Record<string, unknown> | undefined) ?? anyFields;
  }
  const row = await readWorkflow(context.deps.sql, opened.team, opened.workflowId);
  return (readDefinition(row?.definition).inputs as Record<string, unknown> | undefined) ?? anyFields;
}

/** Checks what was filled in; faults stand at `/values/...`, where the page has its fields. @throws UserError 422 `run.invalid-input` */
export function checkValues(schema: Record<string, unknown>, values: unknown): unknown {
  try {
    return checkInput(schema, values);
  } catch (error) {
    if (!isHubError(error) || errorCode(error) !== 'run.invalid-input' || !Array.isArray(error.details)) throw error;
    const faults = (error.details as { path: string; code: string; message: string }[]).map((fault) => ({
      ...fault,
      path: fault.path.replace(/^\/input/, '/values'),
    }));
    throw new UserError('run.invalid-input', 'Some fields are not right.', { status: 422, details: faults });
  }
}

const messages = {
  done: 'Done.',
  failed: 'Something went wrong. The team behind this form has been told.',
  waiting: 'Somebody has to decide first. You can close this page.',
  working: 'Working on it.',
} as const;

/**
 * What the page hears of the run: progress, and the respond step's answer. Nothing of its nodes, values or errors; where nothing responds, a member of
 * the team (who may read the run anyway) gets its output, and the public gets none.
 */
export async function formResultOf(
  { deps }: RouteContext,
  { team, run, isMember }: { team: string; run: string; isMember: boolean },
): Promise<FormResult> {
  const [row, given] = await Promise.all([readRun(deps.sql, team, run), readAnswer(deps.sql, team, run)]);
  const answer = given ?? (isMember ? outputAsAnswer(row) : null);
  const shown = row === null ? 'cancelled' : shownStatus(row.status);
  const status = answer !== null || shown === 'completed' ? 'done' : isSettled(shown) ? 'failed' : shown === 'waiting' ? 'waiting' : 'working';
  const { nodes = 0, completed = 0, failed = 0, skipped = 0 } = row?.totals ?? {};
  const refused = answer !== null && answer.status >= 400;
  return {
    status: refused ? 'failed' : status,
    progress: { done: Math.min(nodes, completed + failed + skipped), total: nodes },
    answer:
      answer === null
        ? null
        : { contentType: answer.headers['content-type'] ?? typeOf(answer.bodyText), body: JSON.parse(answer.bodyText) as unknown },
    message: messages[refused ? 'failed' : status],
  };
}

function outputAsAnswer(row: Awaited<ReturnType<typeof readRun>>): OutputAnswer | null {
  const output = row?.status === 'completed' ? row.output : undefined;
  if (output === undefined || output === null || Object.keys(output).length === 0) return null;
  return { status: 200, headers: {}, bodyText: JSON.stringify(output) };
}
interface OutputAnswer {
  status: number;
  headers: Record<string, string>;
  bodyText: string;
}

const typeOf = (bodyText: string): string => (bodyText.startsWith('"') ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8');
