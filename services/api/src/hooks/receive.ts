/** One request to a webhook: whose it is, is it genuine, what becomes of it, what its caller hears. */
import { parsePlainPath } from '@hub/activities/expressions';
import { scanTemplate, type WebhookTrigger, webhookTrigger } from '@hub/dag';
import type { FileHandle } from '@hub/activities/ports';
import type { Json } from '@hub/dag/planner';
import { createFileStore, type HubFileStore } from '@hub/db';
import {
  addDelivery,
  adoptFiles,
  deleteFile,
  deliverSignal,
  type DeliveryOutcome,
  endDelivery,
  endListening,
  noteListening,
  type OpenedToken,
  openToken,
} from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { sniffed } from '../files/sniff.ts';
import type { RouteContext } from '../http/context.ts';
import { problemOf } from '../http/problem.ts';
import { addressKey, takeOrRefuse } from '../plugins/app/rates.ts';
import { safeName } from '../routes/files.ts';
import type { createStartables } from '../runs/startable.ts';
import { answerWithinMs, sendResult, waitForAnswer } from './answer.ts';
import { type HookFile, readHookBody, withFiles } from './body.ts';
import { checkSignature, dedupeKey, refuseReplay } from './check.ts';
import { maskedHeaders, maskedQuery } from './masked.ts';
import { startFromTrigger } from './start.ts';
import { hashToken, isFormToken } from './tokens.ts';

export interface HookTools {
  context: RouteContext;
  startables: ReturnType<typeof createStartables>;
  files: HubFileStore;
  now: () => number;
}

export function hookTools(context: RouteContext, startables: HookTools['startables']): HookTools {
  const { deps } = context;
  return { context, startables, files: createFileStore(deps.sql, { blobKey: deps.settings.blobKey }), now: deps.now ?? Date.now };
}

/**
 * Who a URL's token belongs to, before a byte of the body is read. Counts the request.
 * @throws UserError 404 `hook.not-found`, 410 `hook.removed` | `hook.listen-over`, 409 `workflow.paused` | `workflow.archived` | `trigger.paused`, 429.
 * With `evenClosed` only the token counts.
 */
export async function openHook(
  tools: HookTools,
  token: string,
  kind: 'webhook' | 'form',
  request: FastifyRequest,
  reply: FastifyReply,
  { evenClosed = false }: { evenClosed?: boolean } = {},
): Promise<OpenedToken> {
  const { deps } = tools.context;
  const { rates } = deps.settings;
  const opened = (kind === 'form') === isFormToken(token) ? await openToken(deps.sql, hashToken(token)) : null;
  if (opened === null) {
    // Guessing is counted by address, as for keys.
    await takeOrRefuse(deps.sql, `refused:${addressKey(request.ip)}`, rates.address, reply);
    throw new UserError('hook.not-found', `There is no ${kind} at this address.`, { status: 404 });
  }
  await takeOrRefuse(deps.sql, `hook:${opened.team}:${opened.workflowId}:${opened.triggerId}`, rates.hook, reply);
  if (!evenClosed) refuseClosed(opened, kind);
  return opened;
}

function refuseClosed(opened: OpenedToken, kind: 'webhook' | 'form'): void {
  if (opened.listen !== null) {
    if (!opened.listen.open) throw new UserError('hook.listen-over', 'This test address took its event, or its 2 minutes are over.', { status: 410 });
    return;
  }
  if (opened.status === 'removed' || opened.type !== kind)
    throw new UserError('hook.removed', `This ${kind} was removed from its workflow.`, { status: 410 });
  const closed = (code: string, why: string) => new UserError(code, why, { status: 409 });
  if (opened.workflowStatus === 'archived') throw closed('workflow.archived', 'The workflow is archived and takes no starts.');
  if (opened.workflowStatus !== 'active') throw closed('workflow.paused', 'The workflow is paused and takes no starts.');
  if (opened.status !== 'active') throw closed('trigger.paused', `This ${kind} is paused and takes nothing.`);
}

/** What became of a request, for its row and its caller. */
export interface Taken {
  outcome: DeliveryOutcome;
  inputText: string | null;
  runId: string | null;
  /** Status of the answer; 0: it is waited for. */
  status: number;
  answer: unknown;
  responders?: ReadonlySet<string>;
  code?: string;
}

