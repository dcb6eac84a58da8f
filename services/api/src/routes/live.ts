/** `WS /api/v1/live?run=&lastSeq=`: every event of a run after `lastSeq`, in order, without gaps; resumable (05, rule 24: Origin, caller and team are checked at the upgrade). */
import type { LiveFrame } from '@hub/contract';
import { isUuid } from '@hub/db';
import { readRun } from '@hub/db/read';
import { UserError } from '@hub/kit/errors';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { checkOrigin } from '../auth/csrf.ts';
import { identify } from '../auth/identify.ts';
import { notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import type { FeedEvent } from '../live/feed.ts';
import { runSummaryShape } from '../runs/shapes.ts';

const pingMs = 20_000;
const recheckMs = 60_000;
/** A reader this far behind is dropped; it comes back with its `lastSeq`. */
const maxBufferedBytes = 1_000_000;

function eventFrame(event: FeedEvent): LiveFrame {
  const { nodeId, attempt } = event.refs;
  return {
    type: 'event',
    seq: event.seq,
    at: event.at,
    event: event.type,
    nodeId: typeof nodeId === 'string' ? nodeId : null,
    path: event.path,
    iteration: event.iteration,
    attempt: typeof attempt === 'number' ? attempt : null,
    status: event.type.split('.').at(-1) ?? '',
    refs: event.refs,
  };
}

/** Made once for however many look: events are shared by all watchers of a run. */
const frames = new WeakMap<FeedEvent, string>();
function frameText(event: FeedEvent): string {
  const known = frames.get(event);
  if (known !== undefined) return known;
  const text = JSON.stringify(eventFrame(event));
  frames.set(event, text);
  return text;
}

/** The run as it was after its newest event, read once for all who saw that event. */
const runsAfter = new WeakMap<FeedEvent, ReturnType<typeof readRun>>();
function runAfter(sql: RouteContext['deps']['sql'], event: FeedEvent, team: string, run: string): ReturnType<typeof readRun> {
  const known = runsAfter.get(event);
  if (known !== undefined) return known;
  const reading = readRun(sql, team, run);
  runsAfter.set(event, reading);
  // A database that was away for a moment is asked again.
  reading.catch(() => runsAfter.delete(event));
  return reading;
}

async function checkUpgrade(request: FastifyRequest, { deps }: RouteContext): Promise<void> {
  if (request.caller.kind === 'person') checkOrigin(request.headers, deps.settings.url, true);
  const { run, lastSeq } = request.query as Record<string, string | undefined>;
  const fault = (path: string, message: string) =>
    new UserError('request.invalid', `${path} ${message}`, { details: [{ path, code: 'request.invalid', message }] });
  if (!isUuid(run ?? '')) throw fault('query/run', 'must be a run id');
  if (lastSeq !== undefined && !/^\d{1,15}$/.test(lastSeq)) throw fault('query/lastSeq', 'must be a number');
  if ((await readRun(deps.sql, request.caller.team?.id ?? '', run ?? '')) === null) throw notFound('run');
}

function serve(socket: WebSocket, request: FastifyRequest, context: RouteContext): void {
  const { deps, feed } = context;
  const team = request.caller.team?.id ?? '';
  const query = request.query as { run: string; lastSeq?: string };
  const lastSeq = Number(query.lastSeq ?? 0);
  const send = (frame: LiveFrame): void => socket.send(JSON.stringify(frame));
  let runChanged = false;
  const stop = feed.watch(team, query.run, lastSeq, async (events) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > maxBufferedBytes) return socket.close(1013, 'too slow; come back with lastSeq');
    for (const event of events) socket.send(frameText(event));
    runChanged ||= events.some((event) => event.type.startsWith('run.'));
    const newest = events.at(-1);
    if (!runChanged || newest === undefined) return;
    const row = await runAfter(deps.sql, newest, team, query.run);
    // Never ahead of its events: whoever leaves at the run's end has seen all of them. The rest is on its way and brings the run along.
    if (row === null || row.lastSeq > newest.seq || socket.readyState !== socket.OPEN) return;
    runChanged = false;
    send({ type: 'run', run: runSummaryShape(row) });
  });
  const ping = setInterval(() => socket.ping(), pingMs);
  // A session that ended or a member who was removed must not go on watching.
  const recheck = setInterval(() => {
    identify(request.headers, { auth: context.auth, sql: deps.sql }).then(
      (caller) => {
        if (caller.team?.id !== team || !caller.team.permissions.has('run.read')) socket.close(4401, 'not allowed any more');
      },
      () => socket.close(4401, 'not allowed any more'),
    );
  }, recheckMs);
  const end = (): void => {
    clearInterval(ping);
    clearInterval(recheck);
    stop();
  };
  socket.on('close', end);
  socket.on('error', end);
  send({ type: 'ready', run: query.run, lastSeq });
}

/** Registers the channel. Clients send nothing; what they send is ignored. */
export function liveRoutes(app: FastifyInstance, context: RouteContext): void {
  app.get(
    '/api/v1/live',
    {
      websocket: true,
      config: { access: 'run.read', operationId: 'live' },
      schema: { hide: true },
      preValidation: async (request) => checkUpgrade(request, context),
    },
    (socket, request) => serve(socket, request, context),
  );
}
