/** Sends a change of the workflow list and tells what came of it: a toast with undo, or the way to what was made. */
import { useFetcher } from 'react-router';
import { isProblem } from '../../api/problem.ts';
import { useMe } from '../../shell/use-me.ts';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import type { action } from './list.tsx';

export interface SendChange {
  send: (fields: Record<string, string>) => void;
  busy: boolean;
}

export function useListChange(onOpen: (path: string) => void): SendChange {
  const { me } = useMe();
  const fetcher = useFetcher<typeof action>();
  const undoing = useFetcher<typeof action>();
  const post = (to: typeof fetcher, fields: Record<string, string>): Promise<void> =>
    to.submit({ ...fields, _csrf: me.csrfToken ?? '' }, { method: 'post', action: '/workflows' });
  const undo = async (steps: { action: string; ids: string[] }[]): Promise<void> => {
    for (const step of steps) await post(undoing, { intent: step.action, ids: step.ids.join(' ') });
  };
  useAnswer(fetcher, (answer) => {
    if ('problem' in answer) {
      if (isProblem(answer.problem)) showToast({ text: 'This did not work', more: answer.problem.detail, tone: 'failed' });
      return;
    }
    const { undo: steps, open, done, more, failed } = answer;
    showToast({
      text: done,
      ...(more ? { more } : {}),
      ...(failed ? { tone: 'failed' as const } : {}),
      ...(steps ? { undo: () => void undo(steps) } : {}),
    });
    if (open) onOpen(open);
  });
  return { send: (fields) => void post(fetcher, fields), busy: fetcher.state !== 'idle' };
}
