/** What a run waits for and how to move it on: answers, signals, the time left, resume. Stands at the foot of the run page (run-dock.tsx) while anything waits. */
import type { Approval } from '@hub/contract';
import { Play, RotateCw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link, useFetcher } from 'react-router';
import { isProblem } from '../api/problem.ts';
import { useMe } from '../shell/use-me.ts';
import { Button } from '../ui/button.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import { formatDuration } from '../ui/format.ts';
import { StateGlyph } from '../ui/state.tsx';
import { Ago, useNow } from '../ui/time.tsx';
import { showToast } from '../ui/toast.tsx';
import { useAnswer } from '../ui/use-answer.ts';
import { AnswerFields } from './approval-form.tsx';
import type { RunData } from './load.server.ts';
import type { NodeView } from './model.ts';
import { reasonWords } from './reason-words.ts';
import { type RunAnswer, useRunAction } from './use-run-action.ts';

function Frame({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      className="flex flex-wrap items-start gap-x-12 gap-y-12 border-t border-l-2 border-t-line border-l-waiting px-16 py-12 wide:pr-24 wide:pl-[22px]"
    >
      <StateGlyph state="waiting" className="mt-[3px] max-wide:hidden" />
      {children}
    </section>
  );
}

function Words({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className="min-w-0 flex-1 basis-[280px]">
      <p className="break-words">{title}</p>
      {children && <div className="break-words whitespace-pre-line text-muted">{children}</div>}
    </div>
  );
}

/** One question of the run, answered in place. `isGone`: it needs no answer any more. */
export function ApprovalAsk({
  approval,
  isGone = false,
  onAnswered,
}: {
  approval: Omit<Approval, 'answer'>;
  isGone?: boolean;
  onAnswered?: () => void;
}) {
  const { me } = useMe();
  const fetcher = useFetcher<RunAnswer>();
  useAnswer(fetcher, ({ done, more }) => {
    if (!done) return;
    showToast({ text: done, ...(more ? { more } : {}) });
    onAnswered?.();
  });
  const problem = isProblem(fetcher.data?.problem) ? fetcher.data.problem : null;
  const why =
    fetcher.state !== 'idle'
      ? 'Sending'
      : isGone
        ? 'It was answered, or is no longer asked'
        : approval.mayAnswer
          ? null
          : askedWords(approval.approvers);
  return (
    <fetcher.Form method="post" action={`/runs/${approval.runId}`} className="w-full wide:max-w-[520px]">
      <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
      <input type="hidden" name="intent" value="answer" />
      <input type="hidden" name="nodeId" value={approval.nodeId} />
      <input type="hidden" name="path" value={approval.path} />
      {/* One question, one answer: sent twice it counts once. */}
      <input type="hidden" name="messageId" value={`web-${approval.id}`} />
      {/* A group, not a landmark: many runs may ask the same. */}
      <fieldset aria-label={`Answer: ${approval.title}`} className="min-w-0">
        <AnswerFields form={approval.form} problem={problem} why={why} />
      </fieldset>
      {/* A phone has no hover. */}
      {!approval.mayAnswer && <p className="pt-8 text-12 text-muted">{askedWords(approval.approvers)}.</p>}
    </fetcher.Form>
  );
}

/** Who else is asked, for the one who is not. */
export function askedWords(approvers: readonly string[]): string {
  return approvers.length > 0 ? `This is for ${approvers.join(', ')} to answer` : 'Your role cannot answer this';
}

function ApprovalWait({ approval }: { approval: Omit<Approval, 'answer'> }) {
  return (
    <Frame label="Waits for an approval">
      <Words title={<strong className="font-semibold">{approval.title}</strong>}>
        {approval.body}
        <p>
          Asked <Ago at={approval.requestedAt} />
          {approval.expiresAt && (
            <>
              , ends <Ago at={approval.expiresAt} />
            </>
          )}
        </p>
      </Words>
      <ApprovalAsk approval={approval} />
    </Frame>
  );
}

function Countdown({ until }: { until: string }) {
  const now = useNow(1000);
  const left = Date.parse(until) - now;
  if (left <= 0) return <>any moment</>;
  return (
    <span className="tabular" suppressHydrationWarning>
      {formatDuration(Math.ceil(left / 1000) * 1000).replace('.0 s', ' s')}
    </span>
  );
}

function TimerWait({ node }: { node: NodeView }) {
  return (
    <Frame label="Waits for a time">
      <Words title={<strong className="font-semibold">{node.label}</strong>}>
        {node.until ? (
          <>
            Goes on in <Countdown until={node.until} /> (<Ago at={node.until} />
            ). Nothing to do.
          </>
        ) : (
          `${node.words}. It goes on by itself.`
        )}
      </Words>
    </Frame>
  );
}

function SignalWait({ node, runId }: { node: NodeView; runId: string }) {
  const { may } = useMe();
  const { send, busy, problem } = useRunAction(runId);
  const name = node.signal ?? '';
  const why = !may('run.signal') ? 'Your role cannot send signals' : busy ? 'Sending' : null;
  return (
    <Frame label="Waits for a signal">
      <Words
        title={
          <>
            <strong className="font-semibold">{node.label}</strong> waits for the signal <span className="font-mono text-12">{name}</span>
          </>
        }
      >
        Another program sends it, or you do it here.
      </Words>
      <form
        className="flex w-full flex-col items-start gap-8 wide:max-w-[480px]"
        onSubmit={(event) => {
          event.preventDefault();
          const payload = new FormData(event.currentTarget).get('payload');
          send('signal', { name, payload: typeof payload === 'string' ? payload : '' });
        }}
      >
        <Field label="What it carries" optional help="JSON; the step gives it as its output." error={problem?.errors[0]?.message ?? null}>
          <Textarea name="payload" code rows={2} placeholder="{ }" />
        </Field>
        <Button type="submit" kind="main" why={why}>
          Send the signal
        </Button>
      </form>
    </Frame>
  );
}

