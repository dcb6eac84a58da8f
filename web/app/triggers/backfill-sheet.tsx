/** Runs a schedule for a window in the past. Says how many first; starts only what was said. */
import { useState } from 'react';
import { Link } from 'react-router';
import { faultOf, isProblem } from '../api/problem.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { plural } from '../ui/format.ts';
import { Sheet } from '../ui/sheet.tsx';
import { instantOfLocal, localText, useZone } from '../ui/zone.ts';
import { useTriggerAction } from './use-trigger-action.ts';
import { formatFire } from './words.ts';

const dayMs = 86_400_000;

export function BackfillSheet({ workflowId, triggerId, onClose }: { workflowId: string; triggerId: string; onClose: () => void }) {
  const { send, busy, answer } = useTriggerAction(workflowId, true);
  const zone = useZone();
  const [from, setFrom] = useState(() => localText(Date.now() - 7 * dayMs, zone));
  const [to, setTo] = useState(() => localText(Date.now(), zone));
  const [asked, setAsked] = useState('');
  const now = `${from} ${to}`;
  const problem = answer && 'problem' in answer && isProblem(answer.problem) && asked === now ? answer.problem : null;
  const found = answer && 'backfill' in answer && asked === now ? answer : null;
  const window = { trigger: triggerId, intent: 'backfill', from: instantOfLocal(from, zone), to: instantOfLocal(to, zone) };
  const why = busy ? 'Working' : !window.from || !window.to ? 'Give both times' : window.from > window.to ? 'The end is before the start' : null;
  const counted = found && !found.confirmed ? found.backfill : null;
  const count = counted?.count ?? null;
  const ask = (): void => {
    setAsked(now);
    send(window);
  };
  const done = found?.confirmed ? found.backfill : null;
  return (
    <Sheet
      open
      onClose={onClose}
      title="Run for the past"
      foot={
        done ? (
          <Button kind="main" onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Not now</Button>
            {count === null || count === 0 ? (
              <Button kind="main" onClick={ask} why={why}>
                Count the times
              </Button>
            ) : (
              <Button kind="main" onClick={() => send({ ...window, confirm: String(count) })} why={why}>
                Start {plural(count, 'run')}
              </Button>
            )}
          </>
        )
      }
    >
      <form
        className="flex flex-col gap-16"
        aria-busy={busy}
        onSubmit={(event) => {
          event.preventDefault();
          if (!why) ask();
        }}
      >
        <p className="text-muted">
          One run for each time the schedule would have fired in between. A time that had its run already gets no second one.
        </p>
        <Field label="From" error={faultOf(problem, 'from')} help={zone}>
          <Input type="datetime-local" value={from} max={to} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Field label="To" error={faultOf(problem, 'to')}>
          <Input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
        </Field>
        {/* Enter in a field counts. */}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
        <div aria-live="polite">
          {problem && !faultOf(problem, 'from') && !faultOf(problem, 'to') && <p className="text-failed-text">{problem.detail}</p>}
          {count === 0 && <p>The schedule has no time in this window.</p>}
          {counted && counted.count > 0 && (
            <p>
              {plural(counted.count, 'time')}, {counted.first && formatFire(counted.first, zone)} to {counted.last && formatFire(counted.last, zone)}.
            </p>
          )}
          {done && (
            <>
              <p className="font-medium">
                {plural(done.started, 'run')} started.
                {done.repeated > 0 && ` ${plural(done.repeated, 'time')} had a run already.`}
                {done.skipped > 0 && ` ${plural(done.skipped, 'time')} skipped, because runs may not overlap.`}
                {done.failed > 0 && ` ${plural(done.failed, 'run')} failed at the start.`}
              </p>
              <Link to={`/workflows/${workflowId}/runs`} className="text-link hover:underline">
                See the runs
              </Link>
            </>
          )}
        </div>
      </form>
    </Sheet>
  );
}
