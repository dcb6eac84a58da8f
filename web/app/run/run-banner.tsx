/** Why a run failed, in a sentence, what to do, and the one button that does it. Of a run that continues another: what was not paid again. */
import { useSearchParams } from 'react-router';
import { Link } from 'react-router';
import { useMe } from '../shell/use-me.ts';
import { Button, LinkButton, buttonClass } from '../ui/button.tsx';
import { formatMoney, formatTokens, plural } from '../ui/format.ts';
import { StateGlyph } from '../ui/state.tsx';
import type { FieldFault } from './fault.ts';
import type { RunData } from './load.server.ts';
import { mendOf } from './mend.ts';
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

function Failed({ data }: { data: RunData }) {
  const { run, nodes, mending } = data;
  const { may } = useMe();
  const { send, busy } = useRunAction(run.id);
  const [, setSearch] = useSearchParams();
  if (!run.error) return null;
  const { nodeId, path, message, code } = run.error;
  const node = nodes.find(({ id }) => id === nodeId);
  const item = path?.match(/\[(\d+)\]/)?.[1];
  const search = nodeId ? `?step=${encodeURIComponent(nodeId)}${path ? `&path=${encodeURIComponent(path)}` : ''}` : null;
  const field = mending?.field ?? null;
  const newer = mending?.newer ?? null;
  const mend = mendOf(code, { runId: run.id, workflowId: run.workflowId, nodeId, field: field?.pointer ?? null });
  const inEditor = mend.to.kind === 'path' && mend.to.path.includes('/edit');
  return (
    <section
      aria-label="Why it failed"
      className="flex flex-wrap items-center gap-x-12 gap-y-8 border-b border-l-2 border-b-line border-l-failed bg-failed-soft px-16 py-12 wide:pr-24 wide:pl-[22px]"
    >
      <StateGlyph state="failed" className="mt-[3px] self-start max-wide:hidden" />
      <div className="min-w-0 flex-1 basis-[280px]">
        <p className="break-words">
          {node && (
            <strong className="font-semibold">
              {node.label}
              {item !== undefined && `, item ${item}`}:{' '}
            </strong>
          )}
          {field ? <FieldWords field={field} message={message} /> : message}
        </p>
        <p className="break-words text-muted">
          {newer === null
            ? ((field ? null : mending?.remedy) ?? mend.advice)
            : `Version ${newer} was published since: go on with it, and what is done stays done.`}{' '}
          {inEditor && <span className="wide:hidden">That takes a wider screen. </span>}
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
          <Button onClick={() => send('again')} why={busy ? 'Starting' : may('run.start') ? null : 'Your role cannot start runs'}>
            {mend.label}
          </Button>
        ) : (
          <LinkButton to={mend.to.path} kind={field && newer === null ? 'main' : 'plain'} className={inEditor ? 'max-wide:hidden' : ''}>
            {mend.label}
          </LinkButton>
        )}
        {newer !== null && (
          <Button
            kind="main"
            onClick={() => setSearch({ continue: '' }, { preventScrollReset: true })}
            why={may('run.start') ? null : 'Your role cannot start runs'}
          >
            Continue on version {newer}
          </Button>
        )}
      </div>
    </section>
  );
}

/** What a continued run took over: our reason to exist, said in one line. */
function Kept({ data: { run, nodes } }: { data: RunData }) {
  const { kept, retryOf } = run;
  if (!kept || !retryOf || kept.nodes === 0) return null;
  const total = nodes.filter(({ parent }) => parent === null).length;
  const saved = [kept.costUsd > 0 ? formatMoney(kept.costUsd) : null, kept.tokens > 0 ? formatTokens(kept.tokens) : null].filter(Boolean);
  return (
    <section
      aria-label="What was kept"
      className="s-kept state-soft flex flex-wrap items-center gap-x-12 gap-y-4 border-b border-l-2 border-b-line border-l-[var(--state-kept)] px-16 py-8 wide:pr-24 wide:pl-[22px]"
    >
      <StateGlyph state="kept" className="max-wide:hidden" />
      <p className="tabular min-w-0 flex-1 break-words">
        <strong className="font-semibold">{kept.nodes >= total ? plural(kept.nodes, 'step') : `${kept.nodes} of ${total} steps`} kept</strong> from{' '}
        <Link to={`/runs/${retryOf}`} className="font-mono text-12 text-link hover:underline">
          {retryOf.slice(-6)}
        </Link>
        {saved.length > 0 && (
          <>
            : <span className="state-text font-medium">{saved.join(' and ')} not paid again</span>
          </>
        )}
      </p>
    </section>
  );
}

/** Both; loaded where a run failed or goes on from another. */
export function RunBanners({ data }: { data: RunData }) {
  return (
    <>
      <Failed data={data} />
      <Kept data={data} />
    </>
  );
}
