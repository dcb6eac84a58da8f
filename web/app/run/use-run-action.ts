/** Sends an intent of the run page and tells in a toast what came of it. */
import type { RetryPlanView } from '@hub/contract';
import { useFetcher } from 'react-router';
import { isProblem, type Problem } from '../api/problem.ts';
import { useMe } from '../shell/use-me.ts';
import { showToast } from '../ui/toast.tsx';
import { useAnswer } from '../ui/use-answer.ts';

export type RunIntent = 'again' | 'cancel' | 'pause' | 'resume' | 'answer' | 'signal' | 'note';

/** What the run page's action answers. */
export interface RunAnswer {
  done?: string;
  more?: string;
  plan?: RetryPlanView;
  problem?: Problem;
}

export function useRunAction(runId: string) {
  const { me } = useMe();
  const fetcher = useFetcher<RunAnswer>();
  useAnswer(fetcher, ({ done, more, problem }) => {
    if (done) showToast({ text: done, ...(more ? { more } : {}) });
    // Faults of fields stand at their fields.
    if (isProblem(problem) && problem.errors.length === 0) showToast({ text: 'This did not work', more: problem.detail, tone: 'failed' });
  });
  const send = (intent: RunIntent, fields: Record<string, string> = {}): void =>
    void fetcher.submit({ ...fields, intent, _csrf: me.csrfToken ?? '' }, { method: 'post', action: `/runs/${runId}` });
  const problem = isProblem(fetcher.data?.problem) ? fetcher.data.problem : null;
  return { send, busy: fetcher.state !== 'idle', problem };
}
