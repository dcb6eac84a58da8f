/** Why a run failed, in a sentence, with the way to the step. */
import { Link } from 'react-router';
import { buttonClass } from '../ui/button.tsx';
import { StateGlyph } from '../ui/state.tsx';
import type { RunData } from './load.server.ts';
import type { NodeView } from './model.ts';

export function RunBanner({ run, nodes }: { run: RunData['run']; nodes: NodeView[] }) {
  if (!run.error) return null;
  const { nodeId, path, message, code } = run.error;
  const node = nodes.find(({ id }) => id === nodeId);
  const item = path?.match(/\[(\d+)\]/)?.[1];
  const search = nodeId ? `?step=${encodeURIComponent(nodeId)}${path ? `&path=${encodeURIComponent(path)}` : ''}` : null;
  return (
    <section aria-label="Why it failed" className="flex flex-wrap items-center gap-12 border-b border-line bg-failed-soft px-16 py-8 wide:px-24">
      <StateGlyph state="failed" />
      <p className="min-w-0 flex-1 basis-[240px] break-words">
        {node && (
          <strong className="font-semibold">
            {node.label}
            {item !== undefined && `, item ${item}`}:{' '}
          </strong>
        )}
        {message} <span className="font-mono text-12 text-muted">{code}</span>
      </p>
      {search && (
        <Link to={search} preventScrollReset className={buttonClass('plain')}>
          Show the step
        </Link>
      )}
    </section>
  );
}
