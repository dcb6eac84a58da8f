/** Gallery: every component in every state. What is not here is not part of the design. */
import { useState } from 'react';
import { TopBar } from '../../shell/top-bar.tsx';
import { Button, type ButtonKind, IconButton } from '../../ui/button.tsx';
import { ValueView } from '../../ui/code-view.tsx';
import { Field, Input, Select, Textarea } from '../../ui/field.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Empty, Fault, NoPermission, Partial, SkeletonRows } from '../../ui/page-states.tsx';
import { CountStrip, RunStrip } from '../../ui/run-strip.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { StateLabel, states } from '../../ui/state.tsx';
import { Money } from '../../ui/time.tsx';
import { showToast } from '../../ui/toast.tsx';
import { Plus } from 'lucide-react';

export const meta = () => [{ title: 'Components' }];

const rows = Array.from({ length: 120 }, (_, index) => ({
  id: index,
  text: `Review ${index}: works as described, arrived a day late`,
  score: ((index * 7) % 5) + 1,
  tags: ['late', 'good'],
}));

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="flex flex-col gap-12 border-b border-line py-24">
      <h2 className="text-15 font-semibold">{title}</h2>
      {children}
    </section>
  );
}

export default function Gallery() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <TopBar crumbs={[{ label: 'Components' }]} />
      <div className="flex flex-col px-16 wide:px-24">
        <Group title="States">
          <div className="flex flex-wrap gap-24">
            {states.map((state) => (
              <StateLabel key={state} state={state} />
            ))}
          </div>
        </Group>
        <Group title="Run strip">
          <RunStrip
            label="Example"
            lengthMs={1000}
            parts={states.map((state, index) => ({
              id: state,
              label: state,
              state,
              startMs: index * 100,
              endMs: state === 'running' ? null : index * 100 + 95,
            }))}
          />
          <CountStrip
            label="Example of shares"
            counts={[
              { state: 'completed', count: 12 },
              { state: 'failed', count: 2 },
              { state: 'queued', count: 4 },
            ]}
          />
        </Group>
        <Group title="Buttons">
          <div className="flex flex-wrap gap-8">
            {(['main', 'plain', 'quiet', 'danger'] as ButtonKind[]).map((kind) => (
              <Button key={kind} kind={kind}>
                Publish version 7
              </Button>
            ))}
            <Button kind="main" why="It has no published version yet">
              Run
            </Button>
            <IconButton label="Add">
              <Plus size={16} aria-hidden />
            </IconButton>
            <Kbd keys="mod+K" />
          </div>
        </Group>
        <Group title="Fields">
          <div className="grid max-w-[720px] grid-cols-2 gap-16 max-wide:grid-cols-1">
            <Field label="Name" help="Who or what uses it.">
              <Input defaultValue="ci" />
            </Field>
            <Field label="E-mail" error="This is not an e-mail address.">
              <Input defaultValue="ada@" />
            </Field>
            <Field label="Role" optional>
              <Select>
                <option>Editor</option>
              </Select>
            </Field>
            <Field label="Value">
              <Textarea code rows={3} defaultValue={'{ "region": "eu" }'} />
            </Field>
          </div>
        </Group>
        <Group title="Figures">
          <p className="flex gap-24">
            <Money usd={0} />
            <Money usd={0.0042} />
            <Money usd={12.4} />
            <Money usd={null} />
          </p>
        </Group>
        <Group title="Values">
          <ValueView label="Rows" value={rows} />
          <ValueView label="Object" value={{ ok: true, none: null, deep: { list: [1, 2, { text: 'x'.repeat(600) }] } }} />
        </Group>
        <Group title="Floating">
          <div className="flex gap-8">
            <Button onClick={() => setOpen(true)}>Open a sheet</Button>
            <Button onClick={() => showToast({ text: 'Variable REGION deleted', undo: () => showToast({ text: 'It is back' }) })}>
              Show a toast
            </Button>
          </div>
          <Sheet open={open} onClose={() => setOpen(false)} title="A sheet">
            Content
          </Sheet>
        </Group>
        <Group title="Page states">
          <Partial>The last runs of some workflows could not be read.</Partial>
          <Empty title="No workflow yet">A workflow reads data, asks a model, decides and gives results.</Empty>
          <Fault
            title="The hub could not answer"
            why="The database does not answer."
            remedy="Try again in a moment."
            code="database.unavailable"
            requestId="req-7f2a"
            retry
          />
          <NoPermission what="the audit log" need="audit.read" />
          <SkeletonRows rows={3} />
        </Group>
      </div>
    </>
  );
}