/** Answers that share the width of a phone. */
const thumb = 'max-wide:min-h-[44px] max-wide:flex-1';

function UnknownWait({ node, runId }: { node: NodeView; runId: string }) {
  const { may } = useMe();
  const { send, busy, problem } = useRunAction(runId);
  const why = !may('run.start') ? 'Your role cannot decide this' : busy ? 'Sending' : null;
  const [output, setOutput] = useState('');
  const decide = (decision: string): void =>
    send('answer', { nodeId: node.id, path: node.waitPath ?? '', decision, output: output.trim() || 'null' });
  return (
    <Frame label="Waits for a decision">
      <Words
        title={
          <>
            <strong className="font-semibold">{node.label}</strong> may or may not have done its work
          </>
        }
      >
        The connection broke while it was at it, and the service cannot say.{' '}
        <StepLink node={node}>See what was sent, when, and what came back</StepLink>, then look there: run it again only where doing it twice does no
        harm.
      </Words>
      <Field
        label="What it gave"
        optional
        help="JSON, for “It is done”: the steps after it read it as its output."
        error={problem?.errors[0]?.message ?? null}
        className="w-full wide:max-w-[480px]"
      >
        <Textarea code rows={2} placeholder="null" value={output} onChange={(event) => setOutput(event.currentTarget.value)} />
      </Field>
      {/* None is the main one: which is right stands in the evidence. */}
      <div className="flex flex-wrap gap-8 max-wide:w-full wide:pl-[26px]">
        <Button onClick={() => decide('fail')} why={why} className={thumb}>
          It failed
        </Button>
        <Button onClick={() => decide('done')} why={why} className={thumb}>
          It is done
        </Button>
        <Button onClick={() => decide('retry')} why={why} className={thumb}>
          <RotateCw size={14} aria-hidden />
          Run it again
        </Button>
      </div>
    </Frame>
  );
}

function StepLink({ node, children }: { node: NodeView; children: ReactNode }) {
  return (
    <Link
      to={`?step=${encodeURIComponent(node.id)}${node.waitPath ? `&path=${encodeURIComponent(node.waitPath)}` : ''}`}
      preventScrollReset
      className="text-link underline"
    >
      {children}
    </Link>
  );
}

/** Reasons that somebody else, or time, puts right: what it waits for and where to go. */
const elsewhere: Record<string, (node: NodeView) => ReactNode> = {
  child: (node) => (
    <>
      It goes on by itself when the run that it started ends.{' '}
      {node.childRunId ? (
        <Link to={`/runs/${node.childRunId}`} className="text-link underline">
          Show that run
        </Link>
      ) : (
        <StepLink node={node}>Show the step</StepLink>
      )}
    </>
  ),
  budget: () => (
    <>
      The budget is used up. It goes on when an admin raises it, or with the next period.{' '}
      <Link to="/settings/limits" className="text-link underline">
        See the limits
      </Link>
    </>
  ),
  incident: () => (
    <>
      The service has trouble, so no run calls it for now. It goes on by itself when the service answers again.{' '}
      <Link to="/connections" className="text-link underline">
        See the connections
      </Link>
    </>
  ),
  timer: () => 'The service asked to be called later. It goes on by itself.',
};

function ElsewhereWait({ node }: { node: NodeView }) {
  const words = elsewhere[node.waitsFor ?? ''];
  if (!words) return null;
  return (
    <Frame label={`Waits ${reasonWords(node.waitsFor) ?? ''}`.trim()}>
      <Words
        title={
          <>
            <strong className="font-semibold">{node.label}</strong> waits {reasonWords(node.waitsFor)}
          </>
        }
      >
        {words(node)}
      </Words>
    </Frame>
  );
}

function PauseWait({ runId }: { runId: string }) {
  const { may } = useMe();
  const { send, busy } = useRunAction(runId);
  return (
    <Frame label="Paused">
      <Words title={<strong className="font-semibold">Somebody paused this run</strong>}>Nothing new starts until it goes on.</Words>
      <Button kind="main" onClick={() => send('resume')} why={may('run.cancel') ? (busy ? 'Resuming' : null) : 'Your role cannot resume runs'}>
        <Play size={14} aria-hidden />
        Resume
      </Button>
    </Frame>
  );
}

/** Nothing where nothing waits. */
export function RunWaits({ data }: { data: RunData }) {
  const { run, nodes, approvals, settled } = data;
  if (settled) return null;
  const waiting = nodes.filter(({ state }) => state === 'waiting');
  return (
    <>
      {run.statusReason === 'pause' && <PauseWait runId={run.id} />}
      {approvals.map((approval) => (
        <ApprovalWait key={approval.id} approval={approval} />
      ))}
      {waiting.map((node) =>
        node.waitsFor === 'unknown-outcome' ? (
          <UnknownWait key={node.id} node={node} runId={run.id} />
        ) : node.type !== 'wait' ? (
          <ElsewhereWait key={node.id} node={node} />
        ) : node.signal ? (
          <SignalWait key={node.id} node={node} runId={run.id} />
        ) : (
          <TimerWait key={node.id} node={node} />
        ),
      )}
    </>
  );
}
