/** Registers a route of the contract's table: schemas, access, help and handler in one line each. The only way routes are made here. */
import type { AnswerOf, RouteSpec, Permission } from '@hub/contract';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Caller, TeamAccess } from '../plugins/app/caller.ts';

type Out<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined;
type TeamOf<R extends RouteSpec> = R['access'] extends Permission ? TeamAccess : TeamAccess | null;

/** What a handler gets: everything validated, the caller known and allowed. */
export interface Call<R extends RouteSpec> {
  params: Out<R, 'params'>;
  query: Out<R, 'query'>;
  body: Out<R, 'body'>;
  caller: Caller;
  /** The team the request acts in; never null where the route asks for a permission. */
  team: TeamOf<R>;
  /** Revision of `If-Match`, where the route wants it; null where it takes one and none came. */
  ifMatch: R['ifMatch'] extends 'optional' ? number | null : number;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** An answer: the body of the route's shape; the reply itself for bytes and redirects; nothing for 204. */
type Answer<R extends RouteSpec> = R['answerType'] extends 'bytes' ? FastifyReply : R['answer'] extends null ? undefined : AnswerOf<R>;

function revisionOf(header: string | undefined): number {
  if (header === undefined) throw new UserError('request.if-match', 'Send If-Match with the revision you read, e.g. If-Match: "3".', { status: 428 });
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim());
  if (!match)
    throw new UserError('request.if-match', 'If-Match must be one quoted revision, e.g. "3".', {
      details: [{ path: 'headers/if-match', code: 'request.if-match', message: 'wants "<number>"' }],
    });
  return Number(match[1]);
}

function matchOf({ ifMatch }: RouteSpec, header: string | undefined): number | null {
  if (ifMatch === 'optional' && header === undefined) return null;
  return ifMatch === undefined ? 0 : revisionOf(header);
}

/** Registers `spec` with its handler. The server refuses to start where a route has no access declared. */
export function handle<const R extends RouteSpec>(
  app: FastifyInstance,
  operationId: string,
  spec: R,
  handler: (call: Call<R>) => Promise<Answer<R>>,
): void {
  app.route({
    method: spec.method,
    url: spec.path,
    ...(spec.bodyBytes === undefined ? {} : { bodyLimit: spec.bodyBytes }),
    config: { access: spec.access, spec, operationId },
    schema: {
      operationId,
      summary: spec.summary,
      description: spec.help,
      tags: [spec.tag],
      ...(spec.params ? { params: spec.params } : {}),
      ...(spec.query ? { querystring: spec.query } : {}),
      ...(spec.body ? { body: spec.body } : {}),
      ...(spec.answer && spec.answerType !== 'bytes' ? { response: { [spec.status]: spec.answer } } : {}),
    },
    handler: async (request, reply) => {
      const call = {
        params: request.params,
        query: request.query,
        body: request.body,
        caller: request.caller,
        team: request.caller.team,
        ifMatch: matchOf(spec, request.headers['if-match']),
        request,
        reply,
      } as unknown as Call<R>;
      const answer = await handler(call);
      if (spec.answerType === 'bytes') return reply;
      if (!reply.sent && reply.statusCode === 200) reply.code(spec.status);
      return spec.answer === null ? reply.send() : answer;
    },
  });
}
