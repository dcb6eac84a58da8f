/** The open builder: top bar, canvas, picker, inspector, what is to be mended, dialogs. Drawn in the browser only. */
import type { Workflow } from '@hub/contract';
import type { Definition } from '@hub/dag';
import { ReactFlowProvider } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { usePageActions } from '../shell/page-actions.ts';
import { showToast } from '../ui/toast.tsx';
import { type ActionOptions, ActionsProvider, createActions, type Flow } from './actions.ts';
import { createCall } from './api.ts';
import { Bar } from './bar.tsx';
import { Canvas, type CanvasProps } from './canvas/canvas.tsx';
import { ChosenBar } from './canvas/chosen-bar.tsx';
import { useHolding } from './canvas/handlers.ts';
import { CanvasMap } from './canvas/map.tsx';
import { Tools } from './canvas/tools.tsx';
import { type Builder as BuilderValue, BuilderProvider, usePick } from './context.tsx';
import { useBuilderKeys } from './keys.ts';
import { useLibrary } from './library.ts';
import { startId } from './model/graph.ts';
import { labelOf } from './model/words.ts';
import type { Size } from './model/first-view.ts';
import type { Place } from './model/size.ts';
import { createBuilder, onlySelected } from './model/store.ts';
import { Dialogs } from './panels/dialogs.tsx';
import { Dock } from './panels/dock.tsx';
import { dockIsOpen, dockOpenKey } from './panels/dock-size.ts';
import { Inspector } from './panels/inspector.tsx';
import { Mending } from './panels/mending.tsx';
import { Picker } from './panels/picker.tsx';
import { RunChip } from './panels/run-chip.tsx';
import { useStartTest } from './start-test.ts';
import { useCheck } from './use-check.ts';
import { useRounds } from './use-rounds.ts';
import { useRunOverlay } from './use-run.ts';
import { openDraft, useSaving } from './use-saving.ts';
import type { Json } from '../ui/json-path.ts';

export interface BuilderProps {
  workflow: Omit<Workflow, 'definition'>;
  definition: Definition;
  fallback: Record<string, Place>;
  /** Places from top to bottom, where the server knew that the screen is narrow. */
  upright: Record<string, Place> | null;
  pins: Record<string, Json>;
  csrfToken: string;
  /** The person's id; null for who is none. */
  me: string | null;
  may: BuilderValue['may'];
  phone: boolean;
  /** Of the canvas, as the picture before it was drawn. */
  size: Size;
}

function useStore({ workflow, definition, fallback, upright, pins, may, phone }: BuilderProps) {
  const [opened] = useState(() => {
    const opening = openDraft(workflow.id, { definition, revision: workflow.revision }, may.write);
    const store = createBuilder({ definition: opening.definition, fallback, upright: phone ? upright : null, pins, readOnly: phone || !may.write });
    if (opening.backup) store.getState().replace(opening.backup);
    return { store, opening };
  });
  const { store, opening } = opened;
  const { backup } = opening;
  useEffect(() => {
    store.temporal.getState().clear();
    if (backup) showToast({ text: 'Changes that were not saved are back', more: 'They were kept in this browser.' });
  }, [store, backup]);
  useEffect(() => {
    store.setState({ readOnly: phone || !may.write });
    if (!phone) store.setState({ upright: null });
    else if (store.getState().upright === null)
      void import('./model/layout.ts').then(({ tidy }) => store.setState({ upright: tidy(store.getState().definition, 'tall') }));
  }, [store, phone, may.write]);
  return opened;
}

/** The address with the run that is shown on the canvas. */
function withRun(now: URLSearchParams, id: string | null): URLSearchParams {
  const next = new URLSearchParams(now);
  if (id === null) next.delete('run');
  else next.set('run', id);
  return next;
}

