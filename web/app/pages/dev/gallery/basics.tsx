import { Copy, Ellipsis, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../../../ui/badge.tsx';
import { Button, type ButtonKind, IconButton, LinkButton } from '../../../ui/button.tsx';
import { ConfirmByName } from '../../../ui/confirm-by-name.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Kbd } from '../../../ui/kbd.tsx';
import { ContextMenu, Menu, type MenuEntry } from '../../../ui/menu.tsx';
import { Panels } from '../../../ui/panels.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { StateLabel, states } from '../../../ui/state.tsx';
import { Money } from '../../../ui/time.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { Tooltip } from '../../../ui/tooltip.tsx';
import { Part } from './part.tsx';

export function Buttons() {
  return (
    <Part id="buttons" title="Buttons">
      <div className="flex flex-wrap items-center gap-8">
        {(['main', 'plain', 'quiet', 'danger'] as ButtonKind[]).map((kind) => (
          <Button key={kind} kind={kind}>
            Publish version 7
          </Button>
        ))}
        <Button kind="main" why="It has no published version yet">
          Run
        </Button>
        <LinkButton to="/dev/ui">A link</LinkButton>
        <IconButton label="Add">
          <Plus size={16} aria-hidden />
        </IconButton>
        <Kbd keys="mod+K" />
      </div>
    </Part>
  );
}

export function States() {
  return (
    <Part id="states" title="States, badges, figures">
      <div className="flex flex-wrap gap-24">
        {states.map((state) => (
          <StateLabel key={state} state={state} />
        ))}
      </div>
      <div className="flex flex-wrap items-center gap-8">
        <Badge>Draft</Badge>
        <Badge tone="strong">Version 7</Badge>
        <Badge tone="failed">3 faults</Badge>
        <Badge tone="waiting">Waits for you</Badge>
        <Badge className="max-w-[120px]">
          <span className="truncate">a tag with a very long name indeed</span>
        </Badge>
      </div>
      <p className="flex gap-24">
        <Money usd={0} />
        <Money usd={0.0042} />
        <Money usd={12.4} />
        <Money usd={null} />
      </p>
    </Part>
  );
}

const entries: MenuEntry[] = [
  { label: 'Rename', icon: <Pencil size={14} aria-hidden />, keys: 'F2', onChoose: () => showToast({ text: 'Rename' }) },
  { label: 'Duplicate', icon: <Copy size={14} aria-hidden />, keys: 'mod+D', onChoose: () => showToast({ text: 'Duplicated' }) },
  { label: 'Export', why: 'It has no published version yet', onChoose: () => undefined },
  'line',
  { label: 'Delete', icon: <Trash2 size={14} aria-hidden />, danger: true, onChoose: () => showToast({ text: 'Deleted', undo: () => undefined }) },
];

export function Floating() {
  const [sheet, setSheet] = useState(false);
  const [dialog, setDialog] = useState(false);
  const [sure, setSure] = useState(false);
  const [tab, setTab] = useState('parameters');
  return (
    <Part id="floating" title="Menus, dialogs, toasts, tabs">
      <div className="flex flex-wrap items-center gap-8">
        <Menu label="Actions" entries={entries} />
        <Menu label="More actions" icon kind="quiet" entries={entries}>
          <Ellipsis size={16} aria-hidden />
        </Menu>
        <Popover label="Columns" button="Columns">
          {(close) => (
            <div className="flex flex-col gap-8">
              <p>What the panel holds.</p>
              <Button onClick={close}>Close</Button>
            </div>
          )}
        </Popover>
        <Button onClick={() => setSheet(true)}>Open a sheet</Button>
        <Button onClick={() => setDialog(true)}>Open a dialog</Button>
        <Button kind="danger" onClick={() => setSure(true)}>
          Delete the workflow
        </Button>
        <Button onClick={() => showToast({ text: 'Variable REGION deleted', undo: () => showToast({ text: 'It is back' }) })}>Show a toast</Button>
        <Button onClick={() => showToast({ text: 'The run was not started', more: 'Its workflow is paused.', tone: 'failed' })}>Show a fault</Button>
        <Tooltip text="Says more about what is there.">
          <Button>With a tooltip</Button>
        </Tooltip>
      </div>
      <ContextMenu entries={entries}>
        <div className="rounded-panel border border-dashed border-line-strong p-16 text-muted">Right click here</div>
      </ContextMenu>
      <div className="flex h-[120px] rounded-panel border border-line">
        <Panels
          label="Inspector"
          value={tab}
          onChange={setTab}
          tabs={[
            { value: 'input', label: 'Input' },
            { value: 'parameters', label: 'Parameters', fault: true },
            { value: 'output', label: 'Output', count: 12 },
          ]}
        >
          <p className="p-12 text-muted">The part "{tab}"</p>
        </Panels>
      </div>
      <Sheet open={sheet} onClose={() => setSheet(false)} title="A sheet">
        Content
      </Sheet>
      <Dialog open={dialog} onClose={() => setDialog(false)} title="Restore version 3" foot={<Button kind="main">Restore version 3</Button>}>
        Its definition becomes the draft. The published version stays as it is.
      </Dialog>
      <ConfirmByName
        what="the workflow"
        name={sure ? 'Support triage' : null}
        loss="Its 120 runs and their outputs go with it."
        onClose={() => setSure(false)}
        onConfirm={() => setSure(false)}
      />
    </Part>
  );
}
