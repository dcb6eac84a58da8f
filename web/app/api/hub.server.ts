/** How loaders and actions reach the API: the typed client, over the in-process function, as this visitor. */
import { ApiError, type Client, createClient } from '@hub/contract';
import { data, redirect, type RouterContextProvider } from 'react-router';
import { visitContext } from './context.ts';
import type { Problem } from './problem.ts';

/** What loaders and actions have at hand. */
export interface RouteArgs {
  request: Request;
  context: Readonly<RouterContextProvider>;
}

export interface Hub {
  client: Client;
  /** `set-cookie` values of the API's answers, to be passed on by actions that sign in or out. */
  cookies: string[];
}

const passed = ['cookie', 'origin', 'user-agent', 'accept-language', 'x-request-id', 'sec-fetch-site'] as const;

/** A client that acts as the visitor. `csrfToken` comes from the form of an action. */
export function hubOf({ request, context }: RouteArgs, csrfToken?: string): Hub {
  const visit = context.get(visitContext);
  const headers: Record<string, string> = {};
  for (const name of passed) {
    const value = request.headers.get(name);
    if (value) headers[name] = value;
  }
  if (visit.clientIp) headers['x-hub-client-ip'] = visit.clientIp;
  const cookies: string[] = [];
  const inProcess: typeof fetch = async (input, init) => {
    const response = await visit.api(new Request(input, init));
    cookies.push(...response.headers.getSetCookie());
    return response;
  };
  const client = createClient({ baseUrl: new URL(request.url).origin, headers, fetch: inProcess, ...(csrfToken ? { csrfToken } : {}) });
  return { client, cookies };
}

export function isApiError(error: unknown, code?: string): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}

/** Turns a refusal of the API into what the page shows: signed out leads to signing in, the rest to the page's error state. */
export function thrown(error: unknown, request: Request): unknown {
  if (!isApiError(error)) return error;
  if (error.status === 401) {
    const { pathname, search } = new URL(request.url);
    const to = `${pathname.replace(/\.data$/, '')}${search}`;
    return redirect(to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`);
  }
  const problem = problemOf(error);
  // An id that cannot be one, in an address that was cut or mistyped: nothing is there.
  const status = error.status === 400 && problem.errors.some(({ path }) => path.startsWith('params/')) ? 404 : error.status;
  return data({ ...problem, status }, { status });
}

export function problemOf(error: ApiError): Problem {
  const { code, detail, remedy, errors, requestId, status } = error.problem;
  return {
    code,
    detail,
    ...(remedy === undefined ? {} : { remedy }),
    status,
    requestId: requestId ?? null,
    retryAfterSeconds: error.retryAfterSeconds,
    errors: (errors ?? []).map(({ path, message }) => ({ path, message })),
  };
}

/** Runs a loader's reading. */
export async function read<T>(args: RouteArgs, work: (client: Client) => Promise<T>): Promise<T> {
  try {
    return await work(hubOf(args).client);
  } catch (error) {
    throw thrown(error, args.request);
  }
}

/** One part of a page whose loss must not take the page with it: null and a note instead. */
export async function tryRead<T>(work: Promise<T>): Promise<{ value: T; problem: null } | { value: null; problem: Problem }> {
  try {
    return { value: await work, problem: null };
  } catch (error) {
    if (isApiError(error) && error.status !== 401) return { value: null, problem: problemOf(error) };
    throw error;
  }
}

/** What an action answers when the API refused: fields show `errors`, the form shows `detail`. */
export interface ActionProblem {
  problem: Problem;
}

/** Runs an action with the form's fields and the visitor's CSRF token; a refusal becomes the action's answer. */
export async function act<T>(args: RouteArgs, work: (hub: Hub, form: FormData) => Promise<T>): Promise<T | ReturnType<typeof data<ActionProblem>>> {
  const form = await args.request.formData();
  const token = form.get('_csrf');
  const hub = hubOf(args, typeof token === 'string' && token ? token : undefined);
  try {
    return await work(hub, form);
  } catch (error) {
    if (!isApiError(error)) throw error;
    if (error.status === 401 && error.code !== 'auth.invalid-credentials' && !isAuthPage(args.request)) throw thrown(error, args.request);
    return data({ problem: problemOf(error) }, { status: error.status });
  }
}

function isAuthPage(request: Request): boolean {
  return /^\/(sign-in|sign-up|reset)(\.data)?$/.test(new URL(request.url).pathname);
}

/** A field of a form as text. */
export function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** A path of this site to go on to; anything else becomes the home page. */
export function safePath(to: string | null | undefined): string {
  if (!to || !to.startsWith('/') || to.startsWith('//') || to.includes('\\')) return '/';
  return to;
}
