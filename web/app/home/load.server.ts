/** Reads the home page: each part by itself, so that one that is lost does not take the others with it. */
import type { Client } from '@hub/contract';
import { data } from 'react-router';
import { safePath, tryRead } from '../api/hub.server.ts';
import { withStrips } from '../run/strips.server.ts';
import { mendedRuns } from './mended.ts';
import type { Need } from './needs-you.tsx';

/** Reasons that end only when a person does something; a timer or a child run ends by itself, an approval is a question of its own. */
const personal = new Set(['signal', 'pause', 'unknown-outcome', 'budget', 'incident']);

export async function loadHome(client: Client) {
  const list = async (query: { status?: 'running' | 'queued' | 'waiting'; limit: number }) => {
    const { value, problem } = await tryRead(client.listRuns({ query: { ...query, include: 'strip' } }));
    return { runs: withStrips(value?.items ?? []), problem };
  };
  const [waiting, running, queued, recent, notices, asked, spend] = await Promise.all([
    list({ status: 'waiting', limit: 20 }),
    list({ status: 'running', limit: 20 }),
    list({ status: 'queued', limit: 20 }),
    list({ limit: 15 }),
    tryRead(client.listNotices({ query: { limit: 20 } })),
    tryRead(client.listApprovals({ query: { mine: 'true', status: 'pending', limit: 10 } })),
    tryRead(client.getSpend({ query: { days: 30 } })),
  ]);
  const questions: Need[] = (asked.value?.items ?? []).map(({ id, title, workflowName, requestedAt }) => ({
    id,
    title,
    body: workflowName,
    link: '/approvals',
    at: requestedAt,
    isQuestion: true,
    isFailure: false,
  }));
  const mended = new Set([...mendedRuns(recent.runs)].map((run) => `/runs/${run}`));
  const unread: Need[] = (notices.value?.items ?? [])
    // A question stands above already, with its answer.
    .filter(({ readAt, kind, link }) => readAt === null && !(questions.length > 0 && kind.startsWith('approval')) && !mended.has(link ?? ''))
    .slice(0, 5)
    .map(({ id, title, body, link, createdAt, kind }) => ({
      id,
      title,
      body,
      link: link === null ? null : safePath(link),
      at: createdAt,
      isQuestion: false,
      isFailure: kind.includes('failed'),
    }));
  const needing = waiting.runs.filter(({ statusReason }) => personal.has(statusReason ?? ''));
  const problems = [waiting, running, queued, recent, notices, asked, spend].map(({ problem }) => problem);
  const first = problems.find((each) => each !== null);
  // Nothing came at all: that is no page with a part missing.
  if (first && problems.every((each) => each !== null)) throw data(first, { status: first.status });
  return {
    needs: [...questions, ...unread],
    needing,
    now: [...running.runs, ...queued.runs, ...waiting.runs.filter((run) => !needing.includes(run))],
    ended: recent.runs.filter(({ completedAt }) => completedAt).slice(0, 10),
    spend: spend.value && (spend.value.costUsd > 0 || spend.value.before.costUsd > 0) ? spend.value : null,
    partial: problems.some((each) => each !== null),
  };
}
