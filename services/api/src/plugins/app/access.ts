/**
 * Every request passes here first: who calls, how often, from where, and may they. A route without a declared access stops the
 * server from starting (05, rule 10); so does one whose plugin brings its own.
 */
import { openAccess, permissions } from '@hub/contract';
import type { Access, Permission } from '@hub/contract';
import { safeEqual } from '@hub/kit/crypto';
import { BugError, UserError } from '@hub/kit/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { checkCsrfToken, checkOrigin } from '../../auth/csrf.ts';
import { type Identify, identify } from '../../auth/identify.ts';
import type { ApiDeps } from '../../settings.ts';
import { subjectOf, withGrant } from '../../workflows/grants.ts';
import { type Caller, nobody } from './caller.ts';
import { addressKey, takeOrRefuse } from './rates.ts';

const known = new Set<string>([...Object.keys(permissions), ...openAccess]);
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface AccessOptions {
  deps: ApiDeps;
  identify: Identify;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route with its access, as registered: what the authorisation proof reads. */
    accessTable: { method: string; url: string; access: Access; operationId: string | null }[];
  }
}

/** Routes that plugins make by themselves and that show nothing of a team. */
const pluginPrefixes = ['/docs', '/assets/'];

function checkDeclared(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (pluginPrefixes.some((prefix) => route.url.startsWith(prefix))) route.config = { ...route.config, access: 'public' };
    const access = route.config?.access;
    const methods = [route.method].flat();
    if (access === undefined || !known.has(access)) {
      throw new BugError('server.undeclared-route', `The route ${methods.join('|')} ${route.url} declares no access: give it config.access.`);
    }
    for (const method of methods)
      if (method !== 'HEAD') app.accessTable.push({ method, url: route.url, access, operationId: route.config?.operationId ?? null });
  });
}

function allow(access: Access, caller: Caller, personOnly: boolean, deps: ApiDeps): void {
  if (access === 'public' || access === 'launcher') return;
  if (caller.kind === 'nobody') throw new UserError('auth.required', 'Sign in, or send an API key.', { status: 401 });
  if (personOnly && caller.kind !== 'person') throw new UserError('auth.person-only', 'An API key cannot do this; sign in.', { status: 403 });
  if (access === 'signed-in') return;
  if (access === 'operator') {
    if (caller.person === null || caller.person.email !== deps.settings.operatorEmail)
      throw new UserError('auth.not-allowed', 'Only the person who runs this installation may do this.', { status: 403 });
    return;
  }
  if (caller.team === null) throw new UserError('team.missing', 'No team is chosen: send x-hub-team, or switch to one.', { status: 400 });
  if (!caller.team.permissions.has(access as Permission)) {
    throw new UserError('auth.not-allowed', `This needs the permission ${access}.`, { status: 403, remedy: 'Ask an admin of the team.' });
  }
}

function checkLauncher(request: FastifyRequest, token: string | null): void {
  const given = request.headers['x-hub-launcher-token'];
  if (token === null || typeof given !== 'string' || !safeEqual(given, token))
    throw new UserError('auth.launcher-only', 'Only the launcher may do this.', { status: 401 });
}

async function countCaller(caller: Caller, request: FastifyRequest, reply: FastifyReply, deps: ApiDeps): Promise<void> {
  const { rates } = deps.settings;
  const who = caller.keyId ?? caller.session?.id;
  if (who) await takeOrRefuse(deps.sql, `caller:${who}`, rates.caller, reply);
  const rateClass = request.routeOptions.config.spec?.rate;
  if (rateClass === undefined) return;
  const counted = rateClass === 'run-start' || rateClass === 'upload' ? (caller.team?.id ?? addressKey(request.ip)) : addressKey(request.ip);
  await takeOrRefuse(deps.sql, `${rateClass}:${counted}`, rates[rateClass], reply);
}

async function identifyOrCount(request: FastifyRequest, reply: FastifyReply, options: AccessOptions): Promise<Caller> {
  try {
    return await identify(request.headers, options.identify);
  } catch (error) {
    // Guessing keys is counted by address.
    await takeOrRefuse(options.deps.sql, `refused:${addressKey(request.ip)}`, options.deps.settings.rates.address, reply);
    throw error;
  }
}

/** Where the role is not enough, what the person was given on this one workflow counts too. */
async function withRights(caller: Caller, access: Access, request: FastifyRequest, deps: ApiDeps): Promise<Caller> {
  const { team } = caller;
  if (team === null || caller.kind !== 'person' || !Object.hasOwn(permissions, access) || team.permissions.has(access as Permission)) return caller;
  const subject = subjectOf(request.routeOptions.url, request.params);
  return subject === null ? caller : { ...caller, team: await withGrant(deps.sql, caller, team, subject) };
}

/** A page of the Temporal Web UI: it has no token of ours, and what it may call changes nothing. */
function isTemporalUi({ headers }: FastifyRequest, { settings }: ApiDeps): boolean {
  return settings.temporalUiUrl !== null && headers.origin === new URL(settings.temporalUiUrl).origin;
}

async function admit(request: FastifyRequest, reply: FastifyReply, options: AccessOptions): Promise<void> {
  const { deps } = options;
  request.caller = nobody;
  const { access, spec } = request.routeOptions.config;
  // Undeclared only for the not-found handler, which does nothing.
  if (access === undefined) return;
  if (access === 'launcher') {
    checkLauncher(request, deps.settings.launcherToken);
    request.caller = { ...nobody, kind: 'launcher' };
    return;
  }
  const unsafe = !safeMethods.has(request.method);
  if (access === 'public') {
    if (unsafe && spec?.anyOrigin !== true) checkOrigin(request.headers, deps.settings.url, request.headers.cookie !== undefined);
    if (spec?.rate) await countCaller(nobody, request, reply, deps);
    return;
  }
  const caller = await withRights(await identifyOrCount(request, reply, options), access, request, deps);
  request.caller = caller;
  if (caller.session && unsafe && !(spec?.temporalUi === true && isTemporalUi(request, deps))) {
    checkOrigin(request.headers, deps.settings.url, true);
    checkCsrfToken(request.headers, deps.settings.sessionKey, caller.session.id, deps.settings.url);
  }
  allow(access, caller, spec?.personOnly === true, deps);
  await countCaller(caller, request, reply, deps);
}

/** Installs the checks on every route registered after it. */
export const accessPlugin = fp(
  async (app: FastifyInstance, options: AccessOptions) => {
    app.decorate('accessTable', []);
    app.decorateRequest('caller');
    checkDeclared(app);
    app.addHook('onRequest', async (request, reply) => admit(request, reply, options));
  },
  { name: 'access' },
);
