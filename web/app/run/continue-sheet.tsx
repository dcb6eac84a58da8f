/** Continuing a run that ended: what is kept and not paid again, what runs, and the one button. Nothing starts before it is pressed. */
import type { RetryPlanView } from '@hub/contract';
import { useEffect, useEffectEvent, useState } from 'react';
import { useFetcher } from 'react-router';
import { isProblem, type Problem } from '../api/problem.ts';
import { useMe } from '../shell/use-me.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { formatMoney, formatTokens, plural } from '../ui/format.ts';
import { Select } from '../ui/select.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { StateGlyph } from '../ui/state.tsx';
import { Money } from '../ui/time.tsx';
import type { NodeView } from './model.ts';

interface Answer {
  plan?: RetryPlanView;
  problem?: Problem;
}
type Run = { id: string; version: number | null };

const whyWords: Record<RetryPlanView['runs'][number]['why'], string> = {
  asked: 'from here on',
  changed: 'changed since',
  failed: 'failed',
  downstream: 'comes after',
  'not-run': 'did not run',
  loop: 'items of it run again',
};

function Plan({ plan }: { plan: RetryPlanView }) {
  return (
    <div className="flex flex-col gap-16">
      <section aria-label="Runs" className="flex flex-col gap-4">
        <h3 className="font-semibold">Runs: {plural(plan.runs.length, 'step')}</h3>
        <ul>
          {plan.runs.map(({ nodeId, label, why }) => (
            <li key={nodeId} className="flex h-[28px] items-center gap-8 border-b border-line">
              <StateGlyph state="queued" />
              <span className="min-w-0 flex-1 truncate">{label}</span>
              <span className="text-12 whitespace-nowrap text-muted">{whyWords[why]}</span>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="Kept" className="flex flex-col gap-4">
        <h3 className="font-semibold">Kept: {plural(plan.kept.length, 'step')}</h3>
        {plan.kept.length === 0 && <p className="text-muted">Nothing can be kept: everything runs again.</p>}
        <ul>
          {plan.kept.map(({ nodeId, label, items, costUsd }) => (
            <li key={nodeId} className="flex h-[28px] items-center gap-8 border-b border-line">
              <StateGlyph state="kept" />
              <span className="min-w-0 flex-1 truncate">
                {label}
                {items !== null && <span className="text-muted"> {plural(items, 'item')}</span>}
              </span>
              {costUsd > 0 && <Money usd={costUsd} className="tabular text-muted" />}
            </li>
          ))}
        </ul>
        {plan.saved.tokens > 0 && (
          <p className="tabular s-kept state-text">
            {formatMoney(plan.saved.costUsd)} and {formatTokens(plan.saved.tokens)} are not paid again
          </p>
        )}
      </section>
    </div>
  );
}

/** `fromNode` '' is the failure: all that was completed is kept. */
export function ContinueSheet({ run, nodes, from, onClose }: { run: Run; nodes: readonly NodeView[]; from: string | null; onClose: () => void }) {
  const { me } = useMe();
  const planning = useFetcher<Answer>();
  const starting = useFetcher<Answer>();
  const [fromNode, setFromNode] = useState(from ?? '');
  // Whoever mended a field published it: the newest version is what they mean.
  const [version, setVersion] = useState(run.version === null ? '' : 'published');
  const fields = { fromNode, version, _csrf: me.csrfToken ?? '' };
  const path = { method: 'post' as const, action: `/runs/${run.id}` };
  const ask = useEffectEvent(() => void planning.submit({ ...fields, intent: 'plan' }, path));
  useEffect(() => ask(), [fromNode, version]);
  const plan = planning.data?.plan;
  const problem = [starting.data?.problem, planning.data?.problem].find(isProblem);
  const why =
    starting.state !== 'idle'
      ? 'Starting'
      : planning.state !== 'idle'
        ? 'Looking what can be kept'
        : plan
          ? null
          : 'It cannot be continued like this';
  return (
    <Sheet
      open
      onClose={onClose}
      title="Continue the run"
      foot={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="main" onClick={() => void starting.submit({ ...fields, intent: 'retry' }, path)} why={why}>
            {plan && plan.saved.costUsd > 0 ? `Continue, keep ${formatMoney(plan.saved.costUsd)}` : 'Continue'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-16" aria-busy={planning.state !== 'idle'}>
        <p className="text-muted">A new run with the same input. What this one completed is taken over.</p>
        <Field label="From">
          <Select
            value={fromNode}
            onChange={setFromNode}
            options={[
              { value: '', label: 'Where it stopped' },
              ...nodes.filter(({ parent, idle }) => parent === null && !idle).map(({ id, label }) => ({ value: id, label, group: 'From a step on' })),
            ]}
          />
        </Field>
        {run.version !== null && (
          <Field label="With">
            <Select
              value={version}
              onChange={setVersion}
              options={[
                { value: 'published', label: 'The published version', hint: 'steps that changed run again' },
                { value: '', label: `Version ${run.version}`, hint: 'as this run' },
              ]}
            />
          </Field>
        )}
        {problem && (
          <p role="alert" className="text-failed-text">
            {problem.detail}
          </p>
        )}
        {plan && <Plan plan={plan} />}
      </div>
    </Sheet>
  );
}
