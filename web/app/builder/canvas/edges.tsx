/** An edge: bezier, 1.5 px; its plus comes under the pointer, its count after a run. */
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react';
import { Plus, X } from 'lucide-react';
import { memo, useState } from 'react';
import { formatWhole } from '../../ui/format.ts';
import { useActions } from '../actions.ts';
import { usePick } from '../context.tsx';
import { startId } from '../model/graph.ts';
import type { FlowEdge } from './flow-nodes.ts';

const strokes = { draft: 'var(--sand-8)', idle: 'var(--sand-7)', taken: 'var(--sand-11)', dead: 'var(--sand-6)' } as const;
const small =
  'flex size-[20px] items-center justify-center rounded-control border border-line-strong bg-paper text-muted hover:border-ink hover:text-ink';

function EdgeView(props: EdgeProps<FlowEdge>) {
  const { id, data, selected, markerEnd, source } = props;
  const [path, x, y] = getBezierPath(props);
  const [over, setOver] = useState(false);
  const { pickOnEdge, removeEdge } = useActions();
  const readOnly = usePick((state) => state.readOnly);
  const state = data?.state ?? 'draft';
  const chosen = selected === true || data?.drop === true;
  const implied = source === startId && data?.edge === null;
  const dashed = state === 'dead' || implied;
  const tools = (over || chosen) && !readOnly && data?.edge != null;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the pointer only shows the buttons; keys reach the same by N on the step before
    <g onMouseEnter={() => setOver(true)} onMouseLeave={() => setOver(false)}>
      <BaseEdge
        path={path}
        interactionWidth={20}
        {...(markerEnd ? { markerEnd } : {})}
        {...(data?.moving ? { className: 'edge-moving' } : {})}
        style={{
          stroke: data?.moving ? 'var(--state-running)' : chosen ? 'var(--ink)' : over ? 'var(--sand-11)' : strokes[state],
          strokeWidth: chosen ? 2 : 1.5,
          ...(dashed ? { strokeDasharray: implied ? '2 4' : '4 4' } : {}),
        }}
      />
      {(tools || data?.count != null) && (
        <EdgeLabelRenderer>
          <div
            className="nodrag nopan absolute flex items-center gap-4"
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`, pointerEvents: 'all', zIndex: 5 }}
            onMouseEnter={() => setOver(true)}
            onMouseLeave={() => setOver(false)}
          >
            {tools ? (
              <>
                <button
                  type="button"
                  tabIndex={-1}
                  aria-label="Add a step here"
                  title="Add a step here"
                  className={small}
                  onClick={() => pickOnEdge(id)}
                >
                  <Plus size={12} aria-hidden />
                </button>
                <button type="button" tabIndex={-1} aria-label="Disconnect" title="Disconnect" className={small} onClick={() => removeEdge(id)}>
                  <X size={12} aria-hidden />
                </button>
              </>
            ) : (
              data?.count != null && (
                <span className="tabular rounded-round border border-line bg-paper px-8 text-12 text-muted">{formatWhole(data.count)}</span>
              )
            )}
          </div>
        </EdgeLabelRenderer>
      )}
    </g>
  );
}
export const StepEdge = memo(EdgeView);
