/** Parts that the row and the page of a trigger share: its state, its last fire, its buttons. */
import type { Trigger, TriggerEvent } from '@hub/contract';
import { useEffect, useEffectEvent, useState } from 'react';
import { Link, useRevalidator } from 'react-router';
import { useMe } from '../shell/use-me.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { plural } from '../ui/format.ts';
import { StateGlyph } from '../ui/state.tsx';
import { Ago } from '../ui/time.tsx';
import { BackfillSheet } from './backfill-sheet.tsx';
import { useTriggerAction } from './use-trigger-action.ts';
import { canPause, fireOutcome, statusWords } from './words.ts';

const lookAgainMs = 3000;
const mostLooks = 10;

/** Reads the page anew while a change is on its way to the scheduler: it takes seconds; after some tries the badge stands until a reload. */
export function usePending(triggers: readonly Trigger[]): void {
  const revalidator = useRevalidator();
  const again = useEffectEvent(() => void revalidator.revalidate());
  const isPending = triggers.some(({ pending }) => pending);
  useEffect(() => {
    if (!isPending) return;
    let left = mostLooks;
    const timer = setInterval(() => {
      if (left-- <= 0) clearInterval(timer);
      else if (!document.hidden) again();
    }, lookAgainMs);
    return () => clearInterval(timer);
  }, [isPending]);
}

/** Nothing while all is well: only what is out of the ordinary is said. */
export function TriggerBadges({ trigger }: { trigger: Trigger }) {
  return (
    <>
      {trigger.status !== 'active' && <Badge tone={trigger.status === 'stopped' ? 'failed' : 'waiting'}>{statusWords(trigger.status)}</Badge>}
      {trigger.failures > 0 && <Badge tone="failed">{plural(trigger.failures, 'failure')} in a row</Badge>}
      {trigger.pending && <Badge>Change on its way to the scheduler</Badge>}
    </>
  );
}

export function Fire({ event }: { event: TriggerEvent }) {
  const { words, state } = fireOutcome(event.outcome);
  const said = (
    <>
      <StateGlyph state={state} />
      <span className="truncate">{words}</span>
    </>
  );
  const look = 'inline-flex max-w-full min-w-0 items-center gap-8 align-middle';
  return event.runId ? (
    <Link to={`/runs/${event.runId}`} className={`${look} relative hover:underline`}>
      {said}
    </Link>
  ) : (
    <span className={look}>{said}</span>
  );
}

export function LastFire({ trigger }: { trigger: Trigger }) {
  const { lastFire } = trigger;
  if (!lastFire) return <span className="text-muted">Has not fired yet</span>;
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-8">
      <Fire event={lastFire} />
      <Ago at={lastFire.at} className="text-muted" />
      {lastFire.message && lastFire.outcome !== 'started' && <span className="w-full text-12 text-muted">{lastFire.message}</span>}
    </span>
  );
}

export function TriggerButtons({ workflowId, trigger }: { workflowId: string; trigger: Trigger }) {
  const { may } = useMe();
  const { send, busy } = useTriggerAction(workflowId);
  const [isOpen, setOpen] = useState(false);
  const why = may('workflow.publish') ? (busy ? 'Saving' : null) : 'Your role cannot change triggers';
  const change = (intent: string): void => send({ intent, trigger: trigger.id });
  if (!canPause(trigger.type) || trigger.status === 'removed') return null;
  return (
    <div className="flex shrink-0 flex-wrap gap-8">
      {trigger.type === 'schedule' && (
        <Button kind="quiet" onClick={() => setOpen(true)} why={why}>
          Run for the past
        </Button>
      )}
      {trigger.status === 'paused' || trigger.status === 'stopped' ? (
        <Button onClick={() => change('resume')} why={why} aria-label={`Resume ${trigger.id}`}>
          Resume
        </Button>
      ) : (
        <Button onClick={() => change('pause')} why={why} aria-label={`Pause ${trigger.id}`}>
          Pause
        </Button>
      )}
      {isOpen && <BackfillSheet workflowId={workflowId} triggerId={trigger.id} onClose={() => setOpen(false)} />}
    </div>
  );
}
