/** Over the canvas: where you are, whether it is saved, what is to be mended, test and publish. */
import clsx from 'clsx';
import { ChevronDown, CircleAlert, CloudOff, Ellipsis, Play } from 'lucide-react';
import { TopBar } from '../shell/top-bar.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
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
          {save.own ? 'You saved too, elsewhere' : `${save.by ?? 'Somebody else'} saved too`}
          {save.at && <Ago at={save.at} />}: choose
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

const noStep = 'There is no step yet';

function TestMenu() {
  const { test } = useActions();
  const { may, store } = useBuilder();
  const only = usePick((state) => {
    const id = onlySelected(state);
    return id === startId ? null : id;
  });
  const empty = usePick((state) => state.definition.nodes.length === 0);
  const why = !may.run ? 'Your role cannot start runs' : empty ? noStep : null;
  const whyNoStep = why ?? (only === null ? 'Select a step first' : null);
  return (
    <div className="flex">
      <Button className="rounded-r-none border-r-0" why={why} onClick={() => test({})}>
        <Play size={13} aria-hidden />
        Test
      </Button>
      <Menu
        label="More ways to test"
        icon
        className="rounded-l-none"
        entries={[
          { label: 'All steps', keys: 'mod+Enter', why, onChoose: () => test({}) },
          { label: 'Up to the selected step', why: whyNoStep, onChoose: () => only !== null && test({ upTo: only }) },
          { label: 'The selected step alone', why: whyNoStep, onChoose: () => only !== null && test({ only }) },
          'line',
          { label: 'Choose the input', why, onChoose: () => store.getState().set({ dialog: { kind: 'run' } }) },
        ]}
      >
        <ChevronDown size={14} aria-hidden />
      </Menu>
    </div>
  );
}

/** `publishWhy`: why it cannot be published. */
function MoreMenu({ phone, publishWhy }: { phone: boolean; publishWhy: string | null }) {
  const { store, may } = useBuilder();
  const { tidy, fit, test } = useActions();
  const empty = usePick((state) => state.definition.nodes.length === 0);
  const readOnly = usePick((state) => state.readOnly);
  return (
    <Menu
      label="More"
      icon
      kind="quiet"
      entries={[
        // What a wider screen has in the bar; a draft is tried and published from a phone too, only not drawn.
        ...(phone
          ? ([
              { label: 'Test all steps', why: !may.run ? 'Your role cannot start runs' : empty ? noStep : null, onChoose: () => test({}) },
              { label: 'Publish', why: publishWhy, onChoose: () => store.getState().set({ dialog: { kind: 'publish' } }) },
              'line',
            ] as const)
          : []),
        { label: 'Settings of the workflow', onChoose: () => store.getState().set({ dialog: { kind: 'settings' } }) },
        { label: 'Triggers and inputs', onChoose: () => store.getState().select([startId]) },
        'line',
        { label: 'Tidy', keys: 'T', why: readOnly ? 'This is view only' : null, onChoose: () => void tidy() },
        { label: 'See everything', keys: '1', onChoose: fit },
      ]}
    >
      <Ellipsis size={16} aria-hidden />
    </Menu>
  );
}

export function Bar({ phone }: { phone: boolean }) {
  const { workflow, store, may } = useBuilder();
  const published = workflow.publishedVersion;
  const empty = usePick((state) => state.definition.nodes.length === 0);
  const why = !may.publish ? 'Your role cannot publish' : empty ? noStep : null;
  // A phone changes no draft; what another screen or a template left unpublished can go out from it all the same.
  const offers = phone ? why === null && (published === null || workflow.draftChanged) : true;
  return (
    <TopBar
      crumbs={[
        { label: 'Workflows', to: '/workflows' },
        { label: workflow.name, to: `/workflows/${workflow.id}` },
        { label: phone ? workflow.name : 'Edit' },
      ]}
    >
      <span role="status" className={clsx('text-12', phone ? offers && 'sr-only' : 'max-wide:hidden')}>
        <SaveWords />
      </span>
      <span className="text-12 text-muted max-wide:hidden">{published === null ? 'Never published' : `Version ${published} is live`}</span>
      <MendButton />
      {!phone && <TestMenu />}
      {offers && (
        <Button kind="main" why={why} onClick={() => store.getState().set({ dialog: { kind: 'publish' } })}>
          Publish
        </Button>
      )}
      <MoreMenu phone={phone} publishWhy={why} />
    </TopBar>
  );
}
