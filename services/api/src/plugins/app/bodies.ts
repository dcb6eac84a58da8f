/** Which bodies are taken: JSON (strictly) or multipart, as the route says; nothing is guessed (05, rule 7). */
import { createHash } from 'node:crypto';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { isCleanText, parseJsonBody } from '../../http/json-body.ts';

const json = /^application\/json(; ?charset="?utf-8"?)?$/i;
const form = /^multipart\/form-data; ?boundary=[^\s;]{1,100}$/i;

function hasBody(request: FastifyRequest): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function checkMediaType(request: FastifyRequest): void {
  const spec = request.routeOptions.config.spec;
  if (!spec || spec.bodyType === 'raw' || request.method === 'GET' || request.method === 'HEAD') return;
  const given = request.headers['content-type'];
  if (given === undefined && !hasBody(request)) return;
  const wanted = spec.bodyType === 'form' ? form : json;
  if (given === undefined || !wanted.test(given)) {
    throw new UserError(
      'request.media-type',
      spec.bodyType === 'form' ? 'Send multipart/form-data with one part named file.' : 'Send application/json in UTF-8.',
      {
        status: 415,
        details: [{ path: 'headers/content-type', code: 'request.media-type', message: 'is not of the type this route takes' }],
      },
    );
  }
}

function checkUrlText(request: FastifyRequest): void {
  for (const [where, group] of [
    ['params', request.params],
    ['query', request.query],
  ] as const) {
    for (const [name, value] of Object.entries((group ?? {}) as Record<string, unknown>)) {
      for (const text of [name, value].flat()) {
        if (typeof text === 'string' && !isCleanText(text)) {
          throw new UserError('request.bad-text', `The ${where === 'params' ? 'path' : where} holds U+0000 or half a surrogate pair.`, {
            details: [{ path: `${where}/${isCleanText(name) ? name : ''}`, code: 'request.bad-text', message: 'is not text' }],
          });
        }
      }
    }
  }
}

/** Installs the JSON reader and the checks around it. Multipart has a plugin of its own. */
export const bodiesPlugin = fp(
  async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers();
    app.decorateRequest('bodyHash', null);
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
      try {
        request.bodyHash = createHash('sha256').update(bytes).digest();
        // A run's input may hold any text: it is cleaned and a warning says so (03, "Values and files").
        const isInput = request.routeOptions.config.operationId === 'startRun';
        done(null, bytes.length === 0 ? undefined : parseJsonBody(bytes, { allowBadText: isInput }));
      } catch (error) {
        done(error as Error);
      }
    });
    app.addHook('preParsing', async (request) => checkMediaType(request));
    app.addHook('preValidation', async (request) => {
      checkUrlText(request);
      // A POST without any body is the same as an empty object, where the route has fields that are all optional.
      if (request.body === undefined && request.routeOptions.config.spec?.body && !hasBody(request)) request.body = {};
    });
  },
  { name: 'bodies' },
);
