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
  undone: 'was undone',
  unsure: 'asks you first: how its last call went is not known',
  'not-run': 'did not run',
  loop: 'items of it run again',
};

/** Kept and run in one picture: the wider the violet, the less is paid twice. By money; where nothing cost any, by steps. */
function Share({ plan }: { plan: RetryPlanView }) {
  const sum = (parts: readonly { costUsd: number }[]): number => parts.reduce((all, { costUsd }) => all + costUsd, 0);
  const again = sum(plan.runs);
  const [kept, runs] = plan.saved.costUsd + again > 0 ? [plan.saved.costUsd, again] : [plan.kept.length, plan.runs.length];
  const share = kept + runs === 0 ? 0 : (kept / (kept + runs)) * 100;
  const width = share === 0 ? 0 : Math.min(98, Math.max(2, share));
  return (
    <svg width="100%" height="16" className="block" role="img" aria-label={`${Math.round(share)}% is kept`}>
      <g className="s-kept">
        <rect x="0" width={`${Math.max(0, width - 0.4)}%`} height="16" rx="2" className="state-fill" />
        <rect x="0" width={`${Math.max(0, width - 0.4)}%`} height="16" fill="url(#kept-hatch)" />
      </g>
      <g className="s-queued">
        <rect x={`${width}%`} width={`${100 - width}%`} y="0.5" height="15" rx="2" fill="none" strokeDasharray="3 2" className="state-stroke" />
      </g>
    </svg>
  );
}

function PlanFigure({ word, usd, tokens, kept }: { word: string; usd: number; tokens: number; kept?: boolean }) {
  return (
    <div className={kept ? 's-kept' : 'text-right'}>
      <dt className="text-12 text-muted">{word}</dt>
      <dd className={`tabular text-18 font-semibold ${kept ? 'state-text' : ''}`}>{formatMoney(usd)}</dd>
      <dd className="tabular text-12 text-muted">{formatTokens(tokens)}</dd>
    </div>
  );
}

export function Plan({ plan }: { plan: RetryPlanView }) {
  const maybe = plan.runs.filter(({ mayKeep }) => mayKeep).length;
  return (
    <div className="flex flex-col gap-24">
      <div className="flex flex-col gap-8">
        <dl className="flex justify-between">
          <PlanFigure word="Not paid again" usd={plan.saved.costUsd} tokens={plan.saved.tokens} kept />
          <PlanFigure word="Runs again, cost last time" usd={plan.cost.costUsd} tokens={plan.cost.tokens} />
        </dl>
        <Share plan={plan} />
        {maybe > 0 && (
          <p className="text-12 text-muted">
            {plural(maybe, 'step')} below did not change and {maybe === 1 ? 'is' : 'are'} kept too if the input comes out the same
            {plan.mayBeSaved.costUsd > 0 ? `: up to ${formatMoney(plan.mayBeSaved.costUsd)} less to pay.` : '.'}
          </p>
        )}
      </div>
      <section aria-label="Runs" className="flex flex-col gap-4">
        <h3 className="font-semibold">Runs: {plural(plan.runs.length, 'step')}</h3>
        <ul className="border-t border-line">
          {plan.runs.map(({ nodeId, label, why, mayKeep }) => (
            <li key={nodeId} className="flex h-[28px] items-center gap-8 border-b border-line">
              <StateGlyph state="queued" />
              <span className="min-w-0 flex-1 truncate">{label}</span>
              <span className="text-12 whitespace-nowrap text-muted">{mayKeep ? 'kept if its input is the same' : whyWords[why]}</span>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="Kept" className="flex flex-col gap-4">
        <h3 className="font-semibold">Kept: {plural(plan.kept.length, 'step')}</h3>
        {plan.kept.length === 0 && <p className="text-muted">Nothing can be kept: everything runs again.</p>}
        <ul className="border-t border-line">
          {plan.kept.map(({ nodeId, label, items, costUsd }) => (
            <li key={nodeId} className="flex h-[28px] items-center gap-8 border-b border-line">
              <StateGlyph state="kept" />
              <span className="min-w-0 flex-1 truncate">
                {label}
                {items !== null && <span className="text-muted"> {plural(items, 'item')}</span>}
              </span>
              {costUsd > 0 && <Money usd={costUsd} className="tabular s-kept state-text" />}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** `fromNode` '' is the failure: all that was completed is kept. */
export function ContinueSheet({
  run,
  nodes,
  from,
  newer,
  onClose,
}: {
  run: Run;
  nodes: readonly NodeView[];
  from: string;
  /** A version published after the one that ran. */
  newer: number | null;
  onClose: () => void;
}) {
  const { me, may } = useMe();
  const planning = useFetcher<Answer>();
  const starting = useFetcher<Answer>();
  const [fromNode, setFromNode] = useState(nodes.some(({ id }) => id === from) ? from : '');
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
      tall
      onClose={onClose}
      title="Continue the run"
      foot={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="main" onClick={() => void starting.submit({ ...fields, intent: 'retry' }, path)} why={why}>
            {plan && plan.saved.costUsd > 0 ? `Continue and keep ${formatMoney(plan.saved.costUsd)}` : 'Continue'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-16" aria-busy={planning.state !== 'idle'}>
        <p className="text-muted">A new run with the same input. What this one completed is taken over, not paid again.</p>
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
        {run.version === null ? (
          <Field label="With">
            <Select
              value={version}
              onChange={setVersion}
              options={[
                { value: '', label: 'The draft as it was', hint: 'as this run' },
                { value: 'draft', label: 'The draft as it is now', hint: 'steps that changed run again' },
              ]}
            />
          </Field>
        ) : (
          <Field label="With">
            <Select
              value={version}
              onChange={setVersion}
              options={[
                {
                  value: 'published',
                  label: newer === null ? 'The published version' : `Version ${newer}, the published one`,
                  hint: 'steps that changed run again',
                },
                { value: '', label: `Version ${run.version}`, hint: 'as this run' },
                ...(may('workflow.write') ? [{ value: 'draft', label: 'The draft', hint: 'as a test run' }] : []),
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
