/** What is to be mended before publishing, and what is worth a look: a list that leads to each place. */
import type { Fault } from '@hub/dag';
import { CircleAlert, TriangleAlert, X } from 'lucide-react';
import { IconButton } from '../../ui/button.tsx';
import { wordsOfId } from '../../run/definition.ts';
import { useActions } from '../actions.ts';
import { useBuilder, usePick } from '../context.tsx';
import { startId } from '../model/graph.ts';
import { labelOfId } from '../model/words.ts';

/** The field of a step, as far as its name says something: `/nodes/2/config/params/url` -> `url`. */
function fieldOf(path: string): string {
  const parts = path.split('/').slice(3);
  const named = parts.filter((part) => part !== 'config' && part !== 'params' && !/^\d+$/.test(part));
  return named
    .slice(0, 2)
    .map((part) => wordsOfId(part).toLowerCase())
    .join(' ');
}

/** What is said to whoever writes a definition by hand is of no help on the canvas. */
const onCanvas: Record<string, string> = {
  'loop.empty': 'Nothing repeats yet. Add a step inside the loop.',
};

/** Where a fault stands, in words. */
function placeOf(fault: Fault, label: (id: string) => string): string {
  if (fault.nodeId !== undefined && fault.path.startsWith('/edges')) return `${label(fault.nodeId)}, its connection`;
  if (fault.nodeId !== undefined) return [label(fault.nodeId), fieldOf(fault.path)].filter(Boolean).join(', ');
  if (fault.path.startsWith('/triggers')) return 'Triggers';
  if (fault.path.startsWith('/inputs')) return 'Inputs';
  return fault.path.startsWith('/settings') ? 'Settings' : 'Workflow';
}

export function FaultList({ faults, tone, onShow }: { faults: readonly Fault[]; tone: 'fault' | 'warning'; onShow?: () => void }) {
  const { store } = useBuilder();
  const { show } = useActions();
  const definition = usePick((state) => state.definition);
  const Icon = tone === 'fault' ? CircleAlert : TriangleAlert;
  const go = (fault: Fault): void => {
    onShow?.();
    if (fault.nodeId !== undefined && fault.path.startsWith('/edges')) show(fault.nodeId, 'parameters');
    else if (fault.nodeId !== undefined) {
      const inConfig = fault.path.includes('/config');
      show(fault.nodeId, inConfig ? 'parameters' : 'behaviour');
      const pointer = fault.path.replace(/^\/nodes\/\d+(\/config)?/, '');
      if (pointer !== '') store.getState().set({ seek: { nodeId: fault.nodeId, pointer } });
    } else if (/^\/(triggers|inputs)/.test(fault.path)) show(startId);
    else if (fault.path.startsWith('/settings')) store.getState().set({ dialog: { kind: 'settings' } });
  };
  return (
    <ul>
      {faults.map((fault) => (
        <li key={`${fault.path} ${fault.code} ${fault.message}`} className="border-b border-line last:border-b-0">
          <button type="button" className="focus-inset flex w-full items-start gap-8 px-12 py-8 text-left hover:bg-hover" onClick={() => go(fault)}>
            <Icon size={14} aria-hidden className={`mt-[3px] shrink-0 ${tone === 'fault' ? 'text-failed' : 'text-waiting'}`} />
            <span className="min-w-0">
              <span className="block truncate font-medium">{placeOf(fault, (id) => labelOfId(definition, id))}</span>
              <span className="block break-words text-muted">{onCanvas[fault.code] ?? fault.message}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function Mending() {
  const { store } = useBuilder();
  const faults = usePick((state) => state.faults);
  const warnings = usePick((state) => state.warnings);
  return (
    <section
      aria-label="To mend"
      className="absolute top-16 left-16 z-20 flex max-h-[min(480px,calc(100%-96px))] w-[360px] max-w-[calc(100%-32px)] flex-col rounded-panel border border-line bg-paper shadow-float"
    >
      <header className="flex h-[40px] shrink-0 items-center justify-between border-b border-line pr-4 pl-12">
        <h2 className="font-semibold">{faults.length > 0 ? 'Mend before publishing' : warnings.length > 0 ? 'Worth a look' : 'Nothing to mend'}</h2>
        <IconButton label="Close" onClick={() => store.getState().set({ mending: false })}>
          <X size={15} aria-hidden />
        </IconButton>
      </header>
      <div className="min-h-0 overflow-y-auto">
        <FaultList faults={faults} tone="fault" />
        <FaultList faults={warnings} tone="warning" />
      </div>
    </section>
  );
}