/** Takes one request of a webhook and answers it. */
export async function receive(tools: HookTools, opened: OpenedToken, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { deps } = tools.context;
  const began = performance.now();
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const config = configOf(opened);
  // A run that was taken is not lost over its line in a list.
  const row = (outcome: DeliveryOutcome, more: { status: number; code: string | null; inputText: string | null; runId: string | null }) =>
    addDelivery(deps.sql, {
      team: opened.team,
      workflowId: opened.workflowId,
      triggerId: opened.triggerId,
      method: request.method,
      contentType: request.headers['content-type']?.slice(0, 200) ?? null,
      headers: maskedHeaders(request.headers, secretHeadersOf(config)),
      query: maskedQuery(request.query),
      bytes: body.length,
      ms: Math.round(performance.now() - began),
      test: opened.listen !== null,
      replayOf: null,
      outcome,
      ...more,
    }).catch((cause: unknown) => {
      deps.log.warn({ err: cause }, 'a delivery was not noted');
      return null;
    });
  let taken: Taken;
  try {
    taken = await take(tools, opened, config, { request, body });
  } catch (error) {
    const { status, code } = problemOf(error);
    const outcome = status >= 500 ? 'failed' : 'refused';
    const refused = await row(outcome, { status, code, inputText: null, runId: null });
    if (opened.listen !== null) await noteListening(deps.sql, { team: opened.team, id: opened.listen.id, deliveryId: refused, problem: code });
    throw error;
  }
  const delivery = await row(taken.outcome, { status: taken.status, code: taken.code ?? null, inputText: taken.inputText, runId: taken.runId });
  if (opened.listen !== null) {
    await endListening(deps.sql, { team: opened.team, id: opened.listen.id, deliveryId: delivery, runId: taken.runId, problem: taken.code ?? null });
  }
  if (taken.status !== 0 || taken.runId === null) return reply.code(taken.status).type('application/json').send(JSON.stringify(taken.answer));
  const at = { team: opened.team, run: taken.runId };
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  await waitForAnswer(tools.context, { ...at, responders: taken.responders ?? new Set() }, answerWithinMs, gone.signal);
  const sent = await sendResult(tools.context, tools.files, at, reply);
  const ms = Math.round(performance.now() - began);
  if (delivery !== null) await endDelivery(deps.sql, { team: opened.team, id: delivery, status: reply.statusCode, ms });
  return sent;
}

/** The trigger's config; one of an older shape that is not understood any more is refused, never guessed at. */
function configOf(opened: OpenedToken): WebhookTrigger {
  const parsed = webhookTrigger.safeParse(opened.config);
  if (parsed.success) return parsed.data;
  throw new UserError('hook.bad-config', 'The settings of this webhook are not understood, so it takes nothing. Publish the workflow again.', {
    status: 403,
  });
}

function secretHeadersOf({ verify }: WebhookTrigger): string[] {
  return verify?.scheme === 'hmac' ? [verify.header] : [];
}

async function take(
  tools: HookTools,
  opened: OpenedToken,
  config: WebhookTrigger,
  { request, body }: { request: FastifyRequest; body: Buffer },
): Promise<Taken> {
  const { deps } = tools.context;
  const { headers } = request;
  const settings = { sql: deps.sql, credentialKeys: deps.settings.credentialKeys.current(), now: tools.now };
  const replayId = await checkSignature(settings, opened.team, config.verify, { headers, body });
  const read = await readHookBody(headers['content-type'], body);
  const challenge = challengeOf(config, read.input);
  if (challenge !== null)
    return { outcome: 'shown', inputText: null, runId: null, status: 200, answer: { challenge }, code: 'slack.url-verification' };
  const key = dedupeKey(config, { headers, input: read.input, replayId });
  await refuseReplay(deps.sql, opened, config, { replayId, key });
  const stored = await storeFiles(tools, opened, read.files);
  const input = withFiles(read.input, stored);
  return keepingFiles(tools, opened.team, stored, (files) => use(tools, opened, config, { request, key, input, files }));
}

/** What becomes of a request that is genuine, new, and read. */
async function use(
  tools: HookTools,
  opened: OpenedToken,
  config: WebhookTrigger,
  { request, key, input, files }: { request: FastifyRequest; key: string | null; input: unknown; files: string[] },
): Promise<Taken> {
  const { headers } = request;
  const trigger = {
    type: 'webhook',
    id: opened.triggerId,
    at: new Date(tools.now()).toISOString(),
    headers: maskedHeaders(headers, secretHeadersOf(config)),
    query: maskedQuery(request.query),
    method: request.method,
  };
  const inputText = JSON.stringify(input);
  if (opened.listen !== null && !opened.listen.starts) return { outcome: 'shown', inputText, runId: null, status: 200, answer: { outcome: 'shown' } };
  if (config.signal !== undefined && opened.listen === null)
    return signal(tools, opened, { name: config.signal.name, key: config.signal.key, input, inputText, trigger, messageId: key, files });
  const waits = config.respond === 'result';
  const started = await startFromTrigger(tools.context, tools.startables, {
    opened,
    input,
    trigger,
    key,
    overlap: config.overlap,
    userId: opened.listen?.userId ?? null,
    ...(waits ? { answerForMs: answerWithinMs } : {}),
  });
  const { run, outcome, responders } = started;
  const status = waits ? 0 : outcome === 'repeated' ? 200 : 202;
  return { outcome, inputText, runId: run, status, answer: { id: run, status: 'queued' }, responders };
}

