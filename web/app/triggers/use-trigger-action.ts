/** Sends a change of a trigger and tells what came of it, with undo where there is one. */
import { useFetcher } from 'react-router';
import { isProblem } from '../api/problem.ts';
import { useMe } from '../shell/use-me.ts';
import { showToast } from '../ui/toast.tsx';
import { useAnswer } from '../ui/use-answer.ts';
import type { TriggerAnswer } from './trigger-action.server.ts';

/** `quiet`: a refusal is shown by the caller, from `fetcher.data`. */
export function useTriggerAction(workflowId: string, quiet = false) {
  const { me } = useMe();
  const fetcher = useFetcher<TriggerAnswer>();
  const send = (fields: Record<string, string>): void =>
    void fetcher.submit({ ...fields, _csrf: me.csrfToken ?? '' }, { method: 'post', action: `/workflows/${workflowId}/triggers` });
  useAnswer(fetcher, (answer) => {
    if ('problem' in answer) {
      if (!quiet && isProblem(answer.problem)) showToast({ text: 'This did not work', more: answer.problem.detail, tone: 'failed' });
    } else if ('done' in answer) {
      const { undo } = answer;
      showToast({ text: answer.done, undo: () => send(undo) });
    }
  });
  return { send, busy: fetcher.state !== 'idle', answer: fetcher.data };
}
