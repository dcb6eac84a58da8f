/** Why a run failed, in a sentence, what to do, and the one button that does it. */
import { Link } from 'react-router';
import { Button, LinkButton, buttonClass } from '../ui/button.tsx';
import { StateGlyph } from '../ui/state.tsx';
import type { RunData } from './load.server.ts';
import { mendOf } from './mend.ts';
import { useRunAction } from './use-run-action.ts';

export function RunBanner({ data }: { data: RunData }) {
  const { run, nodes, remedy } = data;
  const { send, busy } = useRunAction(run.id);
  if (!run.error) return null;
  const { nodeId, path, message, code } = run.error;
  const node = nodes.find(({ id }) => id === nodeId);
  const item = path?.match(/\[(\d+)\]/)?.[1];
  const search = nodeId ? `?step=${encodeURIComponent(nodeId)}${path ? `&path=${encodeURIComponent(path)}` : ''}` : null;
  const mend = mendOf(code, { runId: run.id, workflowId: run.workflowId, nodeId });
  return (
    <section
      aria-label="Why it failed"
      className="flex flex-wrap items-center gap-x-12 gap-y-8 border-b border-l-2 border-b-line border-l-failed bg-failed-soft px-16 py-12 wide:pr-24 wide:pl-[22px]"
    >
      <StateGlyph state="failed" className="self-start mt-[3px] max-wide:hidden" />
      <div className="min-w-0 flex-1 basis-[280px]">
        <p className="break-words">
          {node && (
            <strong className="font-semibold">
              {node.label}
              {item !== undefined && `, item ${item}`}:{' '}
            </strong>
          )}
          {message}
        </p>
        <p className="break-words text-muted">
          {remedy ?? mend.advice} <span className="font-mono text-12 whitespace-nowrap">{code}</span>
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-8">
        {search && (
          <Link to={search} preventScrollReset className={buttonClass('quiet')}>
            Show the step
          </Link>
        )}
        {mend.to.kind === 'again' ? (
          <Button onClick={() => send('again')} why={busy ? 'Starting' : null}>
            {mend.label}
          </Button>
        ) : (
          <LinkButton to={mend.to.path}>{mend.label}</LinkButton>
        )}
      </div>
    </section>
  );
}
