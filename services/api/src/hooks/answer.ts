/** The answer of a run to the request that started it (03: `respond: "result"`): the first respond step, else the end, else "look later". */
import { Readable } from 'node:stream';
import type { HubFileStore } from '@hub/db';
import { readRun, readRunOutput } from '@hub/db/read';
import { readAnswer, type RunAnswer } from '@hub/db/write';
import type { FastifyReply } from 'fastify';
import type { RouteContext } from '../http/context.ts';
import { attachment } from '../routes/files.ts';
import { isSettled } from '../live/wait.ts';
import { shownStatus } from '../runs/shapes.ts';

export const answerWithinMs = 30_000;

/**
 * Waits until a respond step answered, the run ended, time is up or the caller is gone; woken by the run's events, never by polling.
 * Whoever calls reads what is there then.
 */
export async function waitForAnswer(
  context: RouteContext,
  at: { team: string; run: string; responders: ReadonlySet<string> },
  withinMs: number,
  gone: AbortSignal,
): Promise<void> {
  if (gone.aborted) return;
  await new Promise<void>((resolve) => {
    let stop: (() => void) | null = null;
    const done = (): void => {
      clearTimeout(timer);
      gone.removeEventListener('abort', done);
      stop?.();
      resolve();
    };
    const timer = setTimeout(done, withinMs);
    gone.addEventListener('abort', done, { once: true });
    stop = context.feed.watch(at.team, at.run, 0, async (events) => {
      if (events.some(({ type }) => type.startsWith('run.') && isSettled(type.slice(4)))) return done();
      // Not every respond step that completes has answered: one that is disabled, or goes on after a failure, has not.
      if (!events.some(({ type, refs }) => type === 'step.completed' && at.responders.has(String(refs['nodeId'])))) return;
      if ((await readAnswer(context.deps.sql, at.team, at.run)) !== null) done();
    });
  });
}

/** What went wrong is for the team, not for whoever called: only how it ended is said. */
const endCodes: Record<string, string> = { failed: 'run.failed', cancelled: 'run.cancelled', timed_out: 'run.timed-out' };

/** Sends the run's answer as it stands: the respond step's; 200 with the output or a 500 problem at the end; else 202. */
export async function sendResult(
  context: RouteContext,
  files: HubFileStore,
  at: { team: string; run: string },
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { sql } = context.deps;
  const answer = await readAnswer(sql, at.team, at.run);
  if (answer !== null) return sendAnswer(files, at.team, answer, reply);
  const run = await readRun(sql, at.team, at.run);
  const status = run === null ? 'cancelled' : shownStatus(run.status);
  if (!isSettled(status))
    return reply
      .code(202)
      .type('application/json')
      .send(JSON.stringify({ id: at.run, status }));
  if (status === 'completed') {
    const output = await readRunOutput(sql, at.team, at.run);
    return reply
      .code(200)
      .type('application/json; charset=utf-8')
      .send(output?.text ?? '{}');
  }
  const problem = {
    type: 'about:blank',
    title: 'Internal error',
    status: 500,
    code: endCodes[status] ?? 'run.failed',
    detail: 'The run did not complete.',
    runId: at.run,
  };
  return reply.code(500).type('application/problem+json').send(JSON.stringify(problem));
}

/** The file that a body is, when it is one. */
function fileOf(body: unknown): string | null {
  const id = typeof body === 'object' && body !== null ? (body as { $file?: unknown }).$file : undefined;
  return typeof id === 'string' ? id : null;
}

/** Writes an answer out. Text goes as text, a file as an attachment, all else as JSON; never as a page of this site (05, rule 25). */
export async function sendAnswer(files: HubFileStore, team: string, answer: RunAnswer, reply: FastifyReply): Promise<FastifyReply> {
  const { 'content-type': type, ...headers } = answer.headers;
  reply.code(answer.status).headers(headers);
  const body = JSON.parse(answer.bodyText) as unknown;
  const file = fileOf(body);
  if (file !== null) {
    const { handle, stream } = await files.open(team, file);
    return reply
      .type('application/octet-stream')
      .header('content-disposition', attachment(handle.name))
      .header('content-length', handle.bytes)
      .send(Readable.from(stream()));
  }
  if (answer.status === 204 || answer.status === 304) return reply.send();
  if (typeof body === 'string') return reply.type(type ?? 'text/plain; charset=utf-8').send(Buffer.from(body, 'utf8'));
  return reply.type(type ?? 'application/json; charset=utf-8').send(Buffer.from(answer.bodyText, 'utf8'));
}
