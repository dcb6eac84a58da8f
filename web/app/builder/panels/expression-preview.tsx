/** What an expression gives now: evaluated by the hub's own engine on a sample run or on pins, a moment after the typing rests. */
import type { Preview } from '@hub/contract';
import { useEffect, useState } from 'react';
import { formatBytes } from '../../ui/format.ts';
import { ApiFault } from '../api.ts';
import { useBuilder, usePick } from '../context.tsx';
import { lastInput } from '../start-test.ts';
import { useSample } from './sample.ts';

const restMs = 350;
const longest = 160;

type Answer = { ok: true; preview: Preview } | { ok: false; why: string };

function shorten(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** One line, so that what is below stays where it is; all of it while the field is worked at. */
const oneLine = 'truncate group-focus-within/field:whitespace-normal group-focus-within/field:break-words';

export function ExpressionPreview({ id, text, whole }: { id: string; text: string; whole: boolean }) {
  const { call, workflow, store } = useBuilder();
  const { runId } = useSample();
  const pins = usePick((state) => state.pins);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const asked = (whole || text.includes('{{')) && text.trim() !== '';
  useEffect(() => {
    if (!asked) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const on =
        runId === null ? { workflowId: workflow.id, pinned: pins, input: lastInput(workflow.id, store.getState()) ?? {} } : { runId, nodeId: id };
      call<Preview>('POST', '/expressions/preview', { body: { expression: text, ...on }, signal: stop.signal })
        .then((preview) => setAnswer({ ok: true, preview }))
        .catch((error: unknown) => {
          if (stop.signal.aborted) return;
          setAnswer(error instanceof ApiFault && error.problem.status !== 404 ? { ok: false, why: error.problem.detail } : null);
        });
    }, restMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked, text, call, workflow.id, id, runId, pins, store]);
  if (!asked) return null;
  // Its line is there from the start: fields that were read from a run must not move when the answers come.
  if (!answer)
    return (
      <p aria-hidden className="text-12">
        &nbsp;
      </p>
    );
  if (!answer.ok)
    return (
      <p className={`text-12 text-muted ${oneLine}`} title={answer.why}>
        {answer.why}
      </p>
    );
  const { value, type, bytes, cut, fault, warnings } = answer.preview;
  if (fault)
    return (
      <p className={`text-12 text-failed-text ${oneLine}`} title={fault.message}>
        {fault.message}
      </p>
    );
  const nothing = warnings[0]?.message ?? 'Nothing is there.';
  return (
    <p className="flex min-w-0 gap-8 text-12 text-muted" aria-live="polite">
      <span className="shrink-0">{runId === null ? 'Now' : 'In the sample run'}</span>
      {type === 'nothing' ? (
        <span className={`min-w-0 flex-1 text-waiting-text ${oneLine}`} title={nothing}>
          {nothing}
        </span>
      ) : (
        <span className="min-w-0 flex-1 truncate font-mono text-ink" title={shorten(cut ?? value)}>
          {shorten(cut ?? value)}
        </span>
      )}
      {bytes > 2000 && <span className="shrink-0">{formatBytes(bytes)}</span>}
    </p>
  );
}
