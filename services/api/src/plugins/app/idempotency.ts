/** `Idempotency-Key` on POST: the first answer is kept 24 hours and given again; 409 while in flight, 422 for another body (06). */
import { createHash } from 'node:crypto';
import type { Sql } from '@hub/db';
import { beginIdempotent, dropIdempotent, endIdempotent } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

interface Held {
  team: string;
  scope: string;
  key: string;
}
declare module 'fastify' {
  interface FastifyRequest {
    idempotent: Held | null;
  }
}

const keyForm = /^[\x21-\x7e]{1,200}$/;
/** Starting a run keeps its key with the run's row, in the same transaction. A way to a consent page is good once: each ask makes another. */
const withoutStore = new Set(['startRun', 'connectCredential']);
/** Answers that are a secret: what a repeat is told instead. */
const secretAnswers: Readonly<Record<string, { code: string; detail: string }>> = {
  createApiKey: { code: 'api-key.shown-once', detail: 'The key was made; its secret was in the first answer only.' },
  rotateTriggerToken: { code: 'trigger.shown-once', detail: 'The URL was made; it was in the first answer only.' },
};
/** Answers with a secret in a field of their own, which a repeat does without. */
const secretFields: Readonly<Record<string, string>> = { publishWorkflow: 'urls', rollbackWorkflow: 'urls', listenTrigger: 'url' };

/** The `Idempotency-Key` of a request, checked; null where there is none. */
export function idempotencyKey(request: FastifyRequest): string | null {
  const given = request.headers['idempotency-key'];
  if (given === undefined) return null;
  if (typeof given !== 'string' || !keyForm.test(given)) {
    throw new UserError('request.bad-idempotency-key', 'Idempotency-Key must be 1 to 200 printable ASCII characters.', {
      details: [{ path: 'headers/idempotency-key', code: 'request.bad-idempotency-key', message: 'is not of that form' }],
    });
  }
  return given;
}

/** Hash of what the request asks for: method, URL and raw body. */
export function requestHash(request: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(`${request.method} ${request.url}\n`)
    .update(request.bodyHash ?? Buffer.alloc(0))
    .digest();
}

export function keyReused(): UserError {
  return new UserError('request.key-reused', 'This Idempotency-Key was used with another request.', {
    status: 422,
    details: [{ path: 'headers/idempotency-key', code: 'request.key-reused', message: 'belongs to another request' }],
  });
}

type Kept = Extract<Awaited<ReturnType<typeof beginIdempotent>>, { state: 'done' }>;

/**
 * Takes the request's key, where it has one, for what `bodyHash` says it asks for; the answer is kept as it is sent. Null: this is the first such
 * request. @throws UserError 409 `request.in-flight`, 422 `request.key-reused`
 */
async function takeKey(request: FastifyRequest, reply: FastifyReply, sql: Sql, bodyHash: Buffer): Promise<Kept | null> {
  const key = idempotencyKey(request);
  const team = request.caller.team?.id;
  if (key === null || team === undefined) return null;
  const { operationId } = request.routeOptions.config;
  const held: Held = { team, scope: `${operationId ?? ''}:${request.caller.keyId ?? request.caller.userId ?? ''}`, key };
  const state = await beginIdempotent(sql, { ...held, bodyHash });
  if (state.state === 'in-flight') {
    reply.header('retry-after', 1);
    throw new UserError('request.in-flight', 'The first request with this Idempotency-Key is still running.', { status: 409 });
  }
  if (state.state === 'different') throw keyReused();
  if (state.state === 'new') {
    request.idempotent = held;
    return null;
  }
  reply.header('idempotent-replayed', 'true');
  return state;
}

/**
 * The same for a form, whose body is a stream: its handler calls this once it knows what came (`content`), before it answers. Null: the first such
 * request; else the first answer, and what this one stored is to be let go.
 */
export async function firstAnswer(request: FastifyRequest, reply: FastifyReply, sql: Sql, content: string): Promise<unknown> {
  const known = await takeKey(request, reply, sql, createHash('sha256').update(`${request.method} ${request.url}\n${content}`).digest());
  if (known === null) return null;
  reply.code(known.status);
  return JSON.parse(known.body ?? 'null') as unknown;
}

async function begin(request: FastifyRequest, reply: FastifyReply, sql: Sql): Promise<unknown> {
  const { spec, operationId } = request.routeOptions.config;
  if (request.method !== 'POST' || !spec || !operationId || withoutStore.has(operationId)) return undefined;
  if (spec.bodyType === 'form') {
    // Looked at before the body is read; kept when it was.
    idempotencyKey(request);
    return undefined;
  }
  const known = await takeKey(request, reply, sql, requestHash(request));
  if (known === null) return undefined;
  reply.code(known.status).type(known.status >= 400 ? 'application/problem+json' : 'application/json');
  // Serialised already: the first answer, byte for byte.
  return reply.serializer((text: unknown) => text as string).send(known.body ?? '');
}

/** A list is kept as an empty one, a text as null. */
function withoutSecret(operation: string, payload: string): string {
  const field = secretFields[operation];
  if (field === undefined) return payload;
  const body = JSON.parse(payload) as Record<string, unknown>;
  return field in body ? JSON.stringify({ ...body, [field]: Array.isArray(body[field]) ? [] : null }) : payload;
}

async function finish(request: FastifyRequest, reply: FastifyReply, payload: unknown, sql: Sql): Promise<void> {
  const held = request.idempotent;
  if (!held) return;
  request.idempotent = null;
  const operation = request.routeOptions.config.operationId ?? '';
  const secret = reply.statusCode < 400 ? secretAnswers[operation] : undefined;
  // What failed on our side, or was turned away by a limit, may be tried again with the same key.
  if (reply.statusCode >= 500 || reply.statusCode === 429) return dropIdempotent(sql, held).then(() => undefined);
  const kept =
    secret === undefined
      ? { status: reply.statusCode, body: typeof payload === 'string' ? withoutSecret(operation, payload) : '' }
      : { status: 409, body: JSON.stringify({ type: 'about:blank', title: 'Conflict', status: 409, ...secret }) };
  await endIdempotent(sql, { ...held, ...kept });
}

/** Installs the check before handlers and the store after them. */
export const idempotencyPlugin = fp(
  async (app: FastifyInstance, options: { sql: Sql }) => {
    app.decorateRequest('idempotent', null);
    app.addHook('preHandler', async (request, reply) => begin(request, reply, options.sql));
    app.addHook('onSend', async (request, reply, payload) => {
      await finish(request, reply, payload, options.sql);
      return payload;
    });
  },
  { name: 'idempotency' },
);
