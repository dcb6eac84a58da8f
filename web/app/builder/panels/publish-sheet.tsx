/** Publish: what the server would refuse, what changes against the published version, a note. */
import type { VersionDiff, Workflow } from '@hub/contract';
import { type Fault, sameJson } from '@hub/dag';
import { useEffect, useState } from 'react';
import { useNavigate, useRevalidator } from 'react-router';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Field, Textarea } from '../../ui/field.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { type AnswerFor, ApiFault } from '../api.ts';
import { type Builder, useBuilder, usePick } from '../context.tsx';
import { FaultList } from './mending.tsx';

type Checked = AnswerFor<'validateWorkflow'>;
type Published = AnswerFor<'publishWorkflow'>;

interface Look {
  /** Of the draft that was looked at: it is what is published, and no other. */
  revision: number;
  /** It is not what stands on the canvas: it was saved elsewhere since. */
  isOther: boolean;
  checked: Checked;
  diff: VersionDiff | null;
}

/** Saves, then asks the server what publishing would say and what differs. */
async function look({ saving, store, call, workflow }: Builder): Promise<Look | string> {
  if (!(await saving.flush())) return 'The draft could not be saved, so it cannot be published. See beside the name of the workflow.';
  try {
    const published = workflow.publishedVersion;
    const { revision, definition } = await call<Workflow>('GET', `/workflows/${workflow.id}`);
    const isOther = !sameJson(definition, store.getState().definition);
    const [checked, diff] = await Promise.all([
      call<Checked>('POST', `/workflows/${workflow.id}/validate`, { body: {} }),
      published === null ? null : call<VersionDiff>('GET', `/workflows/${workflow.id}/versions/draft/diff?against=${published}`).catch(() => null),
    ]);
    return { revision, isOther, checked, diff };
  } catch (error) {
    return error instanceof ApiFault ? error.problem.detail : 'The server could not be reached.';
  }
}

function Line({ sign, children }: { sign: '+' | '−' | '~'; children: React.ReactNode }) {
  return (
    <li className="flex gap-8">
      <span aria-hidden className="w-12 shrink-0 text-center font-mono text-muted">
        {sign}
      </span>
      <span className="min-w-0 break-words">{children}</span>
    </li>
  );
}

function Changes({ diff }: { diff: VersionDiff }) {
  if (diff.same)
    return <p className="text-muted">Nothing that a run would notice. {diff.ui ? 'Only places and notes on the canvas changed.' : ''}</p>;
  const { nodes, edges, triggers, settings, inputs } = diff;
  return (
    <ul className="flex flex-col gap-4">
      {nodes.added.map(({ id, label }) => (
        <Line key={`+${id}`} sign="+">
          <span className="font-medium">{label || id}</span>
        </Line>
      ))}
      {nodes.removed.map(({ id, label }) => (
        <Line key={`-${id}`} sign="−">
          <span className="font-medium line-through">{label || id}</span>
        </Line>
      ))}
      {nodes.changed.map(({ id, label, fields }) => (
        <Line key={`~${id}`} sign="~">
          <span className="font-medium">{label || id}</span>{' '}
          <span className="text-muted">{fields.map(({ name }) => name.replace(/^config\./, '')).join(', ')}</span>
        </Line>
      ))}
      {edges.added.length + edges.removed.length > 0 && (
        <Line sign="~">
          Connections{' '}
          <span className="text-muted">
            {[edges.added.length > 0 && `${edges.added.length} new`, edges.removed.length > 0 && `${edges.removed.length} gone`]
              .filter(Boolean)
              .join(', ')}
          </span>
        </Line>
      )}
      {[
        ...triggers.added.map((id) => ['+', id] as const),
        ...triggers.removed.map((id) => ['−', id] as const),
        ...triggers.changed.map(({ id }) => ['~', id] as const),
      ].map(([sign, id]) => (
        <Line key={`t${sign}${id}`} sign={sign}>
          Trigger <span className="text-muted">{id}</span>
        </Line>
      ))}
      {inputs && <Line sign="~">Inputs</Line>}
      {settings.length > 0 && (
        <Line sign="~">
          Settings <span className="text-muted">{settings.map(({ name }) => name).join(', ')}</span>
        </Line>
      )}
    </ul>
  );
}

