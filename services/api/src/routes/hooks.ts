/** Webhooks: the addresses that others call, what came of it, replay, test events, resume links. */
import { routes } from '@hub/contract';
import { webhookTrigger } from '@hub/dag';
import { type DeliveryDetailRead, listDeliveries, readDelivery, readListening, readTriggerAddress, readWorkflow } from '@hub/db/read';
import { addDelivery, type OpenedToken, readResume, rotateTriggerToken, useResume } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { conflict, notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { formConfig } from '../forms/form.ts';
import { handle } from '../http/route.ts';
import { readHookBody } from '../hooks/body.ts';
import { readSecrets } from '../hooks/check.ts';
import { listen, seeListening } from '../hooks/listen.ts';
import { type HookTools, hookTools, openHook, receive, signal } from '../hooks/receive.ts';
import { addressShape, deliveryDetailShape, deliveryShape } from '../hooks/shapes.ts';
import { startFromTrigger } from '../hooks/start.ts';
import { hashToken, newTriggerToken, urlOfToken } from '../hooks/tokens.ts';
import { addressKey, takeOrRefuse } from '../plugins/app/rates.ts';
import { createStartables } from '../runs/startable.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token the URL of a webhook or form holds. */
    opened: OpenedToken | null;
  }
}

const bodyLimitBytes = 5_000_000;
const formLimitBytes = 25_000_000;
const resumeLimitBytes = 1_000_000;

/** Bytes as they came: signatures are over them. */
export function rawBodies(scope: FastifyInstance, limits: { plain: number; multipart: number }): void {
  scope.removeAllContentTypeParsers();
  const whole = (_request: FastifyRequest, bytes: Buffer, done: (error: Error | null, body?: Buffer) => void) => done(null, bytes);
  scope.addContentTypeParser(/^multipart\/form-data/i, { parseAs: 'buffer', bodyLimit: limits.multipart }, whole);
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: limits.plain }, whole);
}

/** What others get is never a page of this site, whatever its type says (05, rule 25). */
function closedOff(reply: FastifyReply): void {
  reply.header('content-security-policy', "default-src 'none'; sandbox").header('x-content-type-options', 'nosniff');
}

function receiving(app: FastifyInstance, tools: HookTools): void {
  void app.register(async (scope) => {
    rawBodies(scope, { plain: bodyLimitBytes, multipart: formLimitBytes });
    scope.decorateRequest('opened', null);
    // Before the body is read: a stranger costs one look-up.
    scope.addHook('preParsing', async (request, reply) => {
      closedOff(reply);
      request.opened = await openHook(tools, (request.params as { token: string }).token, 'webhook', request, reply);
    });
    const answer = async ({ request, reply }: { request: FastifyRequest; reply: FastifyReply }): Promise<FastifyReply> => {
      if (request.opened === null) throw new UserError('hook.not-found', 'There is no webhook at this address.', { status: 404 });
      return receive(tools, request.opened, request, reply);
    };
    handle(scope, 'receiveHook', routes.receiveHook, answer);
    handle(scope, 'receiveHookGet', routes.receiveHookGet, answer);
    handle(scope, 'receiveHookPut', routes.receiveHookPut, answer);
  });
}

function addresses(app: FastifyInstance, { deps, audit }: RouteContext): void {
  const noTrigger = () => new UserError('trigger.not-found', 'The published version has no webhook or form of this id.', { status: 404 });
  handle(app, 'getTriggerAddress', routes.getTriggerAddress, async ({ params, team }) => {
    const workflow = await readWorkflow(deps.sql, team.id, params.id);
    if (workflow === null) throw notFound('workflow');
    const row = await readTriggerAddress(deps.sql, team.id, params.id, params.triggerId);
    if (row === null) throw noTrigger();
    const { data: config } = webhookTrigger.safeParse(row.config);
    const credentialId =
      row.type === 'webhook' && config?.verify !== undefined && 'credentialId' in config.verify ? config.verify.credentialId : null;
    const { problem } =
      credentialId === null
        ? { problem: null }
        : await readSecrets({ sql: deps.sql, credentialKeys: deps.settings.credentialKeys.current() }, team.id, credentialId);
    return addressShape(row, { url: deps.settings.url, workflowStatus: workflow.status, problem });
  });
  handle(app, 'rotateTriggerToken', routes.rotateTriggerToken, async ({ params, team, request }) => {
    if ((await readWorkflow(deps.sql, team.id, params.id)) === null) throw notFound('workflow');
    const made = await rotateTriggerToken(deps.sql, { team: team.id, workflowId: params.id, triggerId: params.triggerId }, newTriggerToken);
    if (made === null) throw noTrigger();
    await audit(request, 'trigger.rotate-token', `workflow:${params.id}`, { triggerId: params.triggerId });
    return { triggerId: params.triggerId, type: made.type, url: urlOfToken(deps.settings.url, made.token) };
  });
}

