/** Why a run failed, in a sentence, what to do, and the one button that does it. */
import { Link, useSearchParams } from 'react-router';
import { useMe } from '../shell/use-me.ts';
import { Button, LinkButton, buttonClass } from '../ui/button.tsx';
import { StateGlyph } from '../ui/state.tsx';
import type { FieldFault } from './fault.ts';
import type { RunData } from './load.server.ts';
import { mendOf } from './mend.ts';
import { placeOf } from './model.ts';
import { usePhoneFix } from './phone-fix.tsx';
import { useRunAction } from './use-run-action.ts';

const chip = 'inline-block max-w-full rounded-control border border-line bg-paper px-4 font-mono text-12 leading-[16px] [overflow-wrap:anywhere]';

/** `Name wants a text, but {{ input.file_name }} gives nothing.` */
function FieldWords({ field, message }: { field: FieldFault; message: string }) {
  const { label, wrote, wants, empty } = field;
  if (wrote === null || (!wants && !empty)) return <>{message}</>;
  return (
    <>
      {label} {wants ? `wants ${wants}, but` : 'is left empty:'} <code className={chip}>{wrote}</code>{' '}
      {empty ? 'gives nothing.' : 'gives something else.'}
    </>
  );
}

/** What is looked at stays: a moment that has passed, a step. */
function withContinue(now: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(now);
  next.set('continue', '');
  return next;
}

/** Loaded when a run failed. */
export function FailedBanner({ data }: { data: RunData }) {
  const { run, nodes, edges, mending, settled } = data;
  const { may } = useMe();
  const { send, busy } = useRunAction(run.id);
  const [, setSearch] = useSearchParams();
  const goOn = (): void => setSearch(withContinue, { preventScrollReset: true });
  const fix = usePhoneFix(data, goOn);
  if (!run.error) return null;
  const { nodeId, path, message, code } = run.error;
  const node = nodes.find(({ id }) => id === nodeId);
  const item = path?.match(/\[(\d+)\]/)?.[1];
  const search = nodeId ? `?step=${encodeURIComponent(nodeId)}${path ? `&path=${encodeURIComponent(path)}` : ''}` : null;
  const field = mending?.field ?? null;
  const newer = mending?.newer ?? null;
  const mend = mendOf(code, { runId: run.id, workflowId: run.workflowId, nodeId, field: field?.pointer ?? null });
  const inEditor = mend.to.kind === 'path' && mend.to.path.includes('/edit');
  const place = placeOf(nodes, edges, nodeId);
  const mayStart = may('run.start') ? null : 'Your role cannot start runs';
  return (
    <section
      aria-label="Why it failed"
      className="flex flex-wrap items-center gap-x-12 gap-y-8 shrink-0 border-t border-l-2 border-t-line border-l-failed bg-failed-soft px-16 py-12 wide:pr-24 wide:pl-[22px]"
    >
      <StateGlyph state="failed" className="mt-[3px] self-start max-wide:hidden" />
      <div className="min-w-0 flex-1 basis-[280px]">
        <p className="break-words">
          {node && (
            <strong className="font-semibold">
              {place && `Step ${place.at} of ${place.of}, `}
              {node.label}
              {item !== undefined && `, item ${item}`}:{' '}
            </strong>
          )}
          {field ? <FieldWords field={field} message={message} /> : message}
        </p>
        <p className="break-words text-muted">
          <span className={fix && newer === null ? 'max-wide:hidden' : undefined}>
            {newer === null
              ? ((field ? null : mending?.remedy) ?? mend.advice)
              : `Version ${newer} was published since: go on with it, and what is done stays done.`}{' '}
          </span>
          {inEditor && newer === null && (
            <span className="wide:hidden">
              {fix ? 'Put it right here: what is done stays done. ' : 'That takes a wider screen; here the output of the step can be set by hand. '}
            </span>
          )}
          <span className="font-mono text-12 whitespace-nowrap">{code}</span>
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-8">
        {search && (
          <Link to={search} preventScrollReset className={buttonClass('quiet')}>
            Show the step
          </Link>
        )}
        {mend.to.kind === 'again' ? (
          <Button onClick={() => send('again')} why={busy ? 'Starting' : mayStart}>
            {mend.label}
          </Button>
        ) : (
          <LinkButton to={mend.to.path} kind={field && newer === null ? 'main' : 'plain'} className={inEditor ? 'max-wide:hidden' : ''}>
            {mend.label}
          </LinkButton>
        )}
        {fix && newer === null && (
          <Button kind="main" onClick={fix.show} className="wide:hidden">
            Fix the field
          </Button>
        )}
        <Button kind={field && newer === null ? 'plain' : 'main'} onClick={goOn} why={settled ? mayStart : 'It is still coming to its end'}>
          {newer === null ? 'Continue' : `Continue on version ${newer}`}
        </Button>
      </div>
      {fix?.sheet}
    </section>
  );
}
