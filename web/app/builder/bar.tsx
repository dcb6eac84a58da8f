/** Over the canvas: where you are, whether it is saved, what is to be mended, test and publish. */
import { CircleAlert, CloudOff, Ellipsis, Play } from 'lucide-react';
import { Menu } from '@base-ui/react/menu';
import { TopBar } from '../shell/top-bar.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { Ago } from '../ui/time.tsx';
import { useActions } from './actions.ts';
import { useBuilder, usePick } from './context.tsx';
import { onlySelected } from './model/store.ts';
import { startId } from './model/graph.ts';

function SaveWords() {
  const { saving, store } = useBuilder();
  const save = usePick((state) => state.save);
  const readOnly = usePick((state) => state.readOnly);
  if (readOnly) return <span className="text-muted">View only</span>;
  switch (save.kind) {
    case 'saved':
      return <span className="text-muted">Saved</span>;
    case 'dirty':
    case 'saving':
      return <span className="text-muted">Saving</span>;
    case 'offline':
      return (
        <button type="button" className="flex items-center gap-4 text-waiting-text hover:underline" onClick={() => saving.retry()}>
          <CloudOff size={14} aria-hidden />
          Not saved: no connection
        </button>
      );
    case 'refused':
      return (
        <button type="button" className="max-w-[280px] truncate text-failed-text hover:underline" title={save.why} onClick={() => saving.retry()}>
          Not saved: {save.why}
        </button>
      );
    case 'conflict':
      return (
        <button
          type="button"
          className="flex items-center gap-4 text-failed-text hover:underline"
          onClick={() => store.getState().set({ dialog: { kind: 'theirs' } })}
        >
          {save.by ?? 'Somebody else'} saved too{save.at && <Ago at={save.at} />}: choose
        </button>
      );
  }
}

function MendButton() {
  const { store } = useBuilder();
  const count = usePick((state) => state.faults.length);
  const warnings = usePick((state) => state.warnings.length);
  const mending = usePick((state) => state.mending);
  const empty = usePick((state) => state.definition.nodes.length === 0);
  if (count + warnings === 0 || empty) return null;
  return (
    <button
      type="button"
      aria-expanded={mending}
      className={buttonClass('quiet')}
      onClick={() => store.getState().set({ mending: !mending, picking: null })}
    >
      <CircleAlert size={14} aria-hidden className={count > 0 ? 'text-failed' : 'text-waiting'} />
      <span className="tabular">{count > 0 ? `${count} to mend` : `${warnings} to look at`}</span>
    </button>
  );
}

const item =
  'flex h-[32px] cursor-pointer items-center justify-between gap-24 rounded-control px-8 outline-none data-highlighted:bg-hover data-disabled:text-faint';

function TestMenu() {
  const { test } = useActions();
  const { may, store } = useBuilder();
  const only = usePick((state) => {
    const id = onlySelected(state);
    return id === startId ? null : id;
  });
  const empty = usePick((state) => state.definition.nodes.length === 0);
  const why = !may.run ? 'Your role cannot start runs' : empty ? 'There is no step yet' : null;
  return (
    <div className="flex">
      <Button className="rounded-r-none border-r-0" why={why} onClick={() => test({})}>
        <Play size={13} aria-hidden />
        Test
      </Button>
      <Menu.Root>
        <Menu.Trigger aria-label="More ways to test" className={`${buttonClass('plain', true)} rounded-l-none`} disabled={why !== null}>
          <Ellipsis size={14} aria-hidden />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={4} className="z-50">
            <Menu.Popup className="w-[260px] rounded-panel border border-line bg-paper p-4 shadow-float outline-none">
              <Menu.Item className={item} onClick={() => test({})}>
                All steps
              </Menu.Item>
              <Menu.Item className={item} disabled={only === null} onClick={() => only !== null && test({ upTo: only })}>
                Up to the selected step
              </Menu.Item>
              <Menu.Item className={item} disabled={only === null} onClick={() => only !== null && test({ only })}>
                The selected step alone
              </Menu.Item>
              <Menu.Separator className="my-4 h-px bg-line" />
              <Menu.Item className={item} onClick={() => store.getState().set({ dialog: { kind: 'run' } })}>
                Choose the input
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  );
}

function MoreMenu() {
  const { store } = useBuilder();
  const { tidy, fit } = useActions();
  const readOnly = usePick((state) => state.readOnly);
  return (
    <Menu.Root>
      <Menu.Trigger aria-label="More" className={buttonClass('quiet', true)}>
        <Ellipsis size={16} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className="z-50">
          <Menu.Popup className="w-[220px] rounded-panel border border-line bg-paper p-4 shadow-float outline-none">
            <Menu.Item className={item} onClick={() => store.getState().set({ dialog: { kind: 'settings' } })}>
              Settings of the workflow
            </Menu.Item>
            <Menu.Item className={item} onClick={() => store.getState().select([startId])}>
              Triggers and inputs
            </Menu.Item>
            <Menu.Separator className="my-4 h-px bg-line" />
            <Menu.Item className={item} disabled={readOnly} onClick={() => void tidy()}>
              Tidy
            </Menu.Item>
            <Menu.Item className={item} onClick={fit}>
              See everything
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

export function Bar({ phone }: { phone: boolean }) {
  const { workflow, store, may } = useBuilder();
  const published = workflow.publishedVersion;
  const empty = usePick((state) => state.definition.nodes.length === 0);
  const why = !may.publish ? 'Your role cannot publish' : empty ? 'There is no step yet' : null;
  return (
    <TopBar
      crumbs={[
        { label: 'Workflows', to: '/workflows' },
        { label: workflow.name, to: `/workflows/${workflow.id}` },
        { label: phone ? workflow.name : 'Edit' },
      ]}
    >
      <span role="status" className="text-12 max-wide:hidden">
        <SaveWords />
      </span>
      <span className="text-12 text-muted max-wide:hidden">{published === null ? 'Never published' : `Version ${published} is live`}</span>
      <MendButton />
      {!phone && <TestMenu />}
      {!phone && (
        <Button kind="main" why={why} onClick={() => store.getState().set({ dialog: { kind: 'publish' } })}>
          Publish
        </Button>
      )}
      <MoreMenu />
    </TopBar>
  );
}