export function Builder(props: BuilderProps) {
  const { workflow, csrfToken, me, may, phone } = props;
  const [search, setSearch] = useSearchParams();
  const { store, opening } = useStore(props);
  const call = useMemo(() => createCall(csrfToken), [csrfToken]);
  const saving = useSaving(store, call, { id: workflow.id, me, opening });
  const { library, again: readLibrary } = useLibrary(call);
  const flow = useRef<Flow | null>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const showRun = useCallback((id: string | null) => setSearch((now) => withRun(now, id), { replace: true, preventScrollReset: true }), [setSearch]);
  useCheck(store);
  useRunOverlay(store, call, search.get('run'));
  useRounds(store, call);
  const [dock, setDock] = useDock();
  const builder = useMemo<BuilderValue>(
    () => ({ store, saving, call, library, readLibrary, workflow, may }),
    [store, saving, call, library, readLibrary, workflow, may],
  );
  const startTest = useStartTest(builder, showRun);
  const test = useRef(startTest);
  useEffect(() => {
    test.current = startTest;
  }, [startTest]);
  const [actions] = useState(() => {
    const options: ActionOptions = {
      store,
      flow: () => flow.current,
      box: () => canvas.current?.getBoundingClientRect() ?? null,
      focusCanvas: () => canvas.current?.focus({ preventScroll: true }),
      test: (scope) => test.current(scope),
      save: () => void saving.flush(),
    };
    return createActions(options);
  });
  const hold = useHolding(store);
  const [asked] = useState(() => ({ node: search.get('node'), field: search.get('field') }));
  useEffect(() => {
    const { definition, set } = store.getState();
    if (asked.node === null || !definition.nodes.some(({ id }) => id === asked.node)) return;
    const { node } = asked;
    actions.show(node, 'parameters');
    if (asked.field) set({ seek: { nodeId: node, pointer: asked.field } });
    // The canvas is there some frames after the page.
    let frame = 0;
    const look = (): void => {
      if (flow.current) actions.reveal(node);
      else frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [store, actions, asked]);
  useBuilderKeys({ store, actions, canvas: useCallback(() => canvas.current, []), focusInspector });
  const { readOnly } = store.getState();
  usePageActions([
    { label: 'Test the workflow', keys: 'mod+Enter', why: may.run ? null : 'Your role cannot start runs', run: () => actions.test({}) },
    { label: 'Publish', why: may.publish ? null : 'Your role cannot publish', run: () => store.getState().set({ dialog: { kind: 'publish' } }) },
    { label: 'See all steps', keys: '1', run: actions.fit },
    { label: 'Find a step', keys: '/', run: () => store.getState().set({ dialog: { kind: 'find' }, picking: null }) },
    ...(readOnly
      ? []
      : [
          { label: 'Add a step', keys: 'n', run: actions.pick },
          { label: 'Add a note', keys: 'shift+S', run: actions.addNote },
          { label: 'Tidy the canvas', keys: 't', run: () => void actions.tidy() },
          { label: 'Rename the step', keys: 'F2', run: () => actions.startRenaming() },
          { label: 'Group the chosen steps, or take the group away', keys: 'mod+G', run: actions.group },
          { label: 'Connect the step', keys: 'l', run: actions.connect },
          { label: 'Duplicate the step', keys: 'd', run: actions.duplicate },
          { label: 'Disable or enable the step', keys: 'x', run: () => actions.toggleDisabled() },
          { label: 'Undo', keys: 'mod+Z', run: actions.undo },
          { label: 'Redo', keys: 'mod+shift+Z', run: actions.redo },
          { label: 'Save now', keys: 'mod+S', run: actions.save },
        ]),
    { label: dock ? 'Fold the data' : 'Show the data of the chosen step', keys: 'o', run: () => setDock(!dock) },
    { label: 'Open the triggers and inputs', run: () => actions.show(startId) },
    { label: 'Open the settings of the workflow', run: () => store.getState().set({ dialog: { kind: 'settings' } }) },
  ]);
  return (
    <BuilderProvider value={builder}>
      <ActionsProvider value={actions}>
        <ReactFlowProvider>
          <Bar phone={phone} />
          <div className="group/stage relative flex min-h-0 flex-1 flex-col overflow-hidden bg-sunk">
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the canvas takes keys: arrows walk it, N adds, Enter opens (role application) */}
            <div
              ref={canvas}
              tabIndex={0}
              role="application"
              aria-label={`Canvas of ${workflow.name}`}
              aria-describedby="canvas-now"
              onPointerDownCapture={hold}
              className="builder-canvas relative min-h-0 min-w-0 flex-1"
            >
              <Stage flow={flow} phone={phone} size={props.size} />
              {!phone && <Overview />}
              <Now />
              <Tools phone={phone} />
              <ChosenBar />
              <RunChip onClose={() => showRun(null)} />
              <Floating />
            </div>
            {!phone && <Dock open={dock} onOpen={setDock} />}
            <Inspector phone={phone} />
          </div>
          <Dialogs onRun={showRun} />
        </ReactFlowProvider>
      </ActionsProvider>
    </BuilderProvider>
  );
}

/** The canvas, once it is known which way the graph runs. */
function Stage(props: CanvasProps) {
  const upright = usePick((state) => state.upright !== null);
  return props.phone === upright ? <Canvas key={String(upright)} {...props} /> : null;
}

/** Whether the data dock is open, as it was left. */
function useDock(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(dockIsOpen);
  const set = (next: boolean): void => {
    setOpen(next);
    try {
      localStorage.setItem(dockOpenKey, next ? 'yes' : 'no');
    } catch {
      // Remembered until the page goes.
    }
  };
  return [open, set];
}

function focusInspector(): void {
  const inspector = document.querySelector('[data-inspector]');
  const field = inspector?.querySelector<HTMLElement>(
    '[data-tab-body] :is(input:not([type="hidden"]), textarea, select, [contenteditable="true"], button)',
  );
  (field ?? inspector?.querySelector<HTMLElement>('[role="tab"]'))?.focus();
}

/** Says to screen readers what is selected. */
function Now() {
  const words = usePick((state) => {
    const only = onlySelected(state);
    const at = state.definition.nodes.findIndex(({ id }) => id === only);
    const node = state.definition.nodes[at];
    if (!node) return only === null ? `${state.definition.nodes.length} steps` : 'Start';
    const faults = state.faults.filter(({ nodeId }) => nodeId === node.id).length;
    return `${labelOf(node)}, step ${at + 1} of ${state.definition.nodes.length}${faults > 0 ? `, ${faults} to mend` : ''}`;
  });
  return (
    <p id="canvas-now" aria-live="polite" className="sr-only">
      {words}
    </p>
  );
}

function Overview() {
  return usePick((state) => state.definition.nodes.length > 6) ? <CanvasMap /> : null;
}

function Floating() {
  const picking = usePick((state) => state.picking);
  const mending = usePick((state) => state.mending);
  return (
    <>
      {picking && <Picker place={picking} />}
      {mending && !picking && <Mending />}
    </>
  );
}