/** Slack asks once whether the address is ours: the answer is its challenge, after its signature was checked. */
function challengeOf(config: WebhookTrigger, input: unknown): string | null {
  if (config.verify?.scheme !== 'slack' || typeof input !== 'object' || input === null) return null;
  const { type, challenge } = input as { type?: unknown; challenge?: unknown };
  return type === 'url_verification' && typeof challenge === 'string' ? challenge.slice(0, 500) : null;
}

type StoredFile = { field: string; handle: FileHandle };

/**
 * Files that came with a request are its run's; where it is refused, they go. Where it broke off, its run may be there all the same, so they stay: what no
 * run takes ends by itself (`fromRequest`).
 */
export async function keepingFiles<T extends { runId: string | null }>(
  { context: { deps } }: HookTools,
  team: string,
  stored: StoredFile[],
  work: (files: string[]) => Promise<T>,
): Promise<T> {
  const ids = stored.map(({ handle }) => handle.$file);
  if (ids.length === 0) return work(ids);
  let done: T;
  try {
    done = await work(ids);
  } catch (error) {
    if (problemOf(error).status < 500) await Promise.allSettled(ids.map((id) => deleteFile(deps.sql, team, id)));
    throw error;
  }
  if (done.runId !== null) {
    await adoptFiles(deps.sql, team, done.runId, ids).catch((cause: unknown) => {
      deps.log.warn({ err: cause, run: done.runId }, 'files of a request were not made its run’s: they go 3 days from now where nothing names them');
    });
  }
  return done;
}

/** Stores the files of a form as uploads of the team. */
export async function storeFiles(tools: HookTools, opened: OpenedToken, files: HookFile[], userId: string | null = null): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  for (const { field, name: given, bytes } of files) {
    const name = safeName(given);
    async function* whole() {
      yield bytes;
    }
    const { mime, content } = await sniffed(whole(), name);
    const handle = await tools.files.createUpload(opened.team, { name, mime, userId, fromRequest: true }, content, {
      maxBytes: tools.context.deps.settings.uploadLimitBytes,
    });
    stored.push({ field, handle });
  }
  return stored;
}

export interface SignalGiven {
  name: string;
  key: string | undefined;
  input: unknown;
  inputText: string;
  trigger: Json;
  messageId: string | null;
  /** Ids of files that came with it. */
  files?: string[];
}

/** Hands the request to the run that waits for it; with none, it is kept for one that will. */
export async function signal(tools: HookTools, opened: Pick<OpenedToken, 'team' | 'workflowId' | 'triggerId'>, given: SignalGiven): Promise<Taken> {
  const { deps, inbox } = tools.context;
  const key = given.key === undefined ? null : fillPlain(given.key, { input: given.input, trigger: given.trigger });
  const { team, workflowId, triggerId } = opened;
  const messageId = given.messageId === null ? v7() : `${workflowId}:${triggerId}:${given.messageId}`;
  const sent = await deliverSignal(
    deps.sql,
    { blobKey: deps.settings.blobKey },
    { team, name: given.name, key, payloadText: given.inputText, messageId, ...(given.files === undefined ? {} : { files: given.files }) },
  );
  if (sent.outcome === 'full')
    throw new UserError('signal.full', 'The team holds 1,000 signals that nobody waits for. Try again later.', { status: 429 });
  if (!('run' in sent)) return { outcome: 'held', inputText: given.inputText, runId: null, status: 202, answer: { outcome: 'held' } };
  await inbox.deliver({ team, run: sent.run });
  const outcome = sent.outcome === 'repeated' ? 'repeated' : 'delivered';
  return { outcome, inputText: given.inputText, runId: sent.run, status: outcome === 'repeated' ? 200 : 202, answer: { outcome: 'delivered' } };
}

/** Fills a template of plain paths; publish took no others. Nothing is found: empty. */
export function fillPlain(template: string, data: Record<'input' | 'trigger', unknown>): string {
  const scanned = scanTemplate(template);
  if (!scanned.ok) return template;
  return scanned.parts.map((part) => (part.kind === 'text' ? part.text : textAt(data, part.text))).join('');
}

function textAt(data: unknown, path: string): string {
  let value = data;
  for (const step of parsePlainPath(path) ?? ['']) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return '';
    value = (value as Record<string | number, unknown>)[step];
  }
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
