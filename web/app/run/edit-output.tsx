/** Sets one output by hand and goes on: what it was, what it will be, what runs after it and what is not paid again. Nothing starts before the button. */
import type { RetryPlanView } from '@hub/contract';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { useFetcher } from 'react-router';
import { isProblem, type Problem } from '../api/problem.ts';
import { useMe } from '../shell/use-me.ts';
import { Button } from '../ui/button.tsx';
import { DiffView } from '../ui/diff-view.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import { formatMoney } from '../ui/format.ts';
import type { Json } from '../ui/json-path.ts';
import { Sheet } from '../ui/sheet.tsx';
import { Plan } from './continue-sheet.tsx';

interface Answer {
  plan?: RetryPlanView;
  problem?: Problem;
}

/** What is typed, as a value; undefined while it is no JSON. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

export function EditOutputSheet({
  runId,
  nodeId,
  label,
  before,
  onClose,
}: {
  runId: string;
  nodeId: string;
  label: string;
  /** Undefined: it gave none. */
  before: Json | undefined;
  onClose: () => void;
}) {
  const { me } = useMe();
  const planning = useFetcher<Answer>();
  const starting = useFetcher<Answer>();
  const [text, setText] = useState(() => (before === undefined ? '' : JSON.stringify(before, null, 2)));
  const after = useMemo(() => parsed(text), [text]);
  const same = after !== undefined && JSON.stringify(after) === JSON.stringify(before);
  const path = { method: 'post' as const, action: `/runs/${runId}` };
  const fields = { outputOf: nodeId, output: text, version: '', _csrf: me.csrfToken ?? '' };
  const ask = useEffectEvent(() => void planning.submit({ ...fields, intent: 'plan' }, path));
  useEffect(() => {
    if (after === undefined || same) return;
    const timer = setTimeout(() => ask(), 400);
    return () => clearTimeout(timer);
  }, [after, same]);
  const problem = [starting.data?.problem, planning.data?.problem].find(isProblem);
  const plan = planning.data?.plan;
  const fault = problem?.errors[0]?.message ?? problem?.detail ?? null;
  const why =
    starting.state !== 'idle'
      ? 'Starting'
      : after === undefined
        ? 'This is not JSON yet'
        : same
          ? 'Nothing is changed yet'
          : planning.state !== 'idle' || !plan
            ? (fault ?? 'Looking what can be kept')
            : null;
  return (
    <Sheet
      open
      wide
      onClose={onClose}
      title={`Edit the output of ${label}`}
      foot={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="main" onClick={() => void starting.submit({ ...fields, intent: 'retry' }, path)} why={why}>
            {plan && plan.saved.costUsd > 0 ? `Continue and keep ${formatMoney(plan.saved.costUsd)}` : 'Continue with it'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-16">
        <p className="text-muted">
          A new run takes what this one completed, with this output in place of the old one. Both values stay readable, with who changed it, and the
          change is in the audit log.
        </p>
        <Field
          label="Output"
          help="JSON. The step itself does not run."
          error={text.trim() === '' || after !== undefined ? fault : 'This is not JSON yet.'}
        >
          <Textarea code rows={12} value={text} onChange={(event) => setText(event.currentTarget.value)} spellCheck={false} />
        </Field>
        {after !== undefined && !same && (
          <section aria-label="Before and after" className="flex flex-col gap-8">
            <h3 className="font-semibold">Before and after</h3>
            <DiffView label={`Output of ${label}, before and after`} before={before} after={after} />
          </section>
        )}
        {plan && after !== undefined && !same && <Plan plan={plan} />}
      </div>
    </Sheet>
  );
}
