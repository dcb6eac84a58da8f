/** Health and what the launcher needs. */
import { z } from 'zod';
import { route } from '../route.ts';
import { ready, signInLink, signInLinkCreate } from '../shapes/access.ts';
import { exampleToken } from './examples.ts';

export const systemRoutes = {
  healthz: route({
    method: 'GET',
    path: '/healthz',
    access: 'public',
    tag: 'System',
    summary: 'Is the process alive',
    help: 'Asks nothing else.',
    status: 200,
    answer: z.object({ ok: z.literal(true) }),
    example: { answer: { ok: true } },
  }),
  readyz: route({
    method: 'GET',
    path: '/readyz',
    access: 'public',
    tag: 'System',
    summary: 'Can runs be taken and made',
    help: '200 when database, Temporal and a worker are there; else 503 with the same body saying which is missing.',
    status: 200,
    answer: ready,
    example: { answer: { ready: true, checks: { database: true, temporal: true, worker: true } } },
  }),
  metrics: route({
    method: 'GET',
    path: '/metrics',
    access: 'public',
    tag: 'System',
    summary: 'Prometheus metrics',
    help: 'Answered on the loopback interface only.',
    status: 200,
    answer: null,
    answerType: 'bytes',
    example: {},
  }),
  createSignInLink: route({
    method: 'POST',
    path: '/api/v1/dev/sign-in-link',
    access: 'launcher',
    tag: 'System',
    summary: 'Make a one-time sign-in link',
    help: 'For the launcher, which proves itself with `x-hub-launcher-token`; the route does not exist without HUB_LAUNCHER_TOKEN. The link works once, for 10 minutes. Without `email`: the demo person. `next` is the page it leads to.',
    body: signInLinkCreate,
    status: 200,
    answer: signInLink,
    example: { body: { next: '/runs' }, answer: { url: 'http://localhost:3000/sign-in/link?token=<43 characters>' } },
  }),
  useSignInLink: route({
    method: 'GET',
    path: '/sign-in/link',
    access: 'public',
    tag: 'System',
    summary: 'Sign in with a one-time link',
    help: 'Uses the token up, sets the session cookie and leads to `to` (a path of this site).',
    query: z.strictObject({ token: z.string().min(20).max(200), to: z.string().max(500).optional() }),
    rate: 'sign-in',
    status: 302,
    answer: null,
    answerType: 'bytes',
    example: { query: { token: exampleToken, to: '/runs' } },
  }),
};
