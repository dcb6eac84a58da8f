/** Forms that start runs. The page is the web's (/forms/:token); here is what it shows, takes and follows. */
import { routes } from '@hub/contract';
import { readRunGraph } from '@hub/db/read';
import { addDelivery, endListening, type OpenedToken } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RouteContext } from '../http/context.ts';
import { parseJsonBody } from '../http/json-body.ts';
import { handle } from '../http/route.ts';
import { checkValues, formCaller, formConfig, formResultOf, formSchema } from '../forms/form.ts';
import { waitForAnswer } from '../hooks/answer.ts';
import { type HookBody, readHookBody, refuseFileHandles, withFiles } from '../hooks/body.ts';
import { maskedHeaders } from '../hooks/masked.ts';
import { type HookTools, hookTools, keepingFiles, openHook, storeFiles } from '../hooks/receive.ts';
import { startFromTrigger } from '../hooks/start.ts';
import { runOfSubmission, submissionToken } from '../hooks/tokens.ts';
import { idempotencyKey } from '../plugins/app/idempotency.ts';
import { addressKey, takeOrRefuse } from '../plugins/app/rates.ts';
import { createStartables } from '../runs/startable.ts';
import { rawBodies } from './hooks.ts';

const plainLimitBytes = 1_000_000;
const filesLimitBytes = 25_000_000;

const badBody = (message: string) =>
  new UserError('request.invalid', 'Send { "values": { … } }, or a multipart form with a part named values.', {
    details: [{ path: '/values', code: 'request.invalid', message }],
  });

/** The values that were filled in, with the form's files beside them. */
function valuesOf({ input }: HookBody): Record<string, unknown> {
  const given = input as { values?: unknown } | null;
  const body = typeof given?.values === 'string' ? parseJsonBody(Buffer.from(given.values), { allowBadText: true }) : given?.values;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badBody('is not an object');
  const more = Object.keys(given as object).filter((name) => name !== 'values');
  if (more.length > 0) throw badBody(`has fields that are not known beside it: ${more.slice(0, 5).join(', ').slice(0, 200)}`);
  refuseFileHandles(body);
  return body as Record<string, unknown>;
}

async function submit(tools: HookTools, opened: OpenedToken, request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { context } = tools;
  const { deps } = context;
  const began = performance.now();
  const caller = await formCaller(context, opened, request);
  await takeOrRefuse(deps.sql, `form:${addressKey(request.ip)}`, deps.settings.rates.form, reply);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const read = await readHookBody(request.headers['content-type'], body);
  const schema = await formSchema(tools, opened);
  const values = valuesOf(read);
  const stored = await storeFiles(tools, opened, read.files, caller?.userId ?? null);
  const key = idempotencyKey(request);
  const {
    input,
    runId: run,
    outcome,
  } = await keepingFiles(tools, opened.team, stored, async () => {
    const filled = checkValues(schema, withFiles(values, stored));
    const started = await startFromTrigger(context, tools.startables, {
      opened,
      input: filled,
      trigger: { type: 'form', id: opened.triggerId, at: new Date(tools.now()).toISOString(), method: 'POST' },
      key: key === null ? null : `form:${key}`,
      overlap: formConfig(opened).overlap,
      userId: caller?.userId ?? opened.listen?.userId ?? null,
      answerForMs: null,
    });
    return { input: filled, runId: started.run, outcome: started.outcome };
  });
  // A run that was started is not lost over its line in a list: whoever saw an error would send the form again.
  const delivery = await addDelivery(deps.sql, {
    team: opened.team,
    workflowId: opened.workflowId,
    triggerId: opened.triggerId,
    method: 'POST',
    contentType: request.headers['content-type']?.slice(0, 200) ?? null,
    headers: maskedHeaders({ 'user-agent': request.headers['user-agent'] }),
    query: {},
    bytes: body.length,
    inputText: JSON.stringify(input),
    outcome,
    status: 202,
    code: null,
    runId: run,
    ms: Math.round(performance.now() - began),
    test: opened.listen !== null,
    replayOf: null,
  }).catch((cause: unknown) => {
    deps.log.warn({ err: cause }, 'a delivery was not noted');
    return null;
  });
  if (opened.listen !== null)
    await endListening(deps.sql, { team: opened.team, id: opened.listen.id, deliveryId: delivery, runId: run, problem: null });
  return submissionToken(deps.settings.webhookKey, opened.team, run);
}

/** Nodes of the run's definition that may answer. */
async function respondersOf(sql: RouteContext['deps']['sql'], team: string, run: string): Promise<Set<string>> {
  const graph = await readRunGraph(sql, team, run);
  const nodes = (graph?.definition as { nodes?: { id: string; type: string }[] } | undefined)?.nodes ?? [];
  return new Set(nodes.flatMap(({ id, type }) => (type === 'respond' ? [id] : [])));
}

/** Registers them. */
export function formRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  const tools = hookTools(context, createStartables(deps.sql));
  void app.register(async (scope) => {
    rawBodies(scope, { plain: plainLimitBytes, multipart: filesLimitBytes });
    scope.decorateRequest('opened', null);
    scope.addHook('preParsing', async (request, reply) => {
      const { token } = request.params as { token: string };
      const follows = request.routeOptions.config.operationId === 'getSubmission';
      request.opened = await openHook(tools, token, 'form', request, reply, { evenClosed: follows });
    });
    const of = (request: FastifyRequest): OpenedToken => {
      if (request.opened !== null) return request.opened;
      throw new UserError('hook.not-found', 'There is no form at this address.', { status: 404 });
    };
    handle(scope, 'getForm', routes.getForm, async ({ request }) => {
      const opened = of(request);
      await formCaller(context, opened, request);
      const { title, description, public: isPublic } = formConfig(opened);
      return { title, description: description ?? null, public: isPublic, schema: await formSchema(tools, opened), test: opened.listen !== null };
    });
    handle(scope, 'submitForm', routes.submitForm, async ({ request, reply }) => {
      const submission = await submit(tools, of(request), request, reply);
      return reply.code(202).type('application/json').send(JSON.stringify({ submission }));
    });
    handle(scope, 'getSubmission', routes.getSubmission, async ({ params, query, request, reply }) => {
      const opened = of(request);
      const { team } = opened;
      const isMember = (await formCaller(context, opened, request)) !== null;
      const run = runOfSubmission(deps.settings.webhookKey, team, params.submission);
      if (run === null) throw new UserError('form.no-such-submission', 'There is no such submission.', { status: 404 });
      const first = await formResultOf(context, { team, run, isMember });
      if (query.wait === undefined || query.wait === 0 || first.status === 'done' || first.status === 'failed') return first;
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      await waitForAnswer(context, { team, run, responders: await respondersOf(deps.sql, team, run) }, query.wait * 1000, gone.signal);
      return formResultOf(context, { team, run, isMember });
    });
  });
}