function deliveries(app: FastifyInstance, context: RouteContext, tools: HookTools): void {
  const { deps, audit } = context;
  const find = async (team: string, params: { id: string; triggerId: string; deliveryId: string }) => {
    const row = await readDelivery(deps.sql, team, params.deliveryId);
    if (row === null || row.workflowId !== params.id || row.triggerId !== params.triggerId)
      throw new UserError('delivery.not-found', 'There is no such request any more; they are kept 7 days.', { status: 404 });
    return row;
  };
  handle(app, 'listDeliveries', routes.listDeliveries, async ({ params, query, team }) => {
    if ((await readWorkflow(deps.sql, team.id, params.id)) === null) throw notFound('workflow');
    const { items, nextCursor } = await listDeliveries(deps.sql, team.id, { ...query, workflowId: params.id, triggerId: params.triggerId });
    return { items: items.map(deliveryShape), nextCursor };
  });
  handle(app, 'getDelivery', routes.getDelivery, async ({ params, team }) => deliveryDetailShape(await find(team.id, params)));
  handle(app, 'replayDelivery', routes.replayDelivery, async ({ params, team, caller, request }) => {
    const began = performance.now();
    const row = await find(team.id, params);
    if (!row.replayable || row.inputText === null)
      throw conflict('delivery.not-replayable', 'This request was refused, or its body is too large to be kept.', 'Ask the sender to send it again.');
    const trigger = await readTriggerAddress(deps.sql, team.id, params.id, params.triggerId);
    if (trigger === null || trigger.status === 'removed') throw conflict('hook.removed', 'The trigger was removed from the workflow.');
    const opened: OpenedToken = {
      team: team.id,
      plan: team.plan,
      workflowId: params.id,
      workflowStatus: 'active',
      triggerId: params.triggerId,
      type: trigger.type,
      config: trigger.config,
      status: 'active',
      listen: null,
    };
    const sent = await sendAgain(tools, opened, { ...row, inputText: row.inputText }, caller.userId);
    const { method, contentType, headers, query, bytes, inputText, id } = row;
    const ms = Math.round(performance.now() - began);
    const same = { team: team.id, workflowId: params.id, triggerId: params.triggerId, method, contentType, headers, query, bytes, inputText };
    await addDelivery(deps.sql, { ...same, outcome: sent.outcome, status: 202, code: null, runId: sent.run, ms, test: false, replayOf: id });
    await audit(request, 'delivery.replay', sent.run === null ? `workflow:${params.id}` : `run:${sent.run}`, { delivery: id });
    return { id: sent.run, status: sent.outcome === 'started' ? ('queued' as const) : sent.outcome };
  });
}

