/** The form of one entry of the route table. Fastify, OpenAPI, the docs page, the typed client and the authorisation table all read it. */
import type { z } from 'zod';
import type { Access } from './permissions.ts';

/** Which bucket of 05 rule 35 a route counts against, beside the general one of its key or session. */
export type RateClass = 'sign-in' | 'sign-up' | 'reset' | 'run-start' | 'upload';

export interface RouteSpec {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Whole path with `:name` for parameters. */
  path: `/${string}`;
  access: Access;
  tag: string;
  summary: string;
  /** A few sentences for /docs: what it does, what it refuses, what comes next. */
  help: string;
  example: { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown; answer?: unknown };
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** `form`: multipart/form-data, streamed. `raw`: the handler gets the bytes as they came and decides by their type. */
  bodyType?: 'json' | 'form' | 'raw';
  /** Largest body in bytes, where it is not the usual 1 MB. */
  bodyBytes?: number;
  /** A public route that other sites' pages may call too: it looks at no cookie, the URL is the proof. */
  anyOrigin?: boolean;
  /** Pages of the Temporal Web UI (TEMPORAL_UI_URL) may call it with the cookie of a session. Only for what changes nothing. */
  temporalUi?: boolean;
  /** Status of the good answer and its shape; null where it has no JSON body. */
  status: number;
  answer: z.ZodType | null;
  /** `bytes`: the answer is not JSON of a fixed shape; the client hands the Response out. */
  answerType?: 'json' | 'bytes';
  /** The request must carry `If-Match: "<revision>"`; `optional`: it may. */
  ifMatch?: true | 'optional';
  rate?: RateClass;
  /** Only a signed-in person, never an API key. */
  personOnly?: boolean;
}

/** Declares a route; keeps its literal types for the client. */
export function route<const R extends RouteSpec>(spec: R): R {
  return spec;
}
