/** What can be done with the chosen runs: cancel, continue, compare; many go in turn, and the bar says how far it is. */
import { useState } from 'react';
import { useFetcher } from 'react-router';
import { isProblem } from '../../api/problem.ts';
import { BulkBar } from '../../lists/bulk-bar.tsx';
import type { Selection } from '../../lists/use-selection.ts';
import type { ListedRun } from '../../run/strips.server.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { plural } from '../../ui/format.ts';
import { isSettled, toState } from '../../ui/state.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { atOnce } from './list-batch.ts';
import type { action } from './list.tsx';

const isOpen = (run: ListedRun): boolean => !isSettled(toState(run.status));

interface Progress {
  verb: 'cancel' | 'retry';
  left: string[];
  all: number;
  done: number;
  why: string | null;
}
const bulkWords = { cancel: ['Cancelling', 'cancelled'], retry: ['Continuing', 'continued'] } as const;

/** Sends the chosen runs in turn, a few at a time, and says how far it is. */
function useBulk(onDone: () => void): { progress: Progress | null; begin: (verb: Progress['verb'], ids: string[]) => void } {
  const { me } = useMe();
  const fetcher = useFetcher<typeof action>();
  const [progress, setProgress] = useState<Progress | null>(null);
  const send = ({ verb, left }: Progress): void =>
    void fetcher.submit({ ids: left.slice(0, atOnce).join(' '), verb, _csrf: me.csrfToken ?? '' }, { method: 'post', action: '/runs' });
  useAnswer(fetcher, (answer) => {
    if (progress === null) return;
    if ('problem' in answer) {
      setProgress(null);
      if (isProblem(answer.problem))
        showToast({ text: `Stopped after ${progress.done} of ${progress.all}`, more: answer.problem.detail, tone: 'failed' });
      return;
    }
    if (!('asked' in answer)) return;
    const next = { ...progress, left: progress.left.slice(atOnce), done: progress.done + answer.done, why: progress.why ?? answer.why };
    if (next.left.length > 0) {
      setProgress(next);
      return send(next);
    }
    setProgress(null);
    onDone();
    const others = next.all - next.done;
    showToast({
      text: `${plural(next.done, 'run')} ${bulkWords[next.verb][1]}`,
      more: next.why ?? (others > 0 ? `${plural(others, 'run')} had ended already.` : 'Steps in flight get a moment to stop.'),
      ...(next.done === 0 ? { tone: 'failed' as const } : {}),
    });
  });
  return {
    progress,
    begin(verb, ids) {
      const first = { verb, left: ids, all: ids.length, done: 0, why: null };
      setProgress(first);
      send(first);
    },
  };
}

/** `onDone`: they were made or ended by this person, so the list shows them at once. */
export function RunBulk({ runs, selection, onDone }: { runs: readonly ListedRun[]; selection: Selection; onDone: () => void }) {
  const { may } = useMe();
  const { progress, begin } = useBulk(() => {
    selection.clear();
    onDone();
  });
  const chosen = runs.filter((run) => selection.chosen.has(run.id));
  const open = chosen.filter(isOpen).map(({ id }) => id);
  const failed = chosen.filter(({ status }) => ['failed', 'timed_out', 'cancelled'].includes(status)).map(({ id }) => id);
  const busy = progress === null ? null : 'Wait until the others are done';
  const whyCancel = busy ?? (!may('run.cancel') ? 'Your role cannot cancel runs' : open.length === 0 ? 'These runs have ended' : null);
  const whyRetry = busy ?? (!may('run.start') ? 'Your role cannot start runs' : failed.length === 0 ? 'None of these runs failed' : null);
  const part = (word: string, count: number): string => (count > 0 && count < chosen.length ? `${word} ${count} of them` : word);
  const [first, second] = chosen;
  return (
    <BulkBar count={selection.ids.length} what={['run', 'runs']} onClear={selection.clear}>
      {progress && (
        <span role="status" className="tabular whitespace-nowrap text-muted">
          {bulkWords[progress.verb][0]} {progress.all - progress.left.length} of {progress.all}
        </span>
      )}
      {chosen.length === 2 && first && second && <LinkButton to={`/runs/compare?a=${second.id}&b=${first.id}`}>Compare</LinkButton>}
      <Button onClick={() => begin('retry', failed)} why={whyRetry}>
        {part('Continue', failed.length)}
      </Button>
      <Button kind="danger" onClick={() => begin('cancel', open)} why={whyCancel}>
        {part('Cancel', open.length)}
      </Button>
    </BulkBar>
  );
}