/** What the request would do now: a run by the rule of its trigger, or the signal that it is. */
async function sendAgain(
  tools: HookTools,
  opened: OpenedToken,
  row: Pick<DeliveryDetailRead, 'headers' | 'query' | 'method'> & { inputText: string },
  userId: string | null,
): Promise<{ run: string | null; outcome: 'started' | 'delivered' | 'held' }> {
  const { type, triggerId } = opened;
  const { headers, query, method, inputText } = row;
  const input = JSON.parse(inputText) as unknown;
  const trigger = { type, id: triggerId, at: new Date().toISOString(), headers, query, method };
  const config = type === 'form' ? formConfig(opened) : webhookTrigger.safeParse(opened.config).data;
  if (config !== undefined && 'signal' in config && config.signal !== undefined) {
    // A new message: who sends it again wants it to be heard again.
    const { name, key } = config.signal;
    const { runId } = await signal(tools, opened, { name, key, input, inputText, trigger, messageId: null });
    return { run: runId, outcome: runId === null ? 'held' : 'delivered' };
  }
  const overlap = config?.overlap === undefined ? {} : { overlap: config.overlap };
  const { run } = await startFromTrigger(tools.context, tools.startables, { opened, input, trigger, key: null, userId, ...overlap });
  return { run, outcome: 'started' };
}

function listening(app: FastifyInstance, context: RouteContext): void {
  handle(app, 'listenTrigger', routes.listenTrigger, async ({ params, body, team, caller }) =>
    listen(context, { team, caller }, { workflowId: params.id, triggerId: params.triggerId }, body.start === true),
  );
  handle(app, 'getListening', routes.getListening, async ({ params, query, team, reply }) => {
    const place = { workflowId: params.id, triggerId: params.triggerId, id: params.listenId };
    if ((await readListening(context.deps.sql, team.id, place)) === null)
      throw new UserError('trigger.no-such-window', 'There is no such window; open a new one.', { status: 404 });
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return seeListening(context, team.id, place, query.wait ?? 0, gone.signal);
  });
}

/** Resume links: a GET never answers, because mail scanners open links. */
function resuming(app: FastifyInstance, context: RouteContext): void {
  const { deps, inbox } = context;
  const unknown = () =>
    new UserError('resume.not-found', 'This link leads to nothing: it is misspelt, or its step does not wait yet.', { status: 404 });
  const count = (request: FastifyRequest, reply: FastifyReply) =>
    takeOrRefuse(deps.sql, `resume:${addressKey(request.ip)}`, deps.settings.rates.address, reply);
  void app.register(async (scope) => {
    rawBodies(scope, { plain: resumeLimitBytes, multipart: 1 });
    scope.addHook('preParsing', async (request, reply) => {
      closedOff(reply);
      await count(request, reply);
    });
    handle(scope, 'showResume', routes.showResume, async ({ params, reply }) => {
      const found = await readResume(deps.sql, hashToken(params.token));
      if (found === null) throw unknown();
      if (found.kind === 'approval') return reply.redirect(`/approvals/${found.approvalId ?? ''}?token=${encodeURIComponent(params.token)}`, 303);
      const how =
        found.state === 'open'
          ? 'Send a POST to this address to let the run go on; its body becomes the payload.'
          : 'There is nothing left to do here.';
      return reply.type('application/json').send(JSON.stringify({ kind: 'wait', state: found.state, how }));
    });
    handle(scope, 'resume', routes.resume, async ({ params, request, reply }) => {
      const hash = hashToken(params.token);
      const found = await readResume(deps.sql, hash);
      if (found === null) throw unknown();
      if (found.kind === 'approval') throw conflict('resume.approval', 'An approval is answered on its page.', 'Open this address in a browser.');
      const body = await readHookBody(request.headers['content-type'], Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      const used = await useResume(deps.sql, { blobKey: deps.settings.blobKey }, hash, JSON.stringify(body.input));
      if (used.outcome === 'used') throw conflict('resume.used', 'This link was used already.');
      if (used.outcome === 'gone') throw unknown();
      if (!('run' in used)) throw new UserError('resume.expired', 'The step does not wait any more.', { status: 410 });
      await inbox.deliver({ team: used.team, run: used.run });
      return reply.type('application/json').send(JSON.stringify({ outcome: 'released' }));
    });
  });
}

/** Registers them. */
export function hookRoutes(app: FastifyInstance, context: RouteContext): void {
  const tools = hookTools(context, createStartables(context.deps.sql));
  receiving(app, tools);
  addresses(app, context);
  deliveries(app, context, tools);
  listening(app, context);
  resuming(app, context);
}