function Done({ published }: { published: Published }) {
  const broken = useBroken();
  return (
    <div className="flex flex-col gap-16">
      <p role="status" className="text-15 font-medium">
        Version {published.version} is live.
      </p>
      {broken !== null && <p>The run that failed can go on with it from where it stopped: what it finished is kept and not paid again.</p>}
      {published.urls && published.urls.length > 0 && (
        <section className="flex flex-col gap-8">
          <h3 className="font-semibold">Addresses made by this version</h3>
          <p className="text-muted">The address of a webhook is shown here only. Keep it now; a new one can be made later.</p>
          <ul className="flex flex-col gap-8">
            {published.urls.map(({ triggerId, url }) => (
              <li key={triggerId} className="flex items-center gap-8 rounded-panel border border-line bg-sunk px-12 py-8">
                <span className="min-w-0 flex-1 font-mono text-12 break-all">{url}</span>
                <CopyButton text={url} label={`Copy the address of ${triggerId}`} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** The run shown on the canvas, where it broke: it can go on with what is published. */
function useBroken(): string | null {
  return usePick(({ run }) => (run && !run.draft && (run.state === 'failed' || run.state === 'timed_out') ? run.id : null));
}

/** What comes next: run it, or let a run that broke, shown while its workflow was mended, go on with what was published. */
function DoneFoot({ onClose }: { onClose: () => void }) {
  const { workflow } = useBuilder();
  const navigate = useNavigate();
  const broken = useBroken();
  const readOnly = usePick((state) => state.readOnly);
  const runIt = (): void => void navigate(`/workflows/${workflow.id}/start`);
  return (
    <>
      <Button onClick={onClose}>{readOnly ? 'Close' : 'Go on editing'}</Button>
      <Button kind={broken === null ? 'main' : 'plain'} onClick={runIt}>
        Run it
      </Button>
      {broken !== null && (
        <Button kind="main" onClick={() => void navigate(`/runs/${broken}?continue=`)}>
          Continue the run
        </Button>
      )}
    </>
  );
}

function Alert({ children }: { children: string }) {
  return (
    <p role="alert" className="text-failed-text">
      {children}
    </p>
  );
}

export function PublishSheet({ onClose }: { onClose: () => void }) {
  const builder = useBuilder();
  const { workflow, call, store, may } = builder;
  const [found, setFound] = useState<Look | string | null>(null);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Published | null>(null);
  const revalidator = useRevalidator();
  useEffect(() => {
    let gone = false;
    const read = async (): Promise<void> => {
      const next = await look(builder);
      if (!gone) setFound(next);
    };
    void read();
    return () => {
      gone = true;
    };
  }, [builder]);
  const ready = found !== null && typeof found !== 'string';
  const errors = ready ? (found.checked.errors as Fault[]) : [];
  const next = (workflow.publishedVersion ?? 0) + 1;
  const why =
    found === null
      ? 'Checking'
      : typeof found === 'string'
        ? found
        : errors.length > 0
          ? 'Mend the steps below first'
          : busy
            ? 'Publishing'
            : may.publish
              ? null
              : 'Your role cannot publish';
  const publish = async ({ revision }: Look): Promise<void> => {
    setBusy(true);
    try {
      const body = { note: note.trim() === '' ? null : note.trim() };
      setDone(await call<Published>('POST', `/workflows/${workflow.id}/publish`, { body, ifMatch: revision }));
      void revalidator.revalidate();
    } catch (error) {
      const problem = error instanceof ApiFault ? error.problem : null;
      // Saved since: what would go out is not what was looked at.
      const isStale = problem?.status === 412;
      setFound(isStale ? await look(builder) : (problem?.detail ?? 'The server could not be reached. Nothing was published.'));
      if (problem && !isStale && problem.errors.length > 0) store.getState().set({ mending: true });
    }
    setBusy(false);
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title={done ? 'Published' : `Publish version ${next}`}
      foot={
        done ? (
          <DoneFoot onClose={onClose} />
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="main" why={why} onClick={() => ready && void publish(found)}>
              Publish version {next}
            </Button>
          </>
        )
      }
    >
      {done ? (
        <Done published={done} />
      ) : (
        <div className="flex flex-col gap-24">
          {typeof found === 'string' && <Alert>{found}</Alert>}
          {ready && found.isOther && (
            <Alert>
              The draft was saved on another page since you opened it here. Below is what would be published: it is not what stands on this canvas.
            </Alert>
          )}
          {errors.length > 0 && (
            <section className="flex flex-col gap-8">
              <h3 className="font-semibold text-failed-text">
                {errors.length === 1 ? 'One thing must be mended' : `${errors.length} things must be mended`}
              </h3>
              <div className="rounded-panel border border-line">
                <FaultList faults={errors} tone="fault" onShow={onClose} />
              </div>
            </section>
          )}
          {ready && found.checked.warnings.length > 0 && (
            <section className="flex flex-col gap-8">
              <h3 className="font-semibold">Worth a look</h3>
              <div className="rounded-panel border border-line">
                <FaultList faults={found.checked.warnings as Fault[]} tone="warning" onShow={onClose} />
              </div>
            </section>
          )}
          <Field label="What changed" optional help="For the history: what this version does that the one before did not.">
            <Textarea rows={3} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
          </Field>
          <section className="flex flex-col gap-8">
            <h3 className="font-semibold">
              {workflow.publishedVersion === null ? 'The first version' : `Against version ${workflow.publishedVersion}`}
            </h3>
            {found === null ? (
              <span aria-hidden className="skeleton after-blink h-[96px]" />
            ) : ready && found.diff ? (
              <Changes diff={found.diff} />
            ) : (
              <p className="text-muted">
                {workflow.publishedVersion === null
                  ? 'Publishing makes the workflow active: its triggers start firing and it can be run.'
                  : 'The difference could not be read.'}
              </p>
            )}
          </section>
        </div>
      )}
    </Sheet>
  );
}
