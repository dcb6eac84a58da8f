/** "Listen for a test event": an address of its own for two minutes, and the first event that comes to it. */
import type { Listening } from '@hub/contract';
import { useEffect, useEffectEvent, useState } from 'react';
import { Link } from 'react-router';
import { ApiFault, createCall } from '../builder/api.ts';
import { useMe } from '../shell/use-me.ts';
import { Button } from '../ui/button.tsx';
import { StateGlyph } from '../ui/state.tsx';
import { Checkbox } from '../ui/switch.tsx';
import { useNow } from '../ui/time.tsx';
import { CopyBlock, CopyLine } from './address.tsx';
import { curlOf, sampleBody, verifyOf } from './curl.ts';
import { RequestView } from './request-view.tsx';
import { formatLeft } from './words.ts';

const retryMs = 2000;
const whyOf = (error: unknown): string => (error instanceof ApiFault ? error.problem.detail : 'The server could not be reached. Try again.');
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Follows one listening until something came or its time is over. */
function useListening(path: string) {
  const { me } = useMe();
  const call = createCall(me.csrfToken ?? '');
  const [listening, setListening] = useState<Listening | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const start = async (withRun: boolean): Promise<void> => {
    setBusy(true);
    setFault(null);
    try {
      setListening(await call<Listening>('POST', path, { body: { start: withRun } }));
    } catch (error) {
      setFault(whyOf(error));
    } finally {
      setBusy(false);
    }
  };
  const follow = useEffectEvent(async (id: string, until: number, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        const next = await call<Listening>('GET', `${path}/${id}?wait=25`, { signal });
        if (signal.aborted) return;
        // The address comes only with the first answer.
        if (next.status !== 'waiting') return setListening((now) => ({ ...next, url: next.url ?? now?.url ?? null }));
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiFault && error.problem.status < 500 && error.problem.status !== 429) {
          setFault(error.problem.detail);
          return setListening(null);
        }
        await pause(retryMs, signal);
      }
      if (Date.now() > until + retryMs) return setListening((now) => (now ? { ...now, status: 'expired' } : now));
    }
  });
  const waiting = listening?.status === 'waiting' ? listening : null;
  const id = waiting?.id;
  const until = waiting ? Date.parse(waiting.expiresAt) : 0;
  useEffect(() => {
    if (!id) return;
    const stop = new AbortController();
    void follow(id, until, stop.signal);
    return () => stop.abort();
  }, [id, until]);
  return { listening, fault, busy, start, stop: () => setListening(null) };
}

function Left({ until }: { until: string }) {
  const now = useNow(1000);
  return (
    <span role="timer" className="tabular font-medium" suppressHydrationWarning>
      {formatLeft(Date.parse(until) - now)}
    </span>
  );
}

export function Listen({
  workflowId,
  triggerId,
  type,
  config,
  inputs,
}: {
  workflowId: string;
  triggerId: string;
  type: string;
  config: unknown;
  inputs: unknown;
}) {
  const { may } = useMe();
  const { listening, fault, busy, start, stop } = useListening(`/workflows/${workflowId}/triggers/${triggerId}/listen`);
  const [withRun, setWithRun] = useState(false);
  const why = may('workflow.write') ? (busy ? 'Opening an address' : null) : 'Your role cannot test triggers';
  return (
    <section aria-label="Test event" className="flex max-w-[720px] flex-col items-start gap-8">
      <h3 className="font-semibold">Test event</h3>
      {listening?.status === 'waiting' ? (
        <>
          <p className="flex flex-wrap items-center gap-8" role="status">
            <StateGlyph state="running" />
            Listening at this address for <Left until={listening.expiresAt} />
          </p>
          {listening.url && (
            <div className="flex w-full flex-col gap-8">
              <CopyLine text={listening.url} label="Copy the test address" />
              {type === 'webhook' && <CopyBlock label="Test request" text={curlOf(listening.url, sampleBody(inputs), verifyOf(config))} />}
            </div>
          )}
          <Button onClick={stop}>Stop listening</Button>
        </>
      ) : (
        <>
          <p className="text-muted">
            Opens an address of its own for two minutes, for the trigger as it is in the draft. The first event is shown here; runs of the published
            version are not touched.
          </p>
          {listening?.status === 'expired' && <p role="status">Nothing came within two minutes.</p>}
          {listening?.status === 'received' && (
            <div role="status" className="flex w-full flex-col gap-8">
              <p className="flex items-center gap-8 font-medium">
                <StateGlyph state={listening.problem ? 'failed' : 'completed'} />
                {listening.problem ?? 'An event came.'}
                {listening.runId && (
                  <Link to={`/runs/${listening.runId}`} className="font-normal text-link hover:underline">
                    See the test run
                  </Link>
                )}
              </p>
              {listening.event && <RequestView request={listening.event} />}
            </div>
          )}
          <div className="flex flex-wrap items-center gap-16">
            <Button onClick={() => void start(withRun)} why={why}>
              {listening ? 'Listen again' : 'Listen for a test event'}
            </Button>
            <Checkbox checked={withRun} onChange={(event) => setWithRun(event.target.checked)}>
              Start a test run with it
            </Checkbox>
          </div>
        </>
      )}
      {fault && (
        <p role="alert" className="text-failed-text">
          {fault}
        </p>
      )}
    </section>
  );
}
