import type { Json } from '@hub/dag/planner';
import { credentialKind } from '@hub/kit/credentials';
import { isHubError, UserError } from '@hub/kit/errors';
import type { OutboundBody, OutboundRequest } from '@hub/kit/http';
import { createRedactor } from '@hub/kit/redact';
import type { z } from 'zod';

import { redactJson, secretsOf, toOutboundCredential } from '../../../credentials.ts';
import type { ActionContext, ActionRun } from '../../../types.ts';
import { readAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { at } from './json-path.ts';
import { readPages } from './paging.ts';
import { requestSpec } from './spec.ts';
import { statusError } from './status.ts';

type Params = z.output<typeof requestSpec.params>;
export type Context = ActionContext<Params>;

/** Sends one request (or page after page). Answers `{ status, headers, body }`, with paging also `pages`. */
export const runRequest: ActionRun<typeof requestSpec> = async (context) => {
  const { params } = context;
  const url = withQuery(params.url, params.query);
  if (params.paging !== undefined) return { output: await readPages(context, url, (pageUrl) => call(context, pageUrl)) };
  const answer = await call(context, url);
  return { output: { status: answer.status, headers: answer.headers, body: answer.body } };
};

/** The URL with the query params added; lists are repeated, null is left out. @throws UserError `http.bad-url`. */
export function withQuery(base: string, query: Params['query']): URL {
  if (!URL.canParse(base))
    throw new UserError('http.bad-url', 'The URL cannot be read.', {
      status: 422,
      remedy: 'Give a whole URL, e.g. https://api.example.com/v1/items.',
    });
  const url = new URL(base);
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== null) url.searchParams.append(name, String(one));
  }
  return url;
}

/** A 401 is tried once more with a renewed credential, where it renews itself. */
async function call(context: Context, url: URL): Promise<Answer> {
  try {
    return await callOnce(context, url);
  } catch (error) {
    const expired = isHubError(error) && (error.details as { status?: number } | undefined)?.status === 401;
    if (!expired || context.renew === undefined || context.credential === null || credentialKind(context.credential.kind)?.grant === 'stored')
      throw error;
    return await callOnce({ ...context, credential: await context.renew() }, url);
  }
}

async function callOnce(context: Context, url: URL): Promise<Answer> {
  const { params, credential, http, signal } = context;
  const request: OutboundRequest = { url, method: params.method, headers: headersOf(context), signal };
  if (credential !== null) request.credential = toOutboundCredential(credential);
  if (params.body !== undefined && params.method !== 'GET' && params.method !== 'HEAD') {
    const { body, contentType } = await bodyOf(context, params.body as Json);
    request.body = body;
    if (contentType !== null && request.headers !== undefined) request.headers['content-type'] ??= contentType;
  }
  const response = await http.request(request);
  const wanted = params.expect?.status;
  const fine = wanted === undefined ? response.status >= 200 && response.status < 300 : wanted.includes(response.status);
  // Every secret, however short: an API of anybody's may echo a password of eight letters. What wraps all actions leaves those under twelve in data.
  const redact = createRedactor(secretsOf(credential));
  if (!fine) throw statusError(response, new TextDecoder().decode(await response.bytes()), redact);
  const read = await readAnswer(response, {
    as: params.response,
    idempotent: requestSpec.idempotent(params),
    warn: context.warn,
    saveFile: (name, mime, content) => context.files.create(context.team, { name, mime, run: context.run }, content),
  });
  const answer =
    credential === null
      ? read
      : { ...read, body: redactJson(read.body, redact), headers: redactJson(read.headers, redact) as Record<string, string> };
  const missing = (params.expect?.fields ?? []).filter((path) => at(answer.body, path) === undefined);
  if (missing.length > 0) {
    throw new UserError('http.unexpected-answer', `${answer.url} answered without ${missing.join(', ')}.`.slice(0, 300), {
      status: 422,
      remedy: 'Look at the answer, and correct the step or expect.fields.',
    });
  }
  return answer;
}

function headersOf({ params, idempotencyKey }: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(params.headers)) if (value !== null) headers[name.toLowerCase()] = String(value);
  headers['accept'] ??= params.response === 'json' ? 'application/json' : 'application/json, text/*;q=0.9, */*;q=0.8';
  if (params.method !== 'GET' && params.method !== 'HEAD') headers['idempotency-key'] ??= idempotencyKey;
  return headers;
}

async function bodyOf({ params, files, team }: Context, body: Json): Promise<{ body: OutboundBody; contentType: string | null }> {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (isObject && typeof body['$file'] === 'string' && params.bodyType === 'auto') {
    const { handle, stream } = await files.open(team, body['$file']);
    return { body: stream(), contentType: handle.mime };
  }
  if (params.bodyType === 'form') {
    if (!isObject)
      throw new UserError('step.invalid-params', 'A form body wants an object of fields.', { status: 422, remedy: 'Give e.g. { "name": "value" }.' });
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(body))
      for (const one of Array.isArray(value) ? value : [value])
        if (one !== null) form.append(name, typeof one === 'string' ? one : JSON.stringify(one));
    return { body: form.toString(), contentType: 'application/x-www-form-urlencoded' };
  }
  if (params.bodyType === 'text' || (params.bodyType === 'auto' && typeof body === 'string')) {
    return { body: typeof body === 'string' ? body : JSON.stringify(body), contentType: 'text/plain; charset=utf-8' };
  }
  return { body: JSON.stringify(body), contentType: 'application/json' };
}
